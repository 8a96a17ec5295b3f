import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserTitle, findChromium } from '../../../support/chromium.ts';
import { type DemoSite, goTo, loadSample, openDemoSite, takePicture } from './demo-site.ts';

const chromium = findChromium();

describe.skipIf(chromium.missing !== undefined)(browserTitle('the generator of rows', chromium), () => {
  let site: DemoSite;
  beforeAll(async () => {
    site = await openDemoSite();
  });
  afterAll(() => site?.close());

  test('a thousand rows are added under a progress bar, found, and removed again without touching the others', async () => {
    const { page, complaints } = await site.visit();
    await loadSample(page);
    await goTo(page, '/data', 'Data');
    await page.getByText('202', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Generate 1,000 rows' }).click();
    await page.getByText('1,000 of 1,000 rows added,').waitFor();
    expect(await page.getByRole('progressbar', { name: 'Rows generated' }).getAttribute('aria-valuenow')).toBe('100');
    // Two of the generator's nine genres are missing from the sample, and count as rows too.
    await page
      .locator('.row-total')
      .filter({ hasText: /^1,20[0-9]$/ })
      .waitFor();
    await takePicture(page, 'generator');
    await goTo(page, '/tracks', 'Tracks');
    await page.getByText('789 tracks', { exact: true }).waitFor();

    await goTo(page, '/data', 'Data');
    await page.getByRole('button', { name: 'Remove generated rows' }).click();
    await page.getByText('The generated rows are gone.').first().waitFor();
    await goTo(page, '/tracks', 'Tracks');
    await page.getByText('69 tracks', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a run that is cancelled keeps whole commits only, and says how far it came', async () => {
    const { page, complaints } = await site.visit();
    await goTo(page, '/data', 'Data');
    await page.getByRole('radio', { name: '1,000,000' }).click();
    await page.getByRole('button', { name: 'Generate 1,000,000 rows' }).click();
    await page.getByText(/^[1-9][\d,]* of 1,000,000 rows so far/).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    const text = await page.getByText(/rows added before it was cancelled/).textContent();
    const done = Number(/^([\d,]+) of/.exec(text ?? '')?.[1]?.replaceAll(',', ''));
    expect(done).toBeGreaterThan(0);
    expect(done % 5000).toBe(0);
    await goTo(page, '/artists', 'Artists');
    await page.getByText(`${(done / 25).toLocaleString('en')} artists`, { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });
});
