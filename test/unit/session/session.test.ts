import { describe, expect, it } from 'vitest';
import { type Answer, type MemoryDriver, memory } from '../../../adapters/memory/index.ts';
import type { PlainStatementNode } from '../../../src/ast/statement-node.ts';
import type { ChangeEvent, StatementEvent } from '../../../src/index.ts';
import type { Capabilities } from '../../../src/port.ts';
import { createSession } from '../../../src/session/pipeline-session.ts';
import type { Session } from '../../../src/session/session.ts';
import { createEventHub, type EventHub } from '../../../src/session/session-events.ts';

interface Opened {
  readonly driver: MemoryDriver<null>;
  readonly events: EventHub;
  readonly session: Session;
  readonly statements: StatementEvent[];
  readonly changes: ChangeEvent[];
}

async function open(answer: Answer = {}, capabilities: Partial<Capabilities> = {}, watch = true): Promise<Opened> {
  const events = createEventHub(() => undefined);
  const statements: StatementEvent[] = [];
  const changes: ChangeEvent[] = [];
  if (watch) {
    events.on('statement', (event) => statements.push(event));
    events.on('change', (event) => changes.push(event));
  }
  let time = 0;
  const monotonic = () => {
    time += 5;
    return time;
  };
  const driver = memory({ clock: { monotonic }, capabilities });
  driver.answer('', answer);
  return {
    driver,
    events,
    statements,
    changes,
    session: createSession(driver, await driver.connect(), events, ['a', 'b']),
  };
}

function raw(text: string, writes: readonly string[] | null): PlainStatementNode {
  return { kind: 'raw-statement', texts: [text], holes: [], writes };
}

const insert: PlainStatementNode = {
  kind: 'insert',
  table: 'a',
  columns: [{ name: 'n', type: { name: 'integer' } }],
  rows: 1,
  key: null,
  ignoreConflicts: false,
};

describe('statement events', () => {
  it('carry the text, the time, and rows read or written, and never a value', async () => {
    const rows = [[1], [2]];
    const { session, statements, driver } = await open();
    driver.answerOnce('SELECT', { columns: ['n'], rows });
    driver.answerOnce('INSERT', { affectedRows: 3 });
    driver.answerOnce('DELETE', async () => ({ affectedRows: 1 }));
    await session.execute(raw('SELECT 1', []));
    await session.execute(insert, [987_654]);
    await session.execute(raw('DELETE', ['a']));
    expect(statements).toEqual([
      { sql: 'SELECT 1', durationMs: 5, rows: 2, error: undefined },
      { sql: 'INSERT INTO "a" ("n") VALUES (?)', durationMs: 5, rows: 3, error: undefined },
      { sql: 'DELETE', durationMs: 5, rows: 1, error: undefined },
    ]);
    expect(JSON.stringify(statements)).not.toContain('987654');
  });

  it.each<[string, (error: Error) => Answer]>([
    ['at once', (error) => error],
    ['later', (error) => () => Promise.reject(error)],
  ])('carry the error of a statement that fails %s', async (_, answer) => {
    const error = new Error('broken');
    const { session, statements, changes } = await open(answer(error));
    await expect((async () => session.execute(raw('DELETE', ['a'])))()).rejects.toBe(error);
    expect(statements).toEqual([{ sql: 'DELETE', durationMs: 5, rows: 0, error }]);
    expect(changes).toEqual([]);
  });

  it('are not made when nobody listens', async () => {
    const { session, events, driver } = await open({}, {}, false);
    await session.execute(raw('SELECT 1', []));
    expect(events.has('statement')).toBe(false);
    expect(driver.clock.monotonic()).toBe(5);
  });

  it('answers at once where the driver does', async () => {
    const { session } = await open({ rows: [[1]] });
    expect(session.execute(raw('SELECT 1', []))).toMatchObject({ rows: [[1]] });
  });
});

describe('listeners', () => {
  it('that throw reach neither the work nor other listeners', () => {
    const errors: unknown[] = [];
    const hub = createEventHub((error) => errors.push(error));
    const heard: unknown[] = [];
    hub.on('change', () => {
      throw new Error('first');
    });
    hub.on('change', (event) => heard.push(event));
    hub.emit('change', { tables: ['a'], origin: 'local' });
    expect(heard).toEqual([{ tables: ['a'], origin: 'local' }]);
    expect(errors).toEqual([new Error('first')]);
  });

  it('stop on their own, also twice, and each for itself', () => {
    const hub = createEventHub(() => undefined);
    const heard: string[] = [];
    const listener = (): void => void heard.push('x');
    const stops = [hub.on('change', listener), hub.on('change', listener)];
    const event = { tables: ['a'], origin: 'local' } as const;
    hub.emit('change', event);
    stops[0]?.();
    stops[0]?.();
    hub.emit('change', event);
    expect(heard).toEqual(['x', 'x', 'x']);
    stops[1]?.();
    expect(hub.has('change')).toBe(false);
    hub.emit('change', event);
    expect(heard).toHaveLength(3);
  });
});

describe('change events', () => {
  it('name the tables of each write outside of a transaction', async () => {
    const { session, changes } = await open();
    await session.execute(raw('SELECT 1', []));
    expect(changes).toEqual([]);
    await session.execute(insert, [1]);
    expect(changes).toEqual([{ tables: ['a'], origin: 'local' }]);
  });

  it('name every table where raw SQL may have written any', async () => {
    const { session, changes, driver } = await open();
    await session.execute(raw('PRAGMA user_version = 1', null));
    expect(changes).toEqual([{ tables: ['a', 'b'], origin: 'local' }]);
    expect(driver.log.map(({ writes }) => writes)).toEqual([null]);
  });

  it('come once, after the commit, with every table of the transaction', async () => {
    const { session, changes, driver } = await open();
    await session.transact(async (tx) => {
      await tx.execute(insert, [1]);
      await tx.transact(async (inner) => void (await inner.execute(raw('DELETE', ['b']))));
      await tx.execute(insert, [2]);
      expect([tx.inTransaction, session.inTransaction, changes]).toEqual([true, false, []]);
    });
    expect(changes).toEqual([{ tables: ['a', 'b'], origin: 'local' }]);
    expect(driver.texts.at(-1)).toBe('COMMIT');
    expect(driver.log.map(({ writes }) => writes)).toContainEqual(['b']);
  });

  it('never come of a transaction that was rolled back or wrote nothing', async () => {
    const { session, changes } = await open();
    const failing = session.transact(async (tx) => {
      await tx.execute(insert, [1]);
      throw new Error('undo');
    });
    await expect(failing).rejects.toThrow('undo');
    await session.transact(async (tx) => void (await tx.execute(raw('SELECT 1', []))));
    expect(changes).toEqual([]);
  });
});

describe('transactions', () => {
  it('nest as savepoints with names of their own', async () => {
    const { session, driver } = await open();
    await session.transact(async (tx) => {
      await tx.transact(async (one) => one.transact(async () => undefined));
      await tx.transact(async () => undefined);
    });
    expect(driver.texts).toEqual([
      'BEGIN',
      'SAVEPOINT "meshestra_1"',
      'SAVEPOINT "meshestra_2"',
      'RELEASE SAVEPOINT "meshestra_2"',
      'RELEASE SAVEPOINT "meshestra_1"',
      'SAVEPOINT "meshestra_1"',
      'RELEASE SAVEPOINT "meshestra_1"',
      'COMMIT',
    ]);
  });

  it('go on after a savepoint was rolled back', async () => {
    const { session, driver, changes } = await open();
    await session.transact(async (tx) => {
      const inner = tx.transact(async () => {
        throw new Error('inner');
      });
      await expect(inner).rejects.toThrow('inner');
      await tx.execute(insert, [1]);
    });
    expect(driver.texts).toEqual([
      'BEGIN',
      'SAVEPOINT "meshestra_1"',
      'ROLLBACK TO SAVEPOINT "meshestra_1"',
      'RELEASE SAVEPOINT "meshestra_1"',
      'INSERT INTO "a" ("n") VALUES (?)',
      'COMMIT',
    ]);
    expect(changes).toHaveLength(1);
  });

  it('tell the first error where rolling a savepoint back fails too, and never commit', async () => {
    const lost = new Error('no such savepoint');
    const { session, driver, changes } = await open();
    driver.answer(/^ROLLBACK TO/, lost);
    const seen: unknown[] = [];
    const outer = session.transact(async (tx) => {
      await tx
        .transact(async (inner) => {
          await inner.execute(insert, [1]);
          throw new Error('first');
        })
        .catch((error: unknown) => seen.push(error));
      await (async () => tx.execute(insert, [2]))().catch((error: unknown) => seen.push(error));
    });
    await expect(outer).rejects.toMatchObject({ code: 'transaction-scope', cause: lost });
    expect(seen).toEqual([new Error('first'), expect.objectContaining({ code: 'transaction-scope', cause: lost })]);
    expect(driver.texts.at(-1)).toBe('ROLLBACK');
    expect(driver.texts.filter((text) => text.startsWith('INSERT'))).toHaveLength(1);
    expect(changes).toEqual([]);
  });

  it('are refused where the driver has none', async () => {
    const bare = await open({}, { interactive: 'none' });
    await expect(bare.session.transact(async () => 1)).rejects.toMatchObject({
      code: 'unsupported-by-driver',
      message: 'memory: the driver has neither transactions nor batches',
    });
    const flat = await open({}, { savepoints: false });
    const nested = flat.session.transact((tx) => tx.transact(async () => 1));
    await expect(nested).rejects.toMatchObject({
      code: 'unsupported-by-driver',
      message: 'memory: the driver has no savepoints for nested transactions',
    });
  });

  it('run a list of statements all or none', async () => {
    const { session, driver } = await open(({ sql }) => (sql === 'two' ? new Error('two') : {}));
    const nodes = ['one', 'two', 'three'].map((text) => raw(text, ['a']));
    await expect(session.executeAll(nodes)).rejects.toThrow('two');
    expect(driver.texts).toEqual(['BEGIN', 'one', 'two', 'ROLLBACK']);
  });

  it('send a list of statements as one batch where the driver holds no transaction open', async () => {
    const { session, changes, driver } = await open({}, { interactive: 'none', batch: 'atomic' });
    await session.executeAll([raw('one', ['a']), raw('two', ['b'])]);
    expect(driver.transactions.map(({ kind, statements }) => [kind, statements.map(({ sql }) => sql)])).toEqual([
      ['batch', ['one', 'two']],
    ]);
    expect(changes).toEqual([{ tables: ['a', 'b'], origin: 'local' }]);
  });
});

describe('compiling', () => {
  it('makes the text of a shape once, inside of transactions too', async () => {
    const { session } = await open();
    let made = 0;
    const node = (): PlainStatementNode => {
      made += 1;
      return insert;
    };
    const compiled = session.compile('shape', node);
    expect(session.compile('shape', node)).toBe(compiled);
    await session.transact(async (tx) => expect(tx.compile('shape', node)).toBe(compiled));
    expect(made).toBe(1);
    expect(session.compile('other', node)).not.toBe(compiled);
  });
});
