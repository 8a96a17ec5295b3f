import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserTitle, findChromium } from '../../../support/chromium.ts';
import { type DemoSite, dialogOf, goTo, loadSample, openDemoSite, takePicture } from './demo-site.ts';

const chromium = findChromium();
const PAGES = [
  ['/albums', 'Albums'],
  ['/albums/3', 'Engines and Orchards'],
  ['/artists', 'Artists'],
  ['/artists/1', 'Halcyon Drift'],
  ['/tracks', 'Tracks'],
  ['/playlists', 'Playlists'],
  ['/playlists/1', 'Sunday morning'],
  ['/listens', 'Listening log'],
  ['/genres', 'Genres'],
  ['/labels', 'Labels'],
  ['/data', 'Data'],
] as const;
const PHONE = { width: 360, height: 740 };

describe.skipIf(chromium.missing !== undefined)(browserTitle('the library for everybody', chromium), () => {
  let site: DemoSite;
  let axe: string;
  beforeAll(async () => {
    site = await openDemoSite();
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  });
  afterAll(() => site?.close());

  test.each(['light', 'dark'] as const)('axe finds nothing to object to in the %s theme', async (colorScheme) => {
    const { page, complaints } = await site.visit({ colorScheme });
    expect(await page.locator('html').getAttribute('class')).toContain(`wa-${colorScheme}`);
    expect(await violations(page, axe, 'the empty library')).toEqual([]);
    await loadSample(page);
    await takePicture(page, `albums-${colorScheme}`);
    for (const [address, title] of PAGES) {
      await goTo(page, address, title);
      await page.waitForLoadState('networkidle');
      expect(await violations(page, axe, address)).toEqual([]);
    }
    await goTo(page, '/albums/3', 'Engines and Orchards');
    await takePicture(page, `album-${colorScheme}`);
    await page.getByRole('button', { name: 'SQL panel' }).click();
    await page.getByRole('region', { name: 'SQL' }).waitFor();
    await page.getByRole('button', { name: 'Edit album' }).click();
    await dialogOf(page, 'Edit album').getByLabel('Title').fill('Another title');
    await takePicture(page, `edit-${colorScheme}`);
    expect(await violations(page, axe, 'the edit dialog and the SQL panel')).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('no page is wider than a phone, and all of them can be reached there', async () => {
    const { page, complaints } = await site.visit({ viewport: PHONE });
    await loadSample(page);
    await takePicture(page, 'phone-albums');
    for (const [address, title] of PAGES) {
      await goTo(page, address, title);
      expect([address, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([
        address,
        PHONE.width,
      ]);
    }
    await takePicture(page, 'phone-data');
    await goTo(page, '/albums/3', 'Engines and Orchards');
    await takePicture(page, 'phone-album');
    await page.getByRole('button', { name: 'Edit album' }).click();
    await dialogOf(page, 'Edit album').getByLabel('Title').waitFor();
    await takePicture(page, 'phone-edit');
    await dialogOf(page, 'Edit album').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Menu' }).click();
    await takePicture(page, 'phone-menu');
    await page.locator('wa-drawer').getByRole('link', { name: 'Labels' }).click();
    await page.getByRole('heading', { level: 1, name: 'Labels' }).waitFor();
    expect(await violations(page, axe, 'a phone')).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('an album can be added with the keyboard alone, and focus follows the page', async () => {
    const { page, complaints } = await site.visit();
    await tabTo(page, 'Add an album');
    await page.keyboard.press('Enter');
    await dialogOf(page, 'New album').getByLabel('Title').waitFor();
    await page.keyboard.press('Tab');
    await tabTo(page, 'Title');
    await page.keyboard.type('Typed');
    await page.keyboard.press('Tab');
    await page.keyboard.type('The Typists');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Typed' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('page-title');
    expect(complaints).toEqual([]);
  });
});

/** What axe objects to, as one line for each element. */
async function violations(page: Page, axe: string, where: string): Promise<readonly string[]> {
  const loaded = await page.evaluate(() => 'axe' in globalThis);
  // Evaluated by the debugger, which the page's policy does not bind.
  if (!loaded) await page.evaluate(axe);
  const results = await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
    return checker.run();
  });
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${where}: ${id} at ${target.join(' ')}: ${failureSummary}`),
  );
}

/** Presses Tab until the element of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    const focused = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      const host = (element?.getRootNode() as ShadowRoot | undefined)?.host;
      const labels = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null;
      return [labels, element?.textContent, host?.textContent].map((text) => text?.trim().replace(/\*$/, '').trim());
    });
    if (focused.includes(name)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach “${name}”.`);
}
