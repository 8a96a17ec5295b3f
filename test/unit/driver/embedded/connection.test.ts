import { describe, expect, it } from 'vitest';
import { nativeCapabilities, sqlite } from '../../../../src/dialect/sqlite/index.ts';
import { EmbeddedConnection } from '../../../../src/driver/embedded/embedded-connection.ts';
import { EmbeddedDriver } from '../../../../src/driver/embedded/embedded-driver.ts';
import type { EmbeddedEngine, EmbeddedStatement } from '../../../../src/driver/embedded/embedded-engine.ts';
import { Mutex } from '../../../../src/driver/mutex.ts';
import { LockTimeoutError } from '../../../../src/errors.ts';
import { expectCode } from '../../../conformance/laws.ts';
import { scriptedClock } from '../../../support/scripted-clock.ts';

interface ScriptedEngine extends EmbeddedEngine {
  readonly log: string[];
  /** Fails the next steps of this name. */
  fail(step: string, error: Error, times?: number): void;
}

/** An engine that notes what it is told, and fails when it is to. */
function scriptedEngine(): ScriptedEngine {
  const log: string[] = [];
  const failures = new Map<string, { readonly error: Error; times: number }>();
  let open = false;
  const step = (name: string): void => {
    log.push(name);
    const failure = failures.get(name);
    if (failure === undefined || failure.times === 0) return;
    failure.times -= 1;
    throw failure.error;
  };
  const statement = (sql: string): EmbeddedStatement => ({
    verb: sql,
    control: sql === 'BEGIN' ? 'transaction' : 'none',
    changesSettings: sql === 'PRAGMA',
  });
  return {
    log,
    fail: (name, error, times = 1) => void failures.set(name, { error, times }),
    prepare: statement,
    run(compiled) {
      step(compiled.verb);
      return { columns: [], rows: [], affectedRows: 0 };
    },
    get inTransaction() {
      return open;
    },
    begin(readOnly) {
      step(readOnly ? 'begin read' : 'begin');
      open = true;
    },
    commit() {
      step('commit');
      open = false;
    },
    rollback() {
      step('rollback');
      open = false;
    },
    savepoint: (name) => step(`savepoint ${name}`),
    async withoutForeignKeys(work, transact) {
      step('keys off');
      try {
        return await transact(async (tx) => {
          const result = await work(tx);
          step('keys checked');
          return result;
        });
      } finally {
        step('keys on');
      }
    },
    restoreSettings: () => step('restore'),
  };
}

function connect() {
  const engine = scriptedEngine();
  const clock = scriptedClock();
  const mutex = new Mutex();
  const connection = new EmbeddedConnection({ engine, clock, mutex, lockTimeout: 100 });
  return { engine, clock, mutex, connection, run: (sql: string) => connection.execute({ sql, params: [] }) };
}

const locked = () => new LockTimeoutError('locked');

describe('A transaction with foreign keys off', () => {
  const WITHOUT = { foreignKeys: false } as const;

  it('has them off from before BEGIN until after COMMIT, and checks them in between', async () => {
    const { engine, connection } = connect();
    await connection.transact(async (tx) => tx.execute({ sql: 'DROP', params: [] }), WITHOUT);
    expect(engine.log).toEqual(['keys off', 'begin', 'DROP', 'keys checked', 'commit', 'keys on']);
  });

  it.each(['begin', 'DROP', 'keys checked', 'commit'])('has them on again when it fails at %s', async (place) => {
    const { engine, connection, mutex } = connect();
    engine.fail(place, new Error('mine'));
    const running = async () => connection.transact(async (tx) => tx.execute({ sql: 'DROP', params: [] }), WITHOUT);
    await expect(running()).rejects.toThrow('mine');
    expect(engine.log.at(-1)).toBe('keys on');
    expect(engine.inTransaction).toBe(false);
    expect(mutex.isFree).toBe(true);
  });
});

describe('A connection to an embedded engine', () => {
  it('commits what worked, and rolls back what failed, with its own error even if that fails, too', async () => {
    const { engine, connection } = connect();
    expect(connection.transact((tx) => tx.kind)).toBe('transaction');
    expect(() =>
      connection.transact(() => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    engine.fail('rollback', new Error('only follows'));
    await expect(connection.transact(async () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
    expect(engine.log).toEqual(['begin', 'commit', 'begin', 'rollback', 'begin', 'rollback']);
  });

  it('waits for a lock before BEGIN and at COMMIT, and rolls back when it stays', async () => {
    const { engine, connection, clock } = connect();
    engine.fail('begin', locked());
    const first = connection.transact(() => engine.fail('commit', locked()));
    await clock.advance(10);
    await first;
    expect(engine.log).toEqual(['begin', 'begin', 'commit', 'commit']);
    engine.log.length = 0;
    engine.fail('commit', locked(), Number.POSITIVE_INFINITY);
    const second = expectCode(() => connection.transact(() => 1), 'lock-timeout');
    await clock.advance(100);
    await second;
    expect([engine.log[0], engine.log.at(-2), engine.log.at(-1)]).toEqual(['begin', 'commit', 'rollback']);
  });

  it('keeps its turn while it waits for a lock, so that the order stays', async () => {
    const { engine, clock, run, mutex } = connect();
    engine.fail('A', locked(), 2);
    const first = run('A');
    expect(first).toBeInstanceOf(Promise);
    expect(mutex.isFree).toBe(false);
    const second = run('B');
    await clock.advance(10);
    await Promise.all([first, second]);
    expect(engine.log).toEqual(['A', 'A', 'A', 'B']);
    expect(mutex.isFree).toBe(true);
  });

  it('refuses BEGIN as a statement, levels it does not have, and work after its release', async () => {
    const { connection, run, engine } = connect();
    await expectCode(() => run('BEGIN'), 'transaction-scope');
    await expectCode(() => connection.transact(() => 1, { isolation: 'read committed' }), 'unsupported-by-driver');
    expect(connection.transact(() => 1, { isolation: 'serializable', readOnly: true })).toBe(1);
    connection.destroy('suspect');
    await expectCode(() => run('A'), 'closed');
    await expectCode(() => connection.transact(() => 1), 'closed');
    await expectCode(() => connection.batch([]), 'closed');
    expect(engine.log).toEqual(['begin read', 'commit']);
  });

  it('restores settings at its release only where it changed them, and not while a transaction is open', async () => {
    const { connection, engine, run } = connect();
    run('A');
    connection.release();
    expect(engine.log).toEqual(['A']);
    const other = connect();
    other.run('PRAGMA');
    await other.connection.transact(async () => {
      other.connection.release();
      other.engine.log.push('still inside');
    });
    await Promise.resolve();
    expect(other.engine.log).toEqual(['PRAGMA', 'begin', 'still inside', 'commit', 'restore']);
  });
});

describe('A driver of an embedded engine', () => {
  function driver(load: () => Promise<() => { handle: string; engine: EmbeddedEngine; close: () => void }>) {
    const clock = scriptedClock();
    const parts = { name: 'scripted', dialect: sqlite, capabilities: nativeCapabilities, clock, lockTimeout: 100 };
    return { clock, driver: new EmbeddedDriver({ ...parts, load }) };
  }

  it('opens once for all connections, and closes once', async () => {
    const log: string[] = [];
    const { driver: opened } = driver(async () => () => {
      log.push('open');
      return { handle: 'h', engine: scriptedEngine(), close: () => void log.push('close') };
    });
    await Promise.all([opened.connect(), opened.connect()]);
    await Promise.all([opened.close(), opened.close()]);
    expect(log).toEqual(['open', 'close']);
    await expectCode(() => opened.connect(), 'closed');
  });

  it('opens again where it failed, and while the database is locked', async () => {
    let tries = 0;
    const { driver: opened, clock } = driver(async () => () => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
      if (tries === 2) throw locked();
      return { handle: 'h', engine: scriptedEngine(), close: () => {} };
    });
    await expect(opened.connect()).rejects.toThrow('not yet');
    const connecting = opened.connect();
    await clock.advance(10);
    await connecting;
    expect(tries).toBe(3);
    await opened.close();
  });

  it('closes without having opened, also after a failure', async () => {
    const { driver: never } = driver(async () => () => ({ handle: 'h', engine: scriptedEngine(), close: () => {} }));
    await never.close();
    const { driver: failing } = driver(async () => {
      throw new Error('cannot');
    });
    const connecting = expect(failing.connect()).rejects.toThrow('cannot');
    await failing.close();
    await connecting;
    await expectCode(() => never.connect({ signal: AbortSignal.abort() }), 'aborted');
  });
});
