import { type Allocator, type Heap, Scratch } from './heap.ts';

// Up to this many bytes a loop over ASCII beats TextEncoder, which costs about 0.2 µs a call.
const SHORT = 32;
// For reading the limit is lower: from 13 characters on V8 links a node per character appended. At 24 characters the loop
// takes 770 ns and keeps 416 bytes, TextDecoder 260 ns and 40 bytes.
const SHORT_READ = 12;

/** The memory itself, as captured while sql.js was instantiated (or as older builds export it). */
export class WasmHeap implements Heap {
  length = 0;
  readonly #buffer: () => ArrayBufferLike;
  readonly #scratch: Scratch;
  // Without ignoreBOM a leading U+FEFF would vanish, which is what sql.js' own reader does.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #encoder = new TextEncoder();
  #bytes: Uint8Array;

  constructor(allocator: Allocator, buffer: () => ArrayBufferLike) {
    this.#scratch = new Scratch(allocator);
    this.#buffer = buffer;
    this.#bytes = new Uint8Array(buffer());
  }

  /** The whole memory. Growing detaches the old view, whose length then is 0. */
  view(): Uint8Array {
    if (this.#bytes.length === 0) this.#bytes = new Uint8Array(this.#buffer());
    return this.#bytes;
  }

  text(pointer: number, bytes: number): string {
    const memory = this.view();
    if (bytes <= SHORT_READ) {
      let text = '';
      for (let at = pointer; at < pointer + bytes; at++) {
        const byte = memory[at] ?? 0;
        if (byte > 127) return this.#decoder.decode(memory.subarray(pointer, pointer + bytes));
        text += String.fromCharCode(byte);
      }
      return text;
    }
    return this.#decoder.decode(memory.subarray(pointer, pointer + bytes));
  }

  bytes(pointer: number, bytes: number): Uint8Array {
    return this.view().slice(pointer, pointer + bytes);
  }

  pointerAt(pointer: number): number {
    const memory = this.view();
    const byte = (offset: number) => memory[pointer + offset] ?? 0;
    return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0;
  }

  putText(value: string): number {
    const pointer = this.#scratch.reserve(value.length * 3 + 1);
    const memory = this.view();
    this.length = value.length <= SHORT ? putAscii(memory, pointer, value) : -1;
    if (this.length < 0) this.length = this.#encoder.encodeInto(value, memory.subarray(pointer)).written;
    memory[pointer + this.length] = 0;
    this.#scratch.keep(this.length + 1);
    return pointer;
  }

  putBytes(value: Uint8Array): number {
    const pointer = this.#scratch.reserve(value.length + 1);
    this.view().set(value, pointer);
    this.length = value.length;
    this.#scratch.keep(value.length + 1);
    return pointer;
  }

  release(): void {
    this.#scratch.release();
  }
}

function putAscii(memory: Uint8Array, pointer: number, value: string): number {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code > 127) return -1;
    memory[pointer + index] = code;
  }
  return value.length;
}
