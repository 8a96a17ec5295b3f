import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserTitle, findChromium } from '../../../support/chromium.ts';
import { type DemoSite, dialogOf, loadSample, openDemoSite, takePicture, type Visit } from './demo-site.ts';

const chromium = findChromium();

describe.skipIf(chromium.missing !== undefined)(browserTitle('several tabs of the library', chromium), () => {
  let site: DemoSite;
  beforeAll(async () => {
    site = await openDemoSite();
  });
  afterAll(() => site?.close());

  test('what one tab saves, the others show without being asked', async () => {
    const { page, openTab, complaints } = await site.visit();
    await loadSample(page);
    const other = await openTab();
    await other.getByText('13 albums', { exact: true }).waitFor();
    await renameAlbum(page, site.url, 3, 'Renamed Elsewhere');
    await other.getByRole('link', { name: 'Renamed Elsewhere' }).waitFor();

    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await other.getByText('12 albums', { exact: true }).waitFor();
    await page
      .getByRole('complementary')
      .getByRole('button', { name: /^Undo: / })
      .click();
    await other.getByText('13 albums', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a record that two tabs edit is not overwritten: both versions are shown, and the choice is saved', async () => {
    const { visit, mine, theirs } = await twoEditors(site);
    await dialogOf(theirs, 'Edit album').getByLabel('Title').fill('Their Title');
    await dialogOf(theirs, 'Edit album').getByLabel('Year').fill('1999');
    await save(theirs, 'Edit album');
    await dialogOf(mine, 'Edit album').getByText('was changed elsewhere while you were editing').waitFor();

    await dialogOf(mine, 'Edit album').getByLabel('Title').fill('My Title');
    await dialogOf(mine, 'Edit album').getByLabel('Notes').fill('My notes');
    await dialogOf(mine, 'Edit album').getByRole('button', { name: 'Save', exact: true }).click();
    const conflict = dialogOf(mine, 'This album was changed elsewhere');
    await conflict.getByText('Nothing was overwritten').waitFor();
    // Only what both know differently is asked; by default each keeps what only one of them touched.
    const fields = conflict.locator('wa-radio-group');
    expect(await fields.evaluateAll((groups) => groups.map((group) => 'label' in group && group.label))).toEqual([
      'Title',
      'Year',
      'Notes',
    ]);
    await fields.nth(0).getByRole('radio', { name: 'Theirs Their Title' }).click();
    await takePicture(mine, 'conflict');
    await conflict.getByRole('button', { name: 'Save this choice' }).click();
    await conflict.waitFor({ state: 'detached' });

    for (const page of [mine, theirs]) {
      await page.getByRole('heading', { level: 1, name: 'Their Title' }).waitFor();
      await page.getByText('My notes').waitFor();
      await page.getByText('1999').waitFor();
    }
    expect(visit.complaints).toEqual([]);
  });

  test('a record that another tab deleted while it was edited can be added again', async () => {
    const { visit, mine, theirs } = await twoEditors(site);
    await dialogOf(theirs, 'Edit album').getByRole('button', { name: 'Cancel' }).click();
    await theirs.getByRole('button', { name: 'Remove', exact: true }).click();
    await theirs.getByRole('heading', { level: 1, name: 'Albums' }).waitFor();
    await dialogOf(mine, 'Edit album').getByLabel('Title').fill('Kept After All');
    await dialogOf(mine, 'Edit album').getByRole('button', { name: 'Save', exact: true }).click();
    const gone = dialogOf(mine, 'This album was deleted elsewhere');
    await gone.getByRole('button', { name: 'Add it again with my edits' }).click();
    await theirs.getByRole('link', { name: 'Kept After All' }).waitFor();
    expect(visit.complaints).toEqual([]);
  });

  test('an undo that would overwrite a newer change is refused', async () => {
    const visit = await site.visit();
    const { page } = visit;
    await loadSample(page);
    await renameAlbum(page, site.url, 3, 'First Name');
    const other = await visit.openTab('#/albums/3');
    await renameAlbum(other, site.url, 3, 'Second Name');
    await page.getByRole('heading', { level: 1, name: 'Second Name' }).waitFor();
    await page
      .getByRole('complementary')
      .getByRole('button', { name: /^Undo: / })
      .click();
    await page.getByText('Not undone. It was changed again since.').first().waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Second Name');
    expect(visit.complaints).toEqual([]);
  });
});

/** Two tabs with the same album open in their edit dialogs. */
async function twoEditors(site: DemoSite): Promise<{ visit: Visit; mine: Page; theirs: Page }> {
  const visit = await site.visit();
  await loadSample(visit.page);
  const mine = await visit.openTab('#/albums/3');
  const theirs = await visit.openTab('#/albums/3');
  for (const page of [mine, theirs]) {
    await page.getByRole('button', { name: 'Edit album' }).click();
    await dialogOf(page, 'Edit album').getByLabel('Title').waitFor();
  }
  return { visit, mine, theirs };
}

async function renameAlbum(page: Page, url: string, id: number, title: string): Promise<void> {
  await page.goto(`${url}#/albums/${id}`);
  await page.getByRole('button', { name: 'Edit album' }).click();
  await dialogOf(page, 'Edit album').getByLabel('Title').fill(title);
  await save(page, 'Edit album');
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

async function save(page: Page, dialog: string): Promise<void> {
  await dialogOf(page, dialog).getByRole('button', { name: 'Save', exact: true }).click();
  await dialogOf(page, dialog).waitFor({ state: 'detached' });
}
