import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import { indexedDb, serveSqljs } from '../../../adapters/sqljs/index.ts';
import { codeOf, failureOf, type Opened, open } from './open.ts';

/** A worker without a thread: the two ends of a channel, with the structured clone of the real thing. */
function fakeWorker(): Worker {
  const { port1, port2 } = new MessageChannel();
  const listen = (port: MessagePort) => (type: string, listener: (event: MessageEvent) => void) => {
    if (type === 'message') port.onmessage = listener;
  };
  serveSqljs(
    {},
    { postMessage: (message, transfer) => port2.postMessage(message, transfer), addEventListener: listen(port2) },
  );
  return {
    postMessage: (message: unknown, transfer: Transferable[]) => port1.postMessage(message, transfer),
    addEventListener: listen(port1),
    terminate: () => {
      port1.close();
      port2.close();
    },
  } as unknown as Worker;
}

describe('sqljs in a worker', () => {
  let db: Opened;
  afterEach(() => db.driver.close());

  it('runs statements, batches and transactions as on the page', async () => {
    db = await open({ worker: fakeWorker });
    const { run, connection, transact, value } = db;
    await run('CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER UNIQUE) STRICT');
    expect(await run('INSERT INTO t (v) VALUES (?)', [2n ** 60n], ['t'])).toMatchObject({
      affectedRows: 1,
      lastInsertId: 1,
    });
    expect((await run('SELECT v, ? FROM t', [new Uint8Array([1])])).rows).toEqual([[2n ** 60n, new Uint8Array([1])]]);
    const batch = [1, 2].map((v) => ({ sql: 'INSERT INTO t (v) VALUES (?)', params: [v] }));
    expect(await connection.batch?.(batch)).toHaveLength(2);
    expect(await codeOf(() => connection.batch?.([...batch].reverse()))).toBe('unique-violation');
    const result = await transact(async (tx) => {
      await tx.execute({ sql: 'INSERT INTO t (v) VALUES (3)', params: [] });
      return (await tx.execute({ sql: 'SELECT count(*) FROM t', params: [] })).rows[0]?.[0];
    });
    expect(result).toBe(4);
    const failing = transact(async (tx) => {
      await tx.execute({ sql: 'DELETE FROM t', params: [] });
      throw new RangeError('on purpose');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await value('SELECT count(*) FROM t')).toBe(4);
  });

  it('brings errors over with code and fields, and refuses what cannot cross', async () => {
    db = await open({ worker: fakeWorker });
    await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT NOT NULL) STRICT');
    expect(await failureOf(() => db.run('INSERT INTO t (id) VALUES (1)'))).toMatchObject({
      code: 'not-null-violation',
      table: 't',
      columns: ['v'],
      retryable: false,
      outcome: 'rolled-back',
    });
    expect(await codeOf(() => db.run('SELECT ?', [(() => 1) as never]))).toBe('validation');
    expect(await codeOf(() => db.run('SELECT ?', [new Date() as never]))).toBe('validation');
    expect(await codeOf(() => db.run('BEGIN'))).toBe('transaction-scope');
    let leaked: (() => unknown) | undefined;
    await db.transact((tx) => {
      leaked = () => tx.execute({ sql: 'SELECT 1', params: [] });
    });
    expect(await codeOf(() => leaked?.())).toBe('transaction-scope');
  });

  it('lets a caller who waits give up', async () => {
    db = await open({ worker: fakeWorker });
    const controller = new AbortController();
    const held = db.transact(() => new Promise((resolve) => setTimeout(resolve, 30)));
    const waiting = codeOf(() => db.connection.execute({ sql: 'SELECT 1', params: [] }, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 5);
    expect(await waiting).toBe('aborted');
    await held;
  });

  it('exports, imports, persists, and closes', async () => {
    const storage = indexedDb('in a worker');
    db = await open({ worker: fakeWorker, storage });
    await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
    const file = await db.driver.exportFile();
    expect(await codeOf(() => db.driver.importFile(file.slice(1)))).toBe('storage-corrupt');
    await db.driver.importFile(file);
    await db.driver.flush();
    expect(await db.driver.storage()).toMatchObject({ version: 2, size: 8192 });
    await db.driver.close();
    expect(await codeOf(() => db.run('SELECT 1'))).toBe('closed');
    expect(await codeOf(() => db.driver.connect())).toBe('closed');
    const again = await open({ storage });
    expect(await again.value('SELECT count(*) FROM t')).toBe(0);
    await again.driver.close();
  });

  it('brings warnings over, and names a storage that the worker does not know', async () => {
    db = await open({ worker: fakeWorker, storage: indexedDb('warned') });
    expect(db.warnings).toMatchObject([{ kind: 'no-locks' }]);
    const unknown = { kind: 'elsewhere', name: 'x', open: () => undefined };
    expect(await codeOf(() => open({ worker: fakeWorker, storage: unknown }))).toBe('configuration');
    expect(await codeOf(() => open({ worker: fakeWorker, initSqlJs: async () => ({}) }))).toBe('configuration');
  });
});
