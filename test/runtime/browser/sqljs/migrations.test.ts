import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserTitle, findChromium } from '../../../support/chromium.ts';
import { type BrowserProcess, createProfile, startBrowser } from './support/browser-process.ts';
import type { StartOptions } from './support/migrating.ts';
import { type PageServer, servePage } from './support/server.ts';

const chromium = findChromium();

const DONE = { notes: ['note 0!'], tags: 1, versions: ['1', '2', '3'] };
/** The steps of all migrations. */
const STEPS = 6;

describe.skipIf(chromium.missing)(browserTitle('tabs that migrate when they start', chromium), () => {
  const profile = createProfile();
  let server: PageServer;
  let browser: BrowserProcess;
  const openTabs = (count: number): Promise<Page[]> =>
    Promise.all(Array.from({ length: count }, () => browser.openPage(`${server.origin}/migrating`)));
  const closeTabs = (tabs: readonly Page[]) => Promise.all(tabs.map((tab) => tab.close()));
  const start = (tab: Page, name: string, options: StartOptions) =>
    tab.evaluate(([database, given]) => migrating.start(database, given), [name, options] as const);
  const read = (tab: Page) => tab.evaluate(() => migrating.read());
  const write = (tab: Page, body: string) => tab.evaluate((text) => migrating.write(text), body);

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
    { where: 'in the page', worker: false, count: 2 },
    { where: 'in workers', worker: true, count: 2 },
    { where: 'in the page', worker: false, count: 8 },
  ])('apply each migration once, $count at once $where', async ({ worker, count }) => {
    const tabs = await openTabs(count);
    const name = `once ${worker} ${count}`;
    const applied = await Promise.all(tabs.map((tab) => start(tab, name, { known: 3, worker })));
    expect(applied.flat().sort()).toEqual(['1', '2', '3']);
    for (const tab of tabs) expect(await read(tab)).toEqual(DONE);
    await closeTabs(tabs);
  });

  it('read on with older code, and refuse to write, once a tab with newer code has migrated', async () => {
    const [older, newer] = (await openTabs(2)) as [Page, Page];
    expect(await start(older, 'older', { known: 2 })).toEqual(['1', '2']);
    expect(await write(older, 'from the older')).toBe('none');
    expect(await start(newer, 'older', { known: 3 })).toEqual(['3']);
    expect(await write(older, 'too late')).toBe('newer');
    expect(await write(newer, 'from the newer')).toBe('none');
    const notes = ['note 0!', 'from the older!', 'from the newer'];
    expect(await read(newer)).toEqual({ ...DONE, notes });
    expect(await read(older)).toEqual({ ...DONE, notes });
    const [again] = (await openTabs(1)) as [Page];
    await expect(start(again, 'older', { known: 2 })).rejects.toThrow(/newer program/);
    await closeTabs([older, newer, again]);
  });

  it('that are killed at any step leave the old or the new state, from which the next one goes on', async () => {
    for (let hangAt = 1; hangAt <= STEPS; hangAt += 1) {
      const [tab] = (await openTabs(1)) as [Page];
      const name = `killed at ${hangAt}`;
      const hanging = start(tab, name, { known: 3, hangAt }).catch(() => []);
      await sleep(1500);
      browser.killRenderers();
      await hanging;
      const [next] = (await openTabs(1)) as [Page];
      const applied = await start(next, name, { known: 3 });
      // What was committed before is kept, and nothing of the one that was under way.
      expect(applied).toEqual(['1', '2', '3'].slice(Math.floor((hangAt - 1) / 2)));
      expect(await read(next)).toEqual(DONE);
      await next.close();
    }
  });
});
