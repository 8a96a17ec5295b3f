import { isWellFormed, ValidationError, type WireValue } from '../../../src/port.ts';
import type { Heap } from './heap.ts';
import { SQLITE_OK, SQLITE_RANGE, type SqlJsModule } from './sql-js-module.ts';

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/**
 * Binds one value to parameter `index` (from 1) and returns SQLite's result code.
 *
 * sql.js exports no 64-bit bind, so an integer beyond 32 bits is bound as a double where that is exact, and a bigint
 * beyond 2^53 as decimal text, which a column of type INTEGER and `CAST(? AS INTEGER)` turn into that very integer.
 * Refuses with `validation` what SQLite would store as something else; the value itself is never part of the message.
 */
export function bindValue(module: SqlJsModule, heap: Heap, statement: number, index: number, value: WireValue): number {
  switch (typeof value) {
    case 'number':
      return bindNumber(module, statement, index, value);
    case 'string': {
      if (!isWellFormed(value)) throw refusal(index, 'a string with a lone surrogate, which has no UTF-8 form');
      const pointer = heap.putText(value);
      return module._sqlite3_bind_text(statement, index, pointer, heap.length, 0);
    }
    case 'boolean':
      return module._sqlite3_bind_int(statement, index, value ? 1 : 0);
    case 'bigint':
      return bindBigint(module, heap, statement, index, value);
    default:
      return bindObject(module, heap, statement, index, value);
  }
}

function bindNumber(module: SqlJsModule, statement: number, index: number, value: number): number {
  if (value === (value | 0)) return module._sqlite3_bind_int(statement, index, value);
  // SQLite stores NULL for NaN without a word.
  if (Number.isNaN(value)) throw refusal(index, 'NaN, which SQLite cannot store');
  return module._sqlite3_bind_double(statement, index, value);
}

function bindBigint(module: SqlJsModule, heap: Heap, statement: number, index: number, value: bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return bindNumber(module, statement, index, number);
  if (value > MAX_INT64 || value < MIN_INT64) throw refusal(index, 'a bigint beyond 64 bits');
  const pointer = heap.putText(value.toString());
  return module._sqlite3_bind_text(statement, index, pointer, heap.length, 0);
}

function bindObject(module: SqlJsModule, heap: Heap, statement: number, index: number, value: unknown): number {
  // Parameters are NULL where nothing was bound, but a statement is used again and again: the old one must go.
  if (value === null) return module._sqlite3_bind_blob(statement, index, 0, 0, 0);
  if (isBytes(value)) {
    const pointer = heap.putBytes(value);
    return module._sqlite3_bind_blob(statement, index, pointer, heap.length, 0);
  }
  throw refusal(index, `${kindOf(value)}, which is no value of a database`);
}

/** The number of parameters of a fresh statement. sql.js does not export the count, but binding beyond it fails. */
export function countParameters(module: SqlJsModule, statement: number): number {
  const has = (index: number) => module._sqlite3_bind_int(statement, index, 0) !== SQLITE_RANGE;
  let known = 0;
  let step = 1;
  while (has(known + step)) {
    known += step;
    step *= 2;
  }
  for (; step >= 1; step = Math.floor(step / 2)) if (has(known + step)) known += step;
  for (let index = 1; index <= known; index++) {
    if (module._sqlite3_bind_blob(statement, index, 0, 0, 0) !== SQLITE_OK) break;
  }
  return known;
}

// An iframe or a test environment has its own Uint8Array.
function isBytes(value: unknown): value is Uint8Array {
  if (value instanceof Uint8Array) return true;
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? `an object (${Object.prototype.toString.call(value).slice(8, -1)})` : typeof value;
}

function refusal(index: number, what: string): ValidationError {
  return new ValidationError(`parameter ${index} is ${what}`);
}
