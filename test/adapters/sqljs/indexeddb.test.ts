import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { indexedDb, type SqljsOptions } from '../../../adapters/sqljs/index.ts';
import { codeOf, failureOf, type Opened, open } from './open.ts';

const opened: Opened[] = [];
let names = 0;

async function openStored(name: string, options: SqljsOptions = {}): Promise<Opened> {
  const db = await open({ storage: indexedDb(name), ...options });
  opened.push(db);
  return db;
}

/** What a fresh look at the storage finds. */
async function storedSha(name: string): Promise<string> {
  const db = await openStored(name, { tabs: 'none' });
  return shaOf(db);
}

async function shaOf({ driver }: Opened): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', await driver.exportFile())).toString('hex');
}

function freshName(): string {
  return `db ${++names}`;
}

/** Reads or changes the stored meta record past the driver. */
async function editMeta(name: string, edit: (meta: Record<string, unknown>) => Record<string, unknown>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.open(`meshestra:${name}`);
    request.onsuccess = () => {
      const transaction = request.result.transaction('blocks', 'readwrite');
      const store = transaction.objectStore('blocks');
      const get = store.get('meta');
      get.onsuccess = () => void store.put(edit(get.result as Record<string, unknown>), 'meta');
      transaction.oncomplete = () => {
        request.result.close();
        resolve();
      };
      transaction.onabort = () => reject(transaction.error);
    };
  });
}

describe('sqljs on IndexedDB', () => {
  afterEach(async () => {
    vi.restoreAllMocks();
    await Promise.all(opened.splice(0).map(({ driver }) => driver.close().catch(() => {})));
  });

  it('stores only the pages that changed', async () => {
    const name = freshName();
    const { run, driver, transact } = await openStored(name);
    await run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT');
    await transact((tx) => {
      for (let row = 0; row < 3000; row++)
        tx.execute({ sql: 'INSERT INTO t (v) VALUES (?)', params: ['x'.repeat(100)] });
    });
    const puts: unknown[] = [];
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
      puts.push(value);
      return put.call(this, value, key);
    });
    await run("UPDATE t SET v = 'y' WHERE id = 1500", [], ['t']);
    expect((await driver.storage()).size).toBeGreaterThan(300_000);
    expect(puts).toHaveLength(2);
    expect((puts[0] as { data: Uint8Array }).data.length).toBe(2 * 4096);
  });

  it('moves the log into the segments, and a tab that knows less still follows', async () => {
    const name = freshName();
    const a = await openStored(name);
    await a.run('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, v TEXT) STRICT');
    await a.transact((tx) => {
      for (let row = 0; row < 2000; row++)
        tx.execute({ sql: 'INSERT INTO t (n, v) VALUES (0, ?)', params: ['x'.repeat(400)] });
    });
    const behind = await openStored(name, { tabs: 'none' });
    // Each commit touches some 20 pages, so that 2 MiB of log are passed several times.
    for (let round = 0; round < 120; round++) {
      await a.run('UPDATE t SET n = n + 1 WHERE id % 100 = ?', [round % 100], ['t']);
    }
    let meta: Record<string, unknown> = {};
    await editMeta(name, (found) => {
      meta = found;
      return found;
    });
    expect(meta.base).toBeGreaterThan(100);
    expect(meta.floor).toBeGreaterThan(2);
    expect(meta.logBytes).toBeLessThan(2 << 20);
    expect(await storedSha(name)).toBe(await shaOf(a));
    expect(await codeOf(() => behind.run('UPDATE t SET n = -1', [], ['t']))).toBe('storage-conflict');
    expect(await shaOf(behind)).toBe(await shaOf(a));
    expect(await behind.value('PRAGMA integrity_check')).toBe('ok');
  });

  it('shrinks and grows the stored file with the database', async () => {
    const name = freshName();
    const db = await openStored(name);
    await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v BLOB) STRICT');
    for (let round = 0; round < 3; round++) {
      for (let row = 0; row < 6; row++) await db.run('INSERT INTO t (v) VALUES (?)', [new Uint8Array(300_000)], ['t']);
      await db.run('DELETE FROM t', [], ['t']);
      await db.run('VACUUM');
      expect((await db.driver.storage()).size).toBeLessThan(20_000);
      expect(await storedSha(name)).toBe(await shaOf(db));
    }
  });

  it('refuses a format of the future', async () => {
    const name = freshName();
    const db = await openStored(name);
    await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
    await db.driver.close();
    await editMeta(name, (meta) => ({ ...meta, format: 2 }));
    expect(await failureOf(() => openStored(name))).toMatchObject({
      code: 'storage-corrupt',
      message: expect.stringContaining('newer'),
    });
  });

  it('lets go when somebody deletes the database, and still exports what it has', async () => {
    const name = freshName();
    const db = await openStored(name);
    await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
    await new Promise((resolve) => {
      indexedDB.deleteDatabase(`meshestra:${name}`).onsuccess = resolve;
    });
    expect(await codeOf(() => db.run('INSERT INTO t VALUES (1)', [], ['t']))).toBe('storage-blocked');
    expect((await db.driver.exportFile()).length).toBe(8192);
  });

  it('passes on what the browser says about a database that it lost', async () => {
    const name = freshName();
    const openDatabase = IDBFactory.prototype.open;
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(function (this: IDBFactory, ...parameters) {
      const request = openDatabase.apply(this, parameters);
      // As Chromium does, after it deleted a storage that was damaged.
      request.addEventListener('upgradeneeded', (event) => {
        Object.assign(event, { dataLoss: 'total', dataLossMessage: 'checksum mismatch' });
      });
      return request;
    });
    const db = await openStored(name, { tabs: 'none' });
    expect(db.warnings).toMatchObject([{ kind: 'evicted', cause: 'checksum mismatch' }]);
  });

  it('begins with a given file only where nothing is stored', async () => {
    const source = await open();
    await source.run('CREATE TABLE given (v INTEGER) STRICT');
    const file = await source.driver.exportFile();
    const name = freshName();
    const first = await openStored(name, { file });
    await first.run('INSERT INTO given VALUES (1)', [], ['given']);
    await first.driver.close();
    const second = await openStored(name, { file });
    expect(await second.value('SELECT count(*) FROM given')).toBe(1);
    await source.driver.close();
  });

  it('recovers from a connection that died, whether or not the commit had got through', async () => {
    const name = freshName();
    const db = await openStored(name);
    await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
    const transaction = IDBDatabase.prototype.transaction;
    let failures = 1;
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...parameters) {
      if (failures-- > 0) throw new DOMException('The database connection is closing.', 'InvalidStateError');
      return transaction.apply(this, parameters);
    });
    await db.run('INSERT INTO t VALUES (1)', [], ['t']);
    vi.restoreAllMocks();
    // The answer to a commit that did get through is lost.
    const commit = IDBTransaction.prototype.commit;
    let losses = 1;
    vi.spyOn(IDBTransaction.prototype, 'commit').mockImplementation(function (this: IDBTransaction) {
      commit.call(this);
      if (this.mode === 'readwrite' && losses-- > 0)
        throw new DOMException('Connection to server lost', 'UnknownError');
    });
    await db.run('INSERT INTO t VALUES (2)', [], ['t']);
    expect(losses).toBeLessThan(1);
    expect((await db.driver.storage()).version).toBe(3);
    expect(await storedSha(name)).toBe(await shaOf(db));
  });

  it('keeps a commit that does not fit, under onPersistError keep, until there is room', async () => {
    const name = freshName();
    const db = await openStored(name, { onPersistError: 'keep' });
    await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('', 'QuotaExceededError');
    });
    const failure = await failureOf(() => db.run('INSERT INTO t VALUES (1)', [], ['t']));
    expect(failure).toMatchObject({ code: 'storage-quota', outcome: 'unknown' });
    expect(await codeOf(() => db.driver.flush())).toBe('storage-quota');
    expect(await db.value('SELECT count(*) FROM t')).toBe(1);
    full.mockRestore();
    await db.driver.flush();
    expect(await storedSha(name)).toBe(await shaOf(db));
    await db.run('INSERT INTO t VALUES (2)', [], ['t']);
    expect(await storedSha(name)).toBe(await shaOf(db));
  });
});

/** The steps of IndexedDB that may fail, each with how it fails. */
const STEPS = {
  open: [IDBFactory.prototype, 'open'],
  transaction: [IDBDatabase.prototype, 'transaction'],
  get: [IDBObjectStore.prototype, 'get'],
  getAll: [IDBObjectStore.prototype, 'getAll'],
  put: [IDBObjectStore.prototype, 'put'],
  delete: [IDBObjectStore.prototype, 'delete'],
  commit: [IDBTransaction.prototype, 'commit'],
} as const;

/** Makes the n-th step, counted over all kinds, throw. Tells whether it came to that. */
function failAt(n: number, error: () => Error): { readonly reached: () => boolean } {
  let steps = 0;
  for (const [prototype, method] of Object.values(STEPS)) {
    const target = prototype as unknown as Record<string, (...values: unknown[]) => unknown>;
    const original = target[method];
    vi.spyOn(target, method).mockImplementation(function (this: unknown, ...values: unknown[]) {
      if (++steps === n) throw error();
      return original?.apply(this, values);
    });
  }
  return { reached: () => steps >= n };
}

describe('sqljs when a step of IndexedDB fails', () => {
  afterEach(async () => {
    vi.restoreAllMocks();
    await Promise.all(opened.splice(0).map(({ driver }) => driver.close().catch(() => {})));
  });

  it.each([
    ['QuotaExceededError', 'storage-quota'],
    ['InvalidStateError', 'storage-blocked'],
    ['DataError', 'storage-blocked'],
  ])('each step in turn, with %s: whole or not at all, and the next try succeeds', async (error, expected) => {
    const codes = new Set<string>();
    let wasReached = true;
    for (let n = 1; wasReached; n++) {
      const outcome = await commitWithFault(n, error);
      codes.add(outcome.code);
      wasReached = outcome.wasReached;
      expect(n).toBeLessThan(200);
    }
    // A connection that died is replaced, and the caller sees nothing of it.
    expect([...codes].sort()).toEqual(error === 'InvalidStateError' ? ['none'] : ['none', expected].sort());
  });

  async function commitWithFault(n: number, error: string): Promise<{ code: string; wasReached: boolean }> {
    const name = freshName();
    const db = await openStored(name, { tabs: 'none' });
    await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v BLOB) STRICT');
    // So much in the log that the next commit makes a checkpoint.
    for (let row = 0; row < 3; row++) await db.run('INSERT INTO t (v) VALUES (?)', [new Uint8Array(600_000)], ['t']);
    const before = await shaOf(db);
    const fault = failAt(n, () => new DOMException('', error));
    const insert = () => db.run('INSERT INTO t (v) VALUES (?)', [new Uint8Array(600_000)], ['t']);
    const code = await codeOf(insert);
    await db.driver.flush().catch(() => {});
    const wasReached = fault.reached();
    vi.restoreAllMocks();
    const after = await shaOf(db);
    expect(await storedSha(name)).toBe(after);
    if (code !== 'none') expect(after).toBe(before);
    expect(await codeOf(insert)).toBe('none');
    expect(await db.value('SELECT count(*) FROM t')).toBe(code === 'none' ? 5 : 4);
    expect(await db.value('PRAGMA integrity_check')).toBe('ok');
    expect(await storedSha(name)).toBe(await shaOf(db));
    return { code, wasReached };
  }

  it('each step of opening in turn: a typed error, and the next try opens', async () => {
    const name = freshName();
    const first = await openStored(name);
    await first.run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
    for (let n = 1; ; n++) {
      const fault = failAt(n, () => new DOMException('', 'SecurityError'));
      const code = await codeOf(() => openStored(name));
      const wasReached = fault.reached();
      vi.restoreAllMocks();
      if (!wasReached) {
        expect(code).toBe('none');
        break;
      }
      expect(code).toBe('storage-blocked');
      expect(await codeOf(() => openStored(name))).toBe('none');
    }
  });
});
