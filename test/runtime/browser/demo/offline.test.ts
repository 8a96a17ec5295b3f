import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserTitle, findChromium } from '../../../support/chromium.ts';
import { type DemoSite, goTo, loadSample, openDemoSite } from './demo-site.ts';

const chromium = findChromium();

describe.skipIf(chromium.missing !== undefined)(browserTitle('the library without a network', chromium), () => {
  let site: DemoSite;
  beforeAll(async () => {
    site = await openDemoSite();
  });
  afterAll(() => site?.close());

  test('after one visit the app opens, reads and writes while its server is gone', async () => {
    const { page, openTab, complaints } = await site.visit();
    await loadSample(page);
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await site.stopServer();
    await expect(fetch(site.url)).rejects.toThrow();

    await page.reload();
    await page.getByText('13 albums', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Seven Rivers' }).click();
    await page.getByRole('button', { name: 'Log a listen of Ogun' }).click();
    const other = await openTab('#/listens');
    await other.getByText('61 listens', { exact: true }).waitFor();
    await goTo(other, '/data', 'Data');
    expect(complaints).toEqual([]);
  });
});
