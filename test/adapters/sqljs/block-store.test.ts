import { afterEach, describe, expect, it } from 'vitest';
import type { BlockCommit, BlockStore, Storage } from '../../../adapters/sqljs/index.ts';
import { StorageConflictError } from '../../../src/port.ts';
import { codeOf, type Opened, open } from './open.ts';

/** A storage of the tests' own, as an application may write one: every version of the file, whole. */
function versions(): Storage & { readonly files: Uint8Array[]; readonly commits: BlockCommit[] } {
  const files: Uint8Array[] = [];
  const commits: BlockCommit[] = [];
  const state = () => ({ version: files.length, size: files.at(-1)?.length ?? 0 });
  const store: BlockStore = {
    load: async (target) => {
      target.put(0, files.at(-1) ?? new Uint8Array(0));
      return state();
    },
    changes: async (since, again) => {
      if (since === files.length && again.length === 0) return null;
      return {
        ...state(),
        whole: true,
        parts: [{ position: 0, bytes: files.at(-1) ?? new Uint8Array(0) }],
        tables: null,
      };
    },
    write: async (commit) => {
      const file = commit.source.slice(0, commit.size);
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (commit.expected !== files.length) throw new StorageConflictError('another version came first');
      commits.push(commit);
      files.push(file);
    },
    close: async () => {},
  };
  return { kind: 'versions', name: 'test', open: () => store, files, commits };
}

describe('sqljs on a storage of your own', () => {
  const opened: Opened[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(({ driver }) => driver.close()));
  });
  async function openOn(storage: Storage): Promise<Opened> {
    const db = await open({ storage, tabs: 'none' });
    opened.push(db);
    return db;
  }

  it('hands it each commit with the units that changed and the tables that were written', async () => {
    const storage = versions();
    const db = await openOn(storage);
    await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
    await db.run('INSERT INTO t VALUES (1)', [], ['t']);
    await db.run('SELECT * FROM t');
    await db.run('DELETE FROM t WHERE 0', [], ['t']);
    expect(storage.commits.map(({ expected, tables, units }) => [expected, tables, [...units]])).toEqual([
      [0, null, [0, 1]],
      [1, ['t'], [0, 1]],
    ]);
    expect(await (await openOn(storage)).value('SELECT id FROM t')).toBe(1);
  });

  it('takes memory back to the storage after a conflict, and then succeeds', async () => {
    const storage = versions();
    const [a, b] = [await openOn(storage), await openOn(storage)];
    await a.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT');
    expect(await codeOf(() => b.run('CREATE TABLE other (v TEXT) STRICT'))).toBe('storage-conflict');
    expect(await b.value('SELECT group_concat(name) FROM sqlite_schema')).toBe('t');
    // Both change the same page in the same way, so that even SQLite's change counter is equal.
    await a.run("INSERT INTO t VALUES (1, 'a')", [], ['t']);
    expect(await codeOf(() => b.run("INSERT INTO t VALUES (1, 'b')", [], ['t']))).toBe('storage-conflict');
    expect(await b.value('SELECT v FROM t')).toBe('a');
    expect(await codeOf(() => b.run("INSERT INTO t VALUES (2, 'b')", [], ['t']))).toBe('none');
  });

  it('rolls back a transaction that builds on a commit which the storage refused', async () => {
    const storage = versions();
    const [a, b] = [await openOn(storage), await openOn(storage)];
    await a.run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
    expect(await codeOf(() => b.run('SELECT 1'))).toBe('none');
    const refused = codeOf(() => b.run('CREATE TABLE u (id INTEGER PRIMARY KEY) STRICT'));
    const building = codeOf(() =>
      b.transact(async (tx) => {
        tx.execute({ sql: 'INSERT INTO u VALUES (1)', params: [] });
        await new Promise((resolve) => setTimeout(resolve, 5));
        tx.execute({ sql: 'INSERT INTO u VALUES (2)', params: [] });
      }),
    );
    expect([await refused, await building]).toEqual(['storage-conflict', 'storage-conflict']);
    expect(await b.value('SELECT group_concat(name) FROM sqlite_schema')).toBe('t');
    expect(await codeOf(() => b.run('INSERT INTO t VALUES (1)', [], ['t']))).toBe('none');
  });
});
