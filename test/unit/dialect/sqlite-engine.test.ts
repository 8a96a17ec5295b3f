import { describe, expect, it } from 'vitest';
import { type NativeSqlite, SqliteEngine, settleNativeOptions } from '../../../src/dialect/sqlite/index.ts';
import { DriverError, LockTimeoutError, ValidationError } from '../../../src/errors.ts';
import type { WireValue } from '../../../src/wire/wire-value.ts';

interface Scripted {
  /** What each run of a statement answers with. */
  readonly answers: WireValue[][][];
  readonly columns: readonly string[];
}

/** An engine over a driver that answers as it is told; `log` is what it ran. */
function engineOver(scripts: Readonly<Record<string, Scripted>> = {}, failing: Readonly<Record<string, unknown>> = {}) {
  const log: string[] = [];
  let prepared = 0;
  const native: NativeSqlite = {
    inTransaction: true,
    prepare(sql) {
      prepared += 1;
      const script = scripts[sql];
      const run = (): void => {
        log.push(sql);
        if (sql in failing) throw failing[sql];
      };
      return {
        answers: script !== undefined,
        columns: () => script?.columns ?? [],
        all() {
          run();
          return script?.answers.shift() ?? [];
        },
        run() {
          run();
          return { changes: 1n, lastInsertRowid: 7n };
        },
      };
    },
    error: (cause) => new DriverError('mapped', { cause }),
  };
  const settings = settleNativeOptions('scripted', { database: {} }, () => true);
  const engine = new SqliteEngine(native, settings);
  log.length = 0;
  const run = (sql: string) => engine.run(engine.prepare(sql), []);
  return { engine, log, run, prepared: () => prepared };
}

const lastChange = { columns: ['a', 'b'], answers: [[[1, 7n]]] };

describe('The engine of a native SQLite', () => {
  it('compiles a text once', () => {
    const { run, prepared } = engineOver({ 'SELECT 1': { columns: ['1'], answers: [[[1]], [[1]]] } });
    const before = prepared();
    run('SELECT 1');
    run('SELECT 1');
    expect(prepared() - before).toBe(1);
  });

  it('reads again where a driver counted the columns before the schema changed', () => {
    const { run, log } = engineOver({ 'SELECT * FROM t': { columns: ['a', 'b'], answers: [[[1]], [[1, 2]]] } });
    expect(run('SELECT * FROM t')).toMatchObject({ columns: ['a', 'b'], rows: [[1, 2]] });
    expect(log).toEqual(['SELECT * FROM t', 'SELECT * FROM t']);
  });

  it('never writes twice for that, and gives the columns that are known', () => {
    const insert = 'INSERT INTO t DEFAULT VALUES RETURNING *';
    const last = 'SELECT changes(), last_insert_rowid()';
    const added = engineOver({ [insert]: { columns: ['a', 'b'], answers: [[[1]]] }, [last]: lastChange });
    expect(added.run(insert)).toMatchObject({ columns: ['a'], rows: [[1]], affectedRows: 1, lastInsertId: 7 });
    expect(added.log).toEqual([insert, last]);
    const dropped = engineOver({
      [insert]: { columns: ['a'], answers: [[[1, null]]] },
      [last]: { ...lastChange, answers: [[[1, 8n]]] },
    });
    expect(dropped.run(insert)).toMatchObject({ columns: ['a'], rows: [[1]], lastInsertId: 8 });
  });

  it('takes the names of columns once where the text tells them, and each time where it has a star', () => {
    const columns = ['a'];
    const { run } = engineOver({
      'SELECT a FROM t': { columns, answers: [[[1]], [[1]]] },
      'SELECT count(*) FROM t': { columns, answers: [[[1]], [[1]]] },
      'SELECT * FROM t': { columns, answers: [[[1]], [[1]]] },
    });
    const names = () =>
      ['SELECT a FROM t', 'SELECT count(*) FROM t', 'SELECT * FROM t'].map((sql) => run(sql).columns[0]);
    expect(names()).toEqual(['a', 'a', 'a']);
    const renamed = engineOver({ 'SELECT * FROM t': { columns, answers: [[[1]], [[1]]] } });
    renamed.run('SELECT * FROM t');
    columns[0] = 'b';
    expect(renamed.run('SELECT * FROM t').columns).toEqual(['b']);
  });

  it('maps what the driver throws, and passes on what is Meshestra’s own', () => {
    const mine = new ValidationError('mine');
    const { run } = engineOver({}, { 'DELETE FROM a': new Error('native'), 'DELETE FROM b': mine });
    expect(() => run('DELETE FROM a')).toThrow('mapped');
    expect(() => run('DELETE FROM b')).toThrow(mine);
  });

  it('leaves no transaction open, and no connection that only reads, when a read-only one cannot begin', () => {
    const snapshot = 'SELECT 1 FROM sqlite_schema LIMIT 1';
    const locked = new LockTimeoutError('locked');
    const { engine, log } = engineOver({}, { [snapshot]: locked });
    expect(() => engine.begin(true)).toThrow(locked);
    expect(log).toEqual(['BEGIN', 'PRAGMA query_only=ON', snapshot, 'PRAGMA query_only=OFF', 'ROLLBACK']);
  });
});
