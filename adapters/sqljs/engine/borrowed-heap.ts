import { ConfigurationError } from '../../../src/errors.ts';
import type { Heap, Scratch } from './heap.ts';
import type { SqlJsModule, SqlJsStatement } from './sql-js-module.ts';

/**
 * The memory of a sql.js that other code initialised first, so that nobody captured it. Bytes are read by binding them
 * to `SELECT ?` of sql.js itself: slower, but exact, where its text reader loses a leading U+FEFF.
 */
export class BorrowedHeap implements Heap {
  length = 0;
  readonly #module: SqlJsModule;
  readonly #write: (bytes: Uint8Array, pointer: number) => void;
  readonly #scratch: Scratch;
  readonly #reader: SqlJsStatement;
  readonly #readerPointer: number;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #encoder = new TextEncoder();

  constructor(module: SqlJsModule, scratch: Scratch) {
    const { writeArrayToMemory } = module;
    if (writeArrayToMemory === undefined) throw unusable('it does not export its memory');
    this.#module = module;
    this.#write = writeArrayToMemory;
    this.#scratch = scratch;
    this.#reader = new module.Database().prepare('SELECT ?');
    this.#readerPointer = statementPointer(this.#reader);
  }

  text(pointer: number, bytes: number): string {
    return this.#decoder.decode(this.bytes(pointer, bytes));
  }

  bytes(pointer: number, bytes: number): Uint8Array {
    if (bytes === 0) return new Uint8Array(0);
    this.#module._sqlite3_bind_blob(this.#readerPointer, 1, pointer, bytes, 0);
    try {
      this.#reader.step();
      const value = this.#reader.get()[0];
      if (value instanceof Uint8Array) return value;
      throw unusable('its memory cannot be read');
    } finally {
      this.#reader.reset();
    }
  }

  pointerAt(pointer: number): number {
    return new DataView(this.bytes(pointer, 4).buffer).getUint32(0, true);
  }

  putText(value: string): number {
    const bytes = this.#encoder.encode(`${value}\0`);
    const pointer = this.putBytes(bytes);
    this.length = bytes.length - 1;
    return pointer;
  }

  putBytes(value: Uint8Array): number {
    const pointer = this.#scratch.reserve(value.length + 1);
    this.#write(value, pointer);
    this.length = value.length;
    this.#scratch.keep(value.length + 1);
    return pointer;
  }

  release(): void {
    this.#scratch.release();
  }
}

// A minified build renames the field that holds the statement's pointer; beside it there is only the position, 1.
function statementPointer(statement: SqlJsStatement): number {
  const pointers = Object.values(statement).filter((value) => typeof value === 'number' && value > 1);
  const [pointer] = pointers;
  if (pointers.length === 1 && typeof pointer === 'number') return pointer;
  throw unusable('its statements have an unknown shape');
}

function unusable(reason: string): ConfigurationError {
  return new ConfigurationError(
    `sql.js was initialised before Meshestra could hook it, and ${reason}; connect Meshestra first, or hand in an initSqlJs of its own`,
  );
}
