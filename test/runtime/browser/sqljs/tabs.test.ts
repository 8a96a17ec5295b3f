import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserTitle, findChromium } from '../../../support/chromium.ts';
import { type BrowserProcess, createProfile, startBrowser } from './support/browser-process.ts';
import { type PageServer, servePage } from './support/server.ts';

const chromium = findChromium();

describe.skipIf(chromium.missing)(browserTitle('sqljs in several tabs', chromium), () => {
  const profile = createProfile();
  let server: PageServer;
  let browser: BrowserProcess;
  const openTabs = (count: number): Promise<Page[]> =>
    Promise.all(Array.from({ length: count }, () => browser.openPage(server.url)));
  const closeTabs = (tabs: readonly Page[]) => Promise.all(tabs.map((tab) => tab.close()));

  beforeAll(async () => {
    server = await servePage();
    browser = await startBrowser(profile.path);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    profile.remove();
  });

  it.each([
    { where: 'in the page', inWorker: false },
    { where: 'in workers', inWorker: true },
  ])('adds 2 × 1,000 read-modify-write increments up to exactly 2,000 $where', async ({ inWorker }) => {
    const name = `counter ${inWorker}`;
    const tabs = await openTabs(2);
    for (const tab of tabs) {
      await tab.evaluate(
        async ([database, worker]) => {
          const db = await testPage.open(database, worker ? { worker: testPage.worker } : {});
          await db.run('CREATE TABLE IF NOT EXISTS counter (n INTEGER NOT NULL) STRICT');
          if ((await db.value('SELECT count(*) FROM counter')) === 0) await db.run('INSERT INTO counter VALUES (0)');
        },
        [name, inWorker] as const,
      );
    }
    await Promise.all(
      tabs.map((tab) =>
        tab.evaluate(async () => {
          for (let index = 0; index < 1000; index++) {
            await testPage.db.connection.transact?.(async (tx) => {
              const { rows } = await tx.execute({ sql: 'SELECT n FROM counter', params: [] }, { writes: [] });
              const next = (rows[0]?.[0] as number) + 1;
              await tx.execute({ sql: 'UPDATE counter SET n = ?', params: [next] }, { writes: ['counter'] });
            });
          }
        }),
      ),
    );
    const [fresh] = await openTabs(1);
    const total = await fresh?.evaluate(
      async (database) => (await testPage.open(database)).value('SELECT n FROM counter'),
      name,
    );
    expect(total).toBe(2000);
    await closeTabs([...tabs, ...(fresh === undefined ? [] : [fresh])]);
  });

  it('ends bit-identical in three tabs after random changes, DDL, VACUUM and rollbacks', async () => {
    const tabs = await openTabs(3);
    for (const tab of tabs) {
      await tab.evaluate(async () => {
        const { run } = await testPage.open('fuzz');
        await run('CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, body TEXT) STRICT');
      });
    }
    await Promise.all(
      tabs.map((tab, seed) =>
        tab.evaluate(async (start) => {
          const { connection, run } = testPage.db;
          let state = start * 7919 + 17;
          const random = (limit: number) => {
            state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
            return Math.floor((state / 2 ** 32) * limit);
          };
          const body = () => 'x'.repeat(random(3000));
          const rollBack = async () => {
            const rolledBack = connection.transact?.((tx) => {
              tx.execute({ sql: 'DELETE FROM items', params: [] });
              throw new Error('on purpose');
            });
            await Promise.resolve(rolledBack).catch(() => {});
          };
          // Each up to its number, of 100.
          const changes: readonly (readonly [number, () => Promise<unknown>])[] = [
            [40, () => run('INSERT INTO items (n, body) VALUES (?, ?)', [random(1000), body()], ['items'])],
            [60, () => run('UPDATE items SET n = n + 1, body = ? WHERE id % 7 = ?', [body(), random(7)])],
            [75, () => run('DELETE FROM items WHERE id % 11 = ?', [random(11)], ['items'])],
            [82, () => run(`CREATE TABLE IF NOT EXISTS extra_${random(4)} AS SELECT * FROM items`)],
            [89, () => run(`DROP TABLE IF EXISTS extra_${random(4)}`)],
            [92, () => run('VACUUM')],
            [95, () => run(`CREATE INDEX IF NOT EXISTS items_${random(3)} ON items (n)`)],
            [100, rollBack],
          ];
          const change = async (kind: number) => changes.find(([limit]) => kind < limit)?.[1]();
          for (let index = 0; index < 150; index++) await change(random(100));
        }, seed),
      ),
    );
    const fresh = await browser.openPage(server.url);
    await fresh.evaluate(() => testPage.open('fuzz'));
    // A write of nothing makes a tab read the newest pages first.
    const states = await Promise.all(
      [...tabs, fresh].map((tab) =>
        tab.evaluate(async () => {
          await testPage.db.run('DELETE FROM items WHERE 0', [], ['items']);
          return { sha: await testPage.db.sha(), integrity: await testPage.db.value('PRAGMA integrity_check') };
        }),
      ),
    );
    expect(states[0]?.integrity).toBe('ok');
    for (const state of states) expect(state).toEqual(states[0]);
    await closeTabs([...tabs, fresh]);
  });

  it('tells other tabs which tables a commit wrote, and shows it there', async () => {
    const [a, b] = (await openTabs(2)) as [Page, Page];
    await a.evaluate(async () => {
      const { run } = await testPage.open('notice');
      await run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
    });
    const seen = b.evaluate(async () => {
      const { driver, value } = await testPage.open('notice');
      const change = await new Promise((resolve) => {
        driver.onExternalChange?.(resolve);
        console.log('listening');
      });
      return { change, rows: await value('SELECT count(*) FROM t') };
    });
    await b.waitForEvent('console');
    await a.evaluate(() => testPage.db.run('INSERT INTO t VALUES (1)', [], ['t']));
    expect(await seen).toEqual({ change: { tables: ['t'], origin: 'other-tab' }, rows: 1 });
    await closeTabs([a, b]);
  });

  it('follows an import of another tab, page size and all', async () => {
    const [a, b] = (await openTabs(2)) as [Page, Page];
    const file = await a.evaluate(async () => {
      const source = await testPage.open(null);
      await source.run('PRAGMA page_size = 1024');
      await source.run('VACUUM');
      await source.run('CREATE TABLE imported (v INTEGER) STRICT');
      await source.run('INSERT INTO imported VALUES (7)');
      const bytes = await source.driver.exportFile();
      const target = await testPage.open('import');
      // As many changes as the file has seen, so that SQLite's own counters are equal.
      await target.run('CREATE TABLE before (v INTEGER) STRICT');
      await target.run('INSERT INTO before VALUES (7)');
      return Array.from(bytes);
    });
    await b.evaluate(() => testPage.open('import'));
    await a.evaluate((bytes) => testPage.db.driver.importFile(Uint8Array.from(bytes)), file);
    const found = await b.evaluate(async () => {
      await testPage.db.run('UPDATE imported SET v = v + 1', [], ['imported']);
      return [await testPage.db.value('SELECT v FROM imported'), await testPage.db.value('PRAGMA page_size')];
    });
    expect(found).toEqual([8, 1024]);
    expect(
      await a.evaluate(async () => {
        await testPage.db.run('DELETE FROM imported WHERE 0', [], ['imported']);
        return testPage.db.value('SELECT v FROM imported');
      }),
    ).toBe(8);
    await closeTabs([a, b]);
  });

  it('gives up waiting for a tab that writes, by time and by signal, and then writes', async () => {
    const [a, b] = (await openTabs(2)) as [Page, Page];
    await a.evaluate(async () => {
      const { run, connection } = await testPage.open('locked');
      await run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
      const page = globalThis as unknown as { finish: () => void; held: unknown };
      const finished = new Promise<void>((resolve) => {
        page.finish = resolve;
      });
      const begun = new Promise<void>((resolve) => {
        page.held = connection.transact?.(() => {
          resolve();
          return finished;
        });
      });
      await begun;
    });
    const codes = await b.evaluate(async () => {
      const { run, connection } = await testPage.open('locked', { lockTimeout: 200 });
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 20);
      const statement = { sql: 'INSERT INTO t VALUES (1)', params: [] };
      return [
        await testPage.codeOf(() => run('INSERT INTO t VALUES (1)')),
        await testPage.codeOf(() => connection.execute(statement, { signal: controller.signal })),
        await testPage.codeOf(() => run('SELECT * FROM t')),
      ];
    });
    expect(codes).toEqual(['lock-timeout', 'aborted', 'none']);
    await a.evaluate(() => (globalThis as unknown as { finish: () => void }).finish());
    expect(await b.evaluate(() => testPage.codeOf(() => testPage.db.run('INSERT INTO t VALUES (1)')))).toBe('none');
    await closeTabs([a, b]);
  });

  it('refuses to open exclusively what another tab has open exclusively', async () => {
    const [a, b] = (await openTabs(2)) as [Page, Page];
    await a.evaluate(async () => {
      const { run } = await testPage.open('exclusive', { tabs: 'exclusive' });
      await run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
      await run('INSERT INTO t VALUES (1)', [], ['t']);
    });
    const open = () => testPage.codeOf(() => testPage.open('exclusive', { tabs: 'exclusive', lockTimeout: 100 }));
    expect(await b.evaluate(open)).toBe('storage-blocked');
    await a.evaluate(() => testPage.db.driver.close());
    expect(await b.evaluate(open)).toBe('none');
    expect(await b.evaluate(() => testPage.db.value('SELECT count(*) FROM t'))).toBe(1);
    await closeTabs([a, b]);
  });

  it('counts exactly without locks as well, where each conflict is tried again', async () => {
    const tabs = await openTabs(2);
    for (const tab of tabs) {
      await tab.evaluate(async () => {
        Object.defineProperty(navigator, 'locks', { value: undefined });
        const { run, value } = await testPage.open('no locks');
        await run('CREATE TABLE IF NOT EXISTS counter (n INTEGER NOT NULL) STRICT');
        if ((await value('SELECT count(*) FROM counter')) === 0) await run('INSERT INTO counter VALUES (0)');
      });
    }
    const conflicts = await Promise.all(
      tabs.map((tab) =>
        tab.evaluate(async () => {
          const { connection } = testPage.db;
          let failed = 0;
          for (let done = 0; done < 200; ) {
            try {
              await connection.transact?.(async (tx) => {
                const { rows } = await tx.execute({ sql: 'SELECT n FROM counter', params: [] });
                await tx.execute({ sql: 'UPDATE counter SET n = ?', params: [(rows[0]?.[0] as number) + 1] });
              });
              done++;
            } catch (error) {
              if ((error as { retryable?: boolean }).retryable !== true) throw error;
              failed++;
            }
          }
          return failed;
        }),
      ),
    );
    const totals = await Promise.all(
      tabs.map((tab) =>
        tab.evaluate(async () => {
          await testPage.db.run('UPDATE counter SET n = n WHERE 0');
          return [
            await testPage.db.value('SELECT n FROM counter'),
            testPage.db.warnings.map(({ kind }) => kind).join(),
          ];
        }),
      ),
    );
    expect(totals).toEqual([
      [400, 'no-locks'],
      [400, 'no-locks'],
    ]);
    expect(conflicts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    await closeTabs(tabs);
  });
});
