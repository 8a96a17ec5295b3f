import type { WireValue } from '../../src/port.ts';

/**
 * The messages that run one statement: Parse, Bind, Describe, Execute and Sync in one go, all values as text
 * (https://www.postgresql.org/docs/current/protocol-message-formats.html).
 */
export function statementMessage(sql: string, params: readonly WireValue[]): Uint8Array {
  const message = new MessageWriter();
  message.open('P').text('').text(sql).int16(0).close();
  message.open('B').text('').text('').int16(0).int16(params.length);
  for (const param of params) message.value(param);
  message.int16(0).close();
  message.open('D').byte('P').text('').close();
  message.open('E').text('').int32(0).close();
  message.open('S').close();
  return message.bytes();
}

const encoder = new TextEncoder();

class MessageWriter {
  #buffer = new Uint8Array(1024);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;
  #start = 0;

  open(type: string): this {
    this.byte(type);
    this.#start = this.#length;
    return this.int32(0);
  }

  /** Fills in the length, which counts itself and not the type. */
  close(): void {
    this.#view.setInt32(this.#start, this.#length - this.#start);
  }

  byte(letter: string): this {
    this.#reserve(1);
    this.#buffer[this.#length] = letter.charCodeAt(0);
    this.#length += 1;
    return this;
  }

  int16(value: number): this {
    this.#reserve(2);
    this.#view.setInt16(this.#length, value);
    this.#length += 2;
    return this;
  }

  int32(value: number): this {
    this.#reserve(4);
    this.#view.setInt32(this.#length, value);
    this.#length += 4;
    return this;
  }

  /** Text up to a zero byte. */
  text(text: string): this {
    this.#append(encoder.encode(text));
    this.#reserve(1);
    this.#buffer[this.#length] = 0;
    this.#length += 1;
    return this;
  }

  /** A parameter with its length; -1 stands for NULL. */
  value(value: WireValue): void {
    if (value === null) {
      this.int32(-1);
      return;
    }
    const bytes = encoder.encode(value instanceof Uint8Array ? hexText(value) : String(value));
    this.int32(bytes.length).#append(bytes);
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = new Uint8Array(2 * (this.#length + bytes));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}

function hexText(bytes: Uint8Array): string {
  let text = '\\x';
  for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16);
  return text;
}
