import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserTitle, findChromium } from '../../../support/chromium.ts';
import { type BrowserProcess, createProfile, startBrowser } from './support/browser-process.ts';
import { type PageServer, servePage } from './support/server.ts';

const chromium = findChromium();

describe.skipIf(chromium.missing)(browserTitle('sqljs keeps a database in IndexedDB', chromium), () => {
  const profile = createProfile();
  let server: PageServer;
  let browser: BrowserProcess;
  const open = (path = ''): Promise<Page> => browser.openPage(server.url + path);

  beforeAll(async () => {
    server = await servePage();
    browser = await startBrowser(profile.path);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    profile.remove();
  });

  it('finds after a reload what was written before', async () => {
    const page = await open();
    const version = await page.evaluate(async () => {
      const db = await testPage.open('reload');
      await db.run('CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT');
      await db.run('INSERT INTO notes (body) VALUES (?), (?)', ['\ufefffirst', 'zwei 😀 \0 NUL'], ['notes']);
      return (await db.driver.storage()).version;
    });
    expect(version).toBe(2);
    await page.reload();
    await page.waitForFunction(() => 'testPage' in globalThis);
    const found = await page.evaluate(async () => {
      const db = await testPage.open('reload');
      return { rows: (await db.run('SELECT id, body FROM notes ORDER BY id')).rows, warnings: db.warnings };
    });
    expect(found).toEqual({
      rows: [
        [1, '\ufefffirst'],
        [2, 'zwei 😀 \0 NUL'],
      ],
      warnings: [],
    });
    await page.close();
  });

  it('answers reads and failures without a promise', async () => {
    const page = await open();
    const kinds = await page.evaluate(async () => {
      const { connection, run } = await testPage.open('sync');
      await run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
      const read = connection.execute({ sql: 'SELECT 1', params: [] });
      const write = connection.execute({ sql: 'INSERT INTO t VALUES (1)', params: [] });
      await write;
      return [read instanceof Promise, write instanceof Promise];
    });
    expect(kinds).toEqual([false, true]);
    await page.close();
  });

  it('stores many commits of one turn in few transactions of IndexedDB', async () => {
    const page = await open();
    const versions = await page.evaluate(async () => {
      const { run, driver } = await testPage.open('group');
      await run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
      const insert = () => run('INSERT INTO t DEFAULT VALUES', [], ['t']);
      await Promise.all(Array.from({ length: 2000 }, insert));
      const afterBurst = (await driver.storage()).version;
      // Ten writers that each wait for their own commit share transactions as well.
      await Promise.all(
        Array.from({ length: 10 }, async () => {
          for (let index = 0; index < 20; index++) await insert();
        }),
      );
      return {
        afterBurst,
        afterWriters: (await driver.storage()).version,
        rows: await testPage.db.value('SELECT count(*) FROM t'),
      };
    });
    // Two on a machine that has nothing else to do: the first commit, and all that came while it was stored.
    expect(versions.afterBurst).toBeLessThan(20);
    expect(versions.rows).toBe(2200);
    expect(versions.afterWriters - versions.afterBurst).toBeLessThan(60);
    await page.close();
  });

  it('works under a strict Content-Security-Policy, in the page and in a worker', async () => {
    const page = await open('strict');
    const values = await page.evaluate(async () => {
      const here = await testPage.open('strict');
      await here.run('CREATE TABLE t (v TEXT) STRICT');
      await here.run('INSERT INTO t VALUES (?)', ['kept'], ['t']);
      const there = await testPage.open('strict', { worker: testPage.worker });
      return [await there.value('SELECT v FROM t'), here.warnings.length];
    });
    expect(values).toEqual(['kept', 0]);
    await page.close();
  });

  it('exports a file that imports elsewhere, and refuses a damaged one while the data stays', async () => {
    const page = await open();
    const result = await page.evaluate(async () => {
      const a = await testPage.open('export');
      await a.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT');
      await a.run("INSERT INTO t (v) VALUES ('one'), ('two')", [], ['t']);
      const file = await a.driver.exportFile();
      const b = await testPage.open('import');
      await b.run('CREATE TABLE other (v TEXT) STRICT');
      const damaged = file.slice();
      damaged.fill(255, 4100, 5000);
      const codes = [
        await testPage.codeOf(() => b.driver.importFile(damaged)),
        await testPage.codeOf(() => b.driver.importFile(file.slice(0, 5000))),
        await testPage.codeOf(() => b.driver.importFile(new TextEncoder().encode('not a database'.repeat(100)))),
      ];
      const before = await b.value("SELECT group_concat(name) FROM sqlite_schema WHERE type = 'table'");
      await b.driver.importFile(new Blob([file]));
      const after = await b.value('SELECT group_concat(v) FROM t');
      const sizes = [file.length, (await b.driver.storage()).size];
      return { codes, before, after, same: sizes[0] === sizes[1] };
    });
    expect(result).toEqual({
      codes: ['storage-corrupt', 'storage-corrupt', 'storage-corrupt'],
      before: 'other',
      after: 'one,two',
      same: true,
    });
    await page.reload();
    await page.waitForFunction(() => 'testPage' in globalThis);
    expect(await page.evaluate(async () => (await testPage.open('import')).value('SELECT count(*) FROM t'))).toBe(2);
    await page.close();
  });

  it.each(['reload', 'navigation', 'close'])('hands deferred commits over when the page goes by %s', async (way) => {
    const name = `deferred-${way}`;
    const page = await open();
    await page.evaluate(async (database) => {
      const db = await testPage.open(database, { durability: 'deferred', flushDelay: 60_000 });
      await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
      await db.driver.flush();
      await db.run('INSERT INTO t VALUES (1)', [], ['t']);
      await db.run('INSERT INTO t VALUES (2)', [], ['t']);
    }, name);
    if (way === 'reload') await page.reload();
    else if (way === 'navigation') await page.goto('about:blank');
    else await page.close({ runBeforeUnload: true });
    const next = await open();
    const rows = await next.evaluate(
      async (database) => (await testPage.open(database)).value('SELECT count(*) FROM t'),
      name,
    );
    expect(rows).toBe(2);
    await next.close();
    if (!page.isClosed()) await page.close();
  });

  it('hands deferred commits over while others are on their way', async () => {
    for (let round = 0; round < 4; round++) {
      const page = await open();
      const name = `in-flight-${round}`;
      const leaving = page.evaluate(
        async ([database, wait]) => {
          const db = await testPage.open(database, { durability: 'deferred', flushDelay: 60_000 });
          await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
          await db.driver.flush();
          await db.run('INSERT INTO t VALUES (1)', [], ['t']);
          db.driver.flush().catch(() => {});
          if (wait) await new Promise((resolve) => setTimeout(resolve, 0));
          await db.run('INSERT INTO t VALUES (2)', [], ['t']);
          location.reload();
        },
        [name, round % 2 === 0] as const,
      );
      // The answer may be lost with the page that gave it.
      await leaving.catch(() => {});
      const next = await open();
      const rows = await next.evaluate(
        async (database) => (await testPage.open(database)).value('SELECT count(*) FROM t'),
        name,
      );
      expect(rows).toBe(2);
      await next.close();
      await page.close();
    }
  });

  it('stores deferred commits soon after, without any event of the page', async () => {
    const page = await open();
    const versions = await page.evaluate(async () => {
      const db = await testPage.open('deferred', { durability: 'deferred', flushDelay: 20 });
      await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
      const before = (await db.driver.storage()).version;
      for (let tries = 0; tries < 500 && (await db.driver.storage()).version === before; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return [before, (await db.driver.storage()).version];
    });
    expect(versions).toEqual([0, 1]);
    await page.close();
  });

  it('warns when the browser has deleted the database', async () => {
    const page = await open();
    const kinds = await page.evaluate(async () => {
      const { run, driver } = await testPage.open('evicted');
      await run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
      await driver.close();
      await new Promise((resolve) => {
        indexedDB.deleteDatabase('meshestra:evicted').onsuccess = resolve;
      });
      return (await testPage.open('evicted')).warnings.map(({ kind }) => kind);
    });
    expect(kinds).toEqual(['evicted']);
    await page.close();
  });

  it('names a wasm file that is not there, and opens with the right one afterwards', async () => {
    const page = await open();
    const codes = await page.evaluate(async () => [
      await testPage.codeOf(() => testPage.open(null, { wasm: '/missing.wasm' })),
      await testPage.codeOf(() => testPage.open(null, { wasm: '/page.js' })),
      await testPage.codeOf(() => testPage.open(null, { wasm: '/sql-wasm-browser.wasm' })),
    ]);
    expect(codes).toEqual(['configuration', 'configuration', 'none']);
    await page.close();
  });
});
