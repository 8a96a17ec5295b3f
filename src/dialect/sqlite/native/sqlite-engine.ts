import { createStatementCache, type StatementCache } from '../../../compiler/statement-cache.ts';
import { PersistenceError } from '../../../errors.ts';
import type { MaybePromise } from '../../../wire/maybe-promise.ts';
import type { ResultSet } from '../../../wire/result-set.ts';
import type { WireRow, WireValue } from '../../../wire/wire-value.ts';
import { type SqlTraits, sqlTraits } from '../sql-traits.ts';
import { bindable } from './bindable.ts';
import { narrowInteger } from './narrow-integers.ts';
import { type NativeSqliteSettings, pragmasOf } from './native-options.ts';
import type { NativeChanges, NativeSqlite, NativeStatement } from './native-sqlite.ts';

/** A compiled statement with what its text tells. */
export interface CompiledSql {
  readonly verb: string;
  readonly control: SqlTraits['control'];
  readonly changesSettings: boolean;
  readonly effect: SqlTraits['effect'];
  readonly native: NativeStatement;
  /** Whether its columns follow the schema: `SELECT *` and `RETURNING *`. */
  readonly hasStar: boolean;
  columns: readonly string[] | undefined;
}

const NO_ROWS: readonly WireRow[] = Object.freeze([]);
const NO_COLUMNS: readonly string[] = Object.freeze([]);
const LAST_CHANGE = 'SELECT changes(), last_insert_rowid()';

/**
 * SQLite in this process, over a native driver. Compiled statements are kept by their text: compiling costs ten times
 * what a lookup by key costs. They live on when the schema changes, because SQLite compiles them anew by itself.
 */
export class SqliteEngine {
  readonly #native: NativeSqlite;
  readonly #statements: StatementCache<CompiledSql>;
  #queryOnly = false;

  /** Takes an open database over and sets its pragmas. */
  constructor(native: NativeSqlite, settings: NativeSqliteSettings<unknown>) {
    this.#native = native;
    this.#statements = createStatementCache(settings.statementCache);
    for (const pragma of pragmasOf(settings)) this.#control(pragma);
  }

  get inTransaction(): boolean {
    return this.#native.inTransaction;
  }

  prepare(sql: string): CompiledSql {
    return this.#statements.get(sql) ?? this.#compile(sql);
  }

  run(statement: CompiledSql, params: readonly WireValue[]): ResultSet {
    const { native, effect } = statement;
    const values = bindable(params);
    try {
      if (!native.answers) return changed(effect, NO_COLUMNS, NO_ROWS, native.run(values));
      const { columns, rows } = statement.hasStar ? allWithStar(statement, values) : all(statement, values);
      if (effect === 'read' || effect === 'other') return { columns, rows, affectedRows: 0 };
      return changed(effect, columns, rows, this.#lastChange());
    } catch (cause) {
      throw this.#error(cause);
    }
  }

  begin(readOnly: boolean): void {
    // Of a database that was opened for reading only, SQLite makes a read transaction of either.
    this.#control(readOnly ? 'BEGIN' : 'BEGIN IMMEDIATE');
    if (!readOnly) return;
    try {
      this.#control('PRAGMA query_only=ON');
      this.#queryOnly = true;
      // Takes the snapshot now: from here on no other connection can be in the way.
      this.#control('SELECT 1 FROM sqlite_schema LIMIT 1');
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  commit(): void {
    this.#writeAgain();
    this.#control('COMMIT');
  }

  rollback(): void {
    this.#writeAgain();
    if (this.inTransaction) this.#control('ROLLBACK');
  }

  savepoint(step: 'create' | 'release' | 'rollback'): void {
    this.#control(`${SAVEPOINT[step]} "meshestra_batch"`);
  }

  async withoutForeignKeys<X, R, T>(
    work: (tx: X) => MaybePromise<R>,
    transact: (checked: (tx: X) => Promise<R>) => MaybePromise<T>,
  ): Promise<T> {
    const { pauseForeignKeys } = await import('./foreign-key-pause.ts');
    return pauseForeignKeys((sql) => this.run(this.prepare(sql), []).rows, work, transact);
  }

  restoreSettings(): void {
    this.#control('PRAGMA foreign_keys=ON');
  }

  #writeAgain(): void {
    if (!this.#queryOnly) return;
    this.#control('PRAGMA query_only=OFF');
    this.#queryOnly = false;
  }

  #control(sql: string): void {
    this.run(this.prepare(sql), []);
  }

  #compile(sql: string): CompiledSql {
    const { verb, control, effect } = sqlTraits(sql);
    let native: NativeStatement;
    try {
      native = this.#native.prepare(sql, { verb, control, effect });
    } catch (cause) {
      throw this.#error(cause);
    }
    const hasStar = native.answers && STAR.test(sql);
    const changesSettings = verb === 'PRAGMA';
    const compiled: CompiledSql = { verb, control, changesSettings, effect, native, hasStar, columns: undefined };
    this.#statements.set(sql, compiled);
    return compiled;
  }

  #lastChange(): NativeChanges {
    const [changes, lastInsertRowid] = this.prepare(LAST_CHANGE).native.all([])[0] as [number, number | bigint];
    return { changes, lastInsertRowid };
  }

  #error(cause: unknown): PersistenceError {
    return cause instanceof PersistenceError ? cause : this.#native.error(cause);
  }
}

const SAVEPOINT = { create: 'SAVEPOINT', release: 'RELEASE', rollback: 'ROLLBACK TO' } as const;

// A star that is not count(*). Others, of a product or a comment, only cost the reading of the columns.
const STAR = /[^(]\*/;

type Answer = Pick<ResultSet, 'columns' | 'rows'>;

function all(statement: CompiledSql, values: readonly WireValue[]): Answer {
  const rows = statement.native.all(values);
  statement.columns ??= statement.native.columns();
  return { columns: statement.columns, rows };
}

// Where another connection changed the schema, SQLite compiles a statement anew while it runs, and a driver may have
// counted the columns before that: a row is then too short, or ends with values that are none.
function allWithStar({ native, effect }: CompiledSql, values: readonly WireValue[]): Answer {
  const rows = native.all(values);
  const columns = native.columns();
  const width = rows[0]?.length ?? columns.length;
  if (width === columns.length) return { columns, rows };
  if (effect === 'read') return { columns, rows: native.all(values) };
  const known = Math.min(width, columns.length);
  return { columns: columns.slice(0, known), rows: rows.map((row) => row.slice(0, known)) };
}

function changed(
  effect: SqlTraits['effect'],
  columns: readonly string[],
  rows: readonly WireRow[],
  { changes, lastInsertRowid }: NativeChanges,
): ResultSet {
  if (effect === 'read' || effect === 'other') return { columns, rows, affectedRows: 0 };
  const affectedRows = Number(changes);
  if (effect === 'change' || affectedRows === 0) return { columns, rows, affectedRows };
  return { columns, rows, affectedRows, lastInsertId: narrowInteger(lastInsertRowid) };
}
