import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserTitle, findChromium } from '../../../support/chromium.ts';
import { type BrowserProcess, createProfile, startBrowser } from './support/browser-process.ts';
import { type PageServer, servePage } from './support/server.ts';

const chromium = findChromium();

describe.skipIf(chromium.missing)(browserTitle('sqljs when the storage is full', chromium), () => {
  const profile = createProfile();
  let server: PageServer;
  let browser: BrowserProcess;

  beforeAll(async () => {
    server = await servePage();
    browser = await startBrowser(profile.path);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    profile.remove();
  });

  async function setQuota(page: Page, quotaSize: number | undefined): Promise<void> {
    const session = await browser.context.newCDPSession(page);
    const limit = quotaSize === undefined ? {} : { quotaSize };
    await session.send('Storage.overrideQuotaForOrigin', { origin: server.origin, ...limit });
  }

  it('takes the commit back, so that memory and storage stay equal, and goes on when there is room', async () => {
    const page = await browser.openPage(server.url);
    await setQuota(page, 4 << 20);
    const outcome = await page.evaluate(async () => {
      const { run, connection, value, sha } = await testPage.open('quota');
      await run('CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT');
      let error: unknown;
      let others: PromiseSettledResult<unknown>[] = [];
      for (let index = 0; error === undefined && index < 60; index++) {
        const body = crypto.getRandomValues(new Uint8Array(60_000));
        const bulk = Promise.resolve(
          connection.transact?.((tx) => {
            for (let row = 0; row < 8; row++) tx.execute({ sql: 'INSERT INTO t (body) VALUES (?)', params: [body] });
          }),
        );
        // Two more that build on it while it is being stored.
        others = await Promise.allSettled([
          bulk,
          run('INSERT INTO t (body) VALUES (?)', [new Uint8Array(10)], ['t']),
          connection.transact?.(async (tx) => {
            await new Promise((resolve) => setTimeout(resolve, 1));
            await tx.execute({ sql: 'INSERT INTO t (body) VALUES (?)', params: [new Uint8Array(10)] });
          }),
        ]);
        error = others.flatMap((other) => (other.status === 'rejected' ? [other.reason] : []))[0];
      }
      return {
        code: (error as { code?: string } | undefined)?.code,
        settled: others.map(({ status }) => status).join(),
        rows: await value('SELECT count(*) FROM t'),
        integrity: await value('PRAGMA integrity_check'),
        sha: await sha(),
      };
    });
    expect(outcome).toMatchObject({ code: 'storage-quota', settled: 'rejected,rejected,rejected', integrity: 'ok' });
    const fresh = await browser.openPage(server.url);
    const stored = await fresh.evaluate(async () => {
      const { value, sha } = await testPage.open('quota');
      return { rows: await value('SELECT count(*) FROM t'), sha: await sha() };
    });
    expect(stored).toEqual({ rows: outcome.rows, sha: outcome.sha });
    await setQuota(page, undefined);
    const after = await page.evaluate(async () => {
      const insert = () => testPage.db.run('INSERT INTO t (body) VALUES (?)', [new Uint8Array(10)], ['t']);
      // Chromium remembers the room that was left for up to half a minute.
      for (let tries = 0; tries < 90; tries++) {
        if ((await testPage.codeOf(insert)) === 'none') return testPage.db.value('SELECT count(*) FROM t');
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      return 'never';
    });
    expect(after).toBe((outcome.rows as number) + 1);
    await page.close();
    await fresh.close();
  });
});
