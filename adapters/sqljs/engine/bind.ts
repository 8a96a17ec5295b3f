import { describeKind, isWellFormed, tagOf, ValidationError, type WireValue } from '../../../src/port.ts';
import type { Heap } from './heap.ts';
import { SQLITE_OK, type SqlJsModule } from './sql-js-module.ts';

/**
 * Binds one value to parameter `index` (from 1) and returns SQLite's result code.
 *
 * sql.js exports no 64-bit bind, so an integer beyond 32 bits is bound as a double where that is exact, and a bigint
 * beyond 2^53 as decimal text, which a column of type INTEGER and `CAST(? AS INTEGER)` turn into that very integer.
 * Refuses with `validation` what SQLite would store as something else; the value itself is never part of the message.
 */
export function bindValue(module: SqlJsModule, heap: Heap, statement: number, index: number, value: WireValue): number {
  if (typeof value === 'number') {
    if (value === (value | 0)) return module._sqlite3_bind_int(statement, index, value);
    // SQLite stores NULL for NaN without a word.
    if (Number.isNaN(value)) throw refusal(index, 'NaN, which SQLite cannot store');
    return module._sqlite3_bind_double(statement, index, value);
  }
  if (typeof value === 'string') {
    if (!isWellFormed(value)) throw refusal(index, 'a string with a lone surrogate, which has no UTF-8 form');
    const pointer = heap.putText(value);
    return module._sqlite3_bind_text(statement, index, pointer, heap.length, 0);
  }
  // Parameters are NULL where nothing was bound, but a statement is used again and again: the old one must go.
  if (value === null) return module._sqlite3_bind_blob(statement, index, 0, 0, 0);
  if (typeof value === 'boolean') return bindValue(module, heap, statement, index, Number(value));
  if (typeof value === 'bigint') return bindValue(module, heap, statement, index, plainInteger(index, value));
  if (isBytes(value)) {
    const pointer = heap.putBytes(value);
    return module._sqlite3_bind_blob(statement, index, pointer, heap.length, 0);
  }
  throw refusal(index, `${describeKind(value)}, which is no value of a database`);
}

function plainInteger(index: number, value: bigint): number | string {
  const number = Number(value);
  if (BigInt.asIntN(64, value) !== value) throw refusal(index, 'a bigint beyond 64 bits');
  return Number.isSafeInteger(number) ? number : String(value);
}

/** The number of parameters of a fresh statement. sql.js does not export the count, but binding beyond it fails. */
export function countParameters(module: SqlJsModule, statement: number): number {
  let count = 0;
  while (module._sqlite3_bind_blob(statement, count + 1, 0, 0, 0) === SQLITE_OK) count++;
  return count;
}

// An iframe or a test environment has its own Uint8Array.
function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && tagOf(value) === 'Uint8Array';
}

function refusal(index: number, what: string): ValidationError {
  return new ValidationError(`parameter ${index} is ${what}`);
}
