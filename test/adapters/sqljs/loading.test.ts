import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { InitSqlJs } from '../../../adapters/sqljs/index.ts';
import { codeOf, open } from './open.ts';

const require = createRequire(import.meta.url);
const wasm = require.resolve('sql.js/dist/sql-wasm.wasm');

/** A sql.js that nobody has initialised yet; the package's own is one per process. */
function freshSqlJs(): InitSqlJs {
  const path = require.resolve('sql.js');
  delete require.cache[path];
  return require(path) as InitSqlJs;
}

describe('loading sql.js', () => {
  it.each([
    ['the address of a file', () => wasm],
    ['its bytes', () => readFileSync(wasm)],
    ['a compiled module', () => new WebAssembly.Module(readFileSync(wasm))],
    ['nothing, so that the package answers', () => undefined],
  ])('takes %s', async (_title, source) => {
    const file = source();
    const db = await open({ initSqlJs: freshSqlJs(), ...(file === undefined ? {} : { wasm: file }) });
    expect(await db.value('SELECT sqlite_version()')).toMatch(/^3\./);
    expect(db.warnings).toEqual([]);
    await db.driver.close();
  });

  it('never hangs on a wasm file that fails, and takes the next one', async () => {
    const initSqlJs = freshSqlJs();
    expect(await codeOf(() => open({ initSqlJs, wasm: '/nowhere/sql.wasm' }))).toBe('configuration');
    expect(await codeOf(() => open({ initSqlJs, wasm: new Uint8Array([1, 2, 3]) }))).toBe('configuration');
    const db = await open({ initSqlJs, wasm });
    expect(db.warnings).toEqual([]);
    await db.driver.close();
  });

  it('keeps two databases of one sql.js apart, also where they open at once', async () => {
    const initSqlJs = freshSqlJs();
    const [a, b] = await Promise.all([open({ initSqlJs }), open({ initSqlJs })]);
    await a.run('CREATE TABLE a (v INTEGER) STRICT');
    await b.run('CREATE TABLE b (v INTEGER) STRICT');
    const tables = "SELECT group_concat(name) FROM sqlite_schema WHERE type = 'table'";
    expect([await a.value(tables), await b.value(tables)]).toEqual(['a', 'b']);
    await a.driver.close();
    expect(await b.value(tables)).toBe('b');
    await b.driver.close();
  });

  it('says so when other code was first, and still keeps every value', async () => {
    const initSqlJs = freshSqlJs();
    await initSqlJs({ useOldExtensionFunctions: false });
    const db = await open({ initSqlJs });
    expect(db.warnings).toMatchObject([{ kind: 'hook-failed' }]);
    await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b BLOB, n INTEGER) STRICT');
    const row = [`\ufeffnul\0 😀 ${'long '.repeat(20)}`, new Uint8Array([0, 255]), 2n ** 60n];
    await db.run('INSERT INTO t (a, b, n) VALUES (?, ?, ?)', row);
    expect((await db.run('SELECT a, b, n FROM t')).rows).toEqual([row]);
    const file = await db.driver.exportFile();
    await db.run('DELETE FROM t');
    await db.driver.importFile(file);
    expect((await db.run('SELECT a, b, n FROM t')).rows).toEqual([row]);
    expect(await db.value('PRAGMA foreign_keys')).toBe(1);
    await db.driver.close();
  });

  it('refuses what is no sql.js', async () => {
    expect(await codeOf(() => open({ initSqlJs: async () => ({}) }))).toBe('configuration');
    expect(await codeOf(() => open({ initSqlJs: async () => null }))).toBe('configuration');
  });

  it.each([
    { durability: 'soon' },
    { tabs: 'many' },
    { onPersistError: 'panic' },
    { lockTimeout: -1 },
    { statementCache: 0 },
  ])('refuses the option %o', async (option) => {
    expect(await codeOf(() => open(option as object))).toBe('configuration');
  });
});
