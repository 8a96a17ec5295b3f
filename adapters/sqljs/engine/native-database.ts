import { isBlank, sqliteError, sqlTraits } from '../../../src/dialect/sqlite/index.ts';
import {
  ClosedError,
  type ResultSet,
  UnsupportedByDriverError,
  ValidationError,
  type WireRow,
  type WireValue,
} from '../../../src/port.ts';
import { bindValue, countParameters } from './bind.ts';
import type { Heap } from './heap.ts';
import type { NativeStatement } from './native-statement.ts';
import { readRow } from './read-row.ts';
import { refusedSql } from './refused-sql.ts';
import { SQLITE_DONE, SQLITE_OK, SQLITE_ROW, type SqlJsModule } from './sql-js-module.ts';
import { StatementCache } from './statement-cache.ts';

const NO_ROWS: readonly WireRow[] = Object.freeze([]);
const NO_PARAMS: readonly WireValue[] = Object.freeze([]);
const LAST_ID = 'SELECT last_insert_rowid()';

/** One open SQLite database. Every call runs to its end at once and leaves no cursor open. */
export class NativeDatabase {
  readonly #module: SqlJsModule;
  readonly #heap: Heap;
  readonly #statements: StatementCache;
  #pointer: number;
  #epoch = 0;
  #runs = 0;

  constructor(module: SqlJsModule, heap: Heap, pointer: number, statementLimit: number) {
    this.#module = module;
    this.#heap = heap;
    this.#pointer = pointer;
    this.#statements = new StatementCache(statementLimit, (statement) => module._sqlite3_finalize(statement.pointer));
  }

  /** Compiles the statement, or finds it compiled. Rejects what the driver refuses and what SQLite cannot parse. */
  prepare(sql: string): NativeStatement {
    return this.#statements.get(sql) ?? this.#compile(sql);
  }

  /** Runs a statement with its values and reads all rows. */
  run(statement: NativeStatement, params: readonly WireValue[]): ResultSet {
    const { effect } = statement.traits;
    statement.used = ++this.#runs;
    const rows = this.#runToEnd(statement, params);
    const columns = statement.columns;
    if (effect === 'read') return { columns, rows, affectedRows: 0 };
    if (effect === 'other') {
      this.schemaChanged();
      return { columns, rows, affectedRows: 0 };
    }
    const affectedRows = this.#module._sqlite3_changes(this.#pointer);
    if (effect === 'change' || affectedRows === 0) return { columns, rows, affectedRows };
    return { columns, rows, affectedRows, lastInsertId: this.#lastInsertId() };
  }

  /** Runs a statement of the driver's own. */
  runText(sql: string, params: readonly WireValue[] = NO_PARAMS): ResultSet {
    return this.run(this.prepare(sql), params);
  }

  /** Runs a statement of the driver's own once, without the refusals and without keeping it. */
  configure(sql: string): void {
    const module = this.#module;
    const pointer = this.#prepare(sql);
    let result = module._sqlite3_step(pointer);
    while (result === SQLITE_ROW) result = module._sqlite3_step(pointer);
    const error = result === SQLITE_DONE ? undefined : this.#error(result);
    module._sqlite3_finalize(pointer);
    if (error !== undefined) throw error;
  }

  /** To be called when columns may have changed under compiled statements: DDL, pages of another tab, an import. */
  schemaChanged(): void {
    this.#epoch++;
  }

  /** Frees every compiled statement. */
  clearStatements(): void {
    this.#statements.clear();
  }

  /** Makes a reopened database the one that statements run on. */
  replacePointer(pointer: number): void {
    this.#pointer = pointer;
    this.schemaChanged();
  }

  close(): void {
    if (this.#pointer === 0) return;
    this.clearStatements();
    this.#pointer = 0;
  }

  #runToEnd(statement: NativeStatement, params: readonly WireValue[]): readonly WireRow[] {
    const { pointer } = statement;
    const module = this.#module;
    try {
      this.#bind(statement, params);
      let result = module._sqlite3_step(pointer);
      // Only now, because stepping recompiles the statement where the schema changed.
      if (statement.epoch !== this.#epoch) this.#readColumns(statement);
      if (result === SQLITE_DONE) return NO_ROWS;
      const rows: WireRow[] = [];
      const count = statement.columns.length;
      while (result === SQLITE_ROW) {
        rows.push(readRow(module, this.#heap, pointer, count));
        result = module._sqlite3_step(pointer);
      }
      if (result !== SQLITE_DONE) throw this.#error(result);
      return rows;
    } finally {
      module._sqlite3_reset(pointer);
      this.#heap.release();
    }
  }

  #bind(statement: NativeStatement, params: readonly WireValue[]): void {
    const count = params.length;
    if (count !== statement.parameters) throw wrongCount(statement.parameters, count);
    for (let index = 0; index < count; index++) {
      const value = params[index] as WireValue;
      const result = bindValue(this.#module, this.#heap, statement.pointer, index + 1, value);
      if (result !== SQLITE_OK) throw this.#error(result);
    }
  }

  #compile(sql: string): NativeStatement {
    if (this.#pointer === 0) throw new ClosedError('the database is closed');
    const traits = sqlTraits(sql);
    const refused = refusedSql(traits.verb, sql);
    if (refused !== undefined) throw new UnsupportedByDriverError(refused);
    const pointer = this.#prepare(sql);
    const statement: NativeStatement = {
      pointer,
      traits,
      parameters: countParameters(this.#module, pointer),
      columns: [],
      epoch: -1,
      used: 0,
    };
    this.#readColumns(statement);
    this.#statements.set(sql, statement);
    return statement;
  }

  #prepare(sql: string): number {
    const heap = this.#heap;
    try {
      const text = heap.putText(sql);
      const bytes = heap.length;
      const out = heap.putBytes(new Uint8Array(16));
      const aligned = (out + 7) & ~7;
      const result = this.#module._sqlite3_prepare_v2(this.#pointer, text, bytes, aligned, aligned + 4);
      if (result !== SQLITE_OK) throw this.#error(result);
      const pointer = heap.pointerAt(aligned);
      if (pointer === 0) throw new ValidationError('the SQL text holds no statement');
      const tail = heap.pointerAt(aligned + 4);
      if (tail < text + bytes && !isBlank(heap.text(tail, text + bytes - tail))) {
        this.#module._sqlite3_finalize(pointer);
        throw new ValidationError('the SQL text holds more than one statement; use batch()');
      }
      return pointer;
    } finally {
      heap.release();
    }
  }

  #readColumns(statement: NativeStatement): void {
    const count = this.#module._sqlite3_column_count(statement.pointer);
    const columns: string[] = [];
    for (let index = 0; index < count; index++) {
      columns.push(this.#module.UTF8ToString(this.#module._sqlite3_column_name(statement.pointer, index)));
    }
    statement.columns = columns;
    statement.epoch = this.#epoch;
  }

  #lastInsertId(): number | bigint {
    const id = this.#runToEnd(this.prepare(LAST_ID), NO_PARAMS)[0]?.[0];
    return typeof id === 'number' || typeof id === 'bigint' ? id : 0;
  }

  #error(code: number): Error {
    return sqliteError(this.#module.UTF8ToString(this.#module._sqlite3_errmsg(this.#pointer)), code);
  }
}

function wrongCount(expected: number, actual: number): ValidationError {
  return new ValidationError(`the statement has ${expected} parameters, but ${actual} values were given`);
}
