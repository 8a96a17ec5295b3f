import type { WireRow, WireValue } from '../../../src/port.ts';
import type { Heap } from './heap.ts';
import type { SqlJsModule } from './sql-js-module.ts';

const INTEGER = 1;
const FLOAT = 2;
const TEXT = 3;
const BLOB = 4;

/** Reads the current row of a statement. An integer beyond ±(2^53 - 1) is a bigint, every other integer a number. */
export function readRow(module: SqlJsModule, heap: Heap, statement: number, count: number): WireRow {
  // At its final length: an array that grows keeps room for 17 values, and rows are kept as snapshots.
  const row = new Array<WireValue>(count);
  for (let column = 0; column < count; column++) {
    switch (module._sqlite3_column_type(statement, column)) {
      case INTEGER: {
        const value = module._sqlite3_column_double(statement, column);
        row[column] = Number.isSafeInteger(value) ? value : BigInt(readText(module, heap, statement, column));
        break;
      }
      case FLOAT:
        row[column] = module._sqlite3_column_double(statement, column);
        break;
      case TEXT:
        row[column] = readText(module, heap, statement, column);
        break;
      case BLOB: {
        // The pointer first: asking for it may convert the value and so change its length.
        const pointer = module._sqlite3_column_blob(statement, column);
        row[column] = heap.bytes(pointer, module._sqlite3_column_bytes(statement, column));
        break;
      }
      default:
        row[column] = null;
    }
  }
  return row;
}

function readText(module: SqlJsModule, heap: Heap, statement: number, column: number): string {
  const pointer = module._sqlite3_column_text(statement, column);
  return heap.text(pointer, module._sqlite3_column_bytes(statement, column));
}
