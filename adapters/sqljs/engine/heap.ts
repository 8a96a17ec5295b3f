/**
 * The memory of the WebAssembly instance. What `put…` hands out stays valid until {@link Heap.release}; everything read
 * is a copy.
 */
export interface Heap {
  text(pointer: number, bytes: number): string;
  bytes(pointer: number, bytes: number): Uint8Array;
  pointerAt(pointer: number): number;
  /** Writes text as UTF-8; returns its address and leaves its length in {@link Heap.length}. */
  putText(value: string): number;
  /** Writes bytes; returns their address and leaves their count in {@link Heap.length}. */
  putBytes(value: Uint8Array): number;
  /** The number of bytes that the last `put…` wrote. */
  readonly length: number;
  /** Gives everything put since the last release back. */
  release(): void;
}

/** The memory functions of sql.js. */
export interface Allocator {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
}

const FIRST = 16 << 10;
const KEEP = 1 << 20;

/** Memory handed out front to back, and all of it taken back at once: no malloc per bound value. */
export class Scratch {
  readonly #allocator: Allocator;
  readonly #retired: number[] = [];
  #start = 0;
  #end = 0;
  #next = 0;

  constructor(allocator: Allocator) {
    this.#allocator = allocator;
  }

  /** The address of at least `bytes` free bytes. */
  reserve(bytes: number): number {
    if (this.#end - this.#next < bytes) this.#grow(bytes);
    return this.#next;
  }

  /** Keeps the first `bytes` of what was reserved until the next release. */
  keep(bytes: number): void {
    this.#next += bytes;
  }

  release(): void {
    this.#next = this.#start;
    while (this.#retired.length > 0) this.#allocator._free(this.#retired.pop() ?? 0);
    if (this.#end - this.#start > KEEP) {
      this.#allocator._free(this.#start);
      this.#start = this.#end = this.#next = 0;
    }
  }

  // The old block may still be bound, so it is freed at the release only.
  #grow(bytes: number): void {
    const size = Math.max(FIRST, bytes, 2 * (this.#end - this.#start));
    const start = this.#allocator._malloc(size);
    if (start === 0) throw new RangeError(`sql.js has no memory left for ${bytes} bytes`);
    if (this.#start !== 0) this.#retired.push(this.#start);
    this.#start = this.#next = start;
    this.#end = start + size;
  }
}
