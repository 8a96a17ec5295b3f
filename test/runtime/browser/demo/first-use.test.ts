import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserTitle, findChromium } from '../../../support/chromium.ts';
import { type DemoSite, dialogOf, goTo, loadSample, openDemoSite, takePicture } from './demo-site.ts';

const chromium = findChromium();

describe.skipIf(chromium.missing !== undefined)(browserTitle('using the library', chromium), () => {
  let site: DemoSite;
  beforeAll(async () => {
    site = await openDemoSite();
  });
  afterAll(() => site?.close());

  test('a new album with a new artist is made, shown, kept over a reload, and taken back with both', async () => {
    const { page, complaints } = await site.visit();
    await page.getByRole('button', { name: 'Add an album' }).click();
    const dialog = dialogOf(page, 'New album');
    await dialog.getByLabel('Title').fill('Glass Harbour');
    await dialog.getByLabel('Artist').fill('The Test Pressings');
    await dialog.getByLabel('Year').fill('2024');
    await dialog.getByLabel('Label', { exact: true }).fill('Small Hours');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Glass Harbour' }).waitFor();
    expect(await page.getByRole('link', { name: 'The Test Pressings' }).count()).toBe(1);

    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Glass Harbour' }).waitFor();
    await page.getByRole('link', { name: 'The Test Pressings' }).click();
    await page.getByRole('heading', { level: 1, name: 'The Test Pressings' }).waitFor();
    await page.getByText('1 album', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'Add album' }).click();
    const second = dialogOf(page, 'New album');
    await second.getByLabel('Title').fill('Short Lived');
    await second.getByLabel('Artist').fill('Nobody Else');
    await second.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Short Lived' }).waitFor();
    await undoNewest(page);
    await page.getByText('This album is not here').waitFor();
    await goTo(page, '/artists', 'Artists');
    await page.getByText('1 artist', { exact: true }).waitFor();
    expect(await page.getByRole('rowheader', { name: 'Nobody Else' }).count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('a form says what is missing or wrong and saves nothing until it is right', async () => {
    const { page, complaints } = await site.visit();
    await page.getByRole('button', { name: 'Add an album' }).click();
    const dialog = dialogOf(page, 'New album');
    await dialog.getByLabel('Year').fill('soon');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    expect(await dialog.getByRole('alert').allTextContents()).toEqual([
      'Title is needed.',
      'Artist is needed.',
      'A year of four digits.',
    ]);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('0 albums', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('unsaved edits are listed with the SQL they would send, and undone before saving', async () => {
    const { page, complaints } = await site.visit();
    await loadSample(page);
    const dialog = await editAlbum(page, 'Cathode Gardens');
    await dialog.getByLabel('Title').fill('Cathode Forests');
    await dialog.getByLabel('Year').fill('2018');
    await dialog.getByRole('button', { name: '2 unsaved edits: Title, Year' }).click();
    const plan = dialog.getByRole('listitem').filter({ hasText: 'UPDATE' });
    await plan.waitFor();
    expect(await plan.textContent()).toMatch(/UPDATE "albums"[\s\S]*"title"[\s\S]*"year"/);

    await dialog.getByRole('button', { name: 'Undo edits' }).click();
    await dialog.getByText('No unsaved edits').waitFor();
    expect(await dialog.getByLabel('Title').inputValue()).toBe('Cathode Gardens');
    expect(await dialog.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Cathode Gardens');
    expect(complaints).toEqual([]);
  });

  test('a saved edit of columns and relations is undone by its inverse change, with Ctrl+Z', async () => {
    const { page, complaints } = await site.visit();
    await loadSample(page);
    const dialog = await editAlbum(page, 'Cathode Gardens');
    await dialog.getByLabel('Title').fill('Cathode Forests');
    await dialog.getByLabel('Artist').fill('Ada Lindqvist');
    await dialog.getByLabel('Label', { exact: true }).fill('');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Cathode Forests' }).waitFor();
    await page.getByRole('link', { name: 'Ada Lindqvist' }).waitFor();
    expect(await page.getByRole('link', { name: 'Nachtzug' }).count()).toBe(0);
    await dialog.waitFor({ state: 'hidden' });

    await page.keyboard.press('Control+z');
    await page.getByRole('heading', { level: 1, name: 'Cathode Gardens' }).waitFor();
    await page.getByRole('link', { name: 'Vesper Static' }).waitFor();
    await page.getByRole('link', { name: 'Nachtzug' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a removed album returns with its tracks, genres, playlist entries and listens', async () => {
    const { page, complaints } = await site.visit();
    await loadSample(page);
    await goTo(page, '/data', 'Data');
    await page.getByText('Rows of each table').click();
    const before = await page.getByRole('table', { name: 'Rows of each table' }).textContent();
    expect(before).toMatch(/Tracks\s*69/);
    await openAlbum(page, 'Cathode Gardens');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Albums' }).waitFor();
    await page.getByText('12 albums', { exact: true }).waitFor();
    await goTo(page, '/playlists/1', 'Sunday morning');
    await page.getByText('5 tracks', { exact: false }).waitFor();

    await undoNewest(page);
    await page.getByText('6 tracks', { exact: false }).waitFor();
    await goTo(page, '/data', 'Data');
    await page.getByText('Rows of each table').click();
    expect(await page.getByRole('table', { name: 'Rows of each table' }).textContent()).toBe(before);
    expect(complaints).toEqual([]);
  });

  test('tracks are searched through their album and artist, ordered by a header, and paged', async () => {
    const { page, complaints } = await site.visit();
    await loadSample(page);
    await goTo(page, '/tracks', 'Tracks');
    await page.getByText('69 tracks', { exact: true }).waitFor();
    const titles = page.getByRole('table', { name: 'Tracks' }).getByRole('rowheader');
    expect(await titles.count()).toBe(50);
    expect(await titles.first().textContent()).toMatch(/^A Lamp for Ships/);
    await page.getByRole('button', { name: '2', exact: true }).click();
    await titles.filter({ hasText: 'Yours, Always' }).waitFor();
    expect(await titles.count()).toBe(19);

    await page.getByRole('button', { name: 'Duration' }).click();
    await titles.first().filter({ hasText: 'Kettle' }).waitFor();
    await page.getByRole('button', { name: 'Duration' }).click();
    await titles.first().filter({ hasText: 'The Lantern' }).waitFor();
    expect(await page.getByRole('columnheader', { name: 'Duration' }).getAttribute('aria-sort')).toBe('descending');

    await page.getByLabel('Search tracks').fill('lindqvist');
    await page.getByText('10 tracks found for “lindqvist”').waitFor();
    await page.getByLabel('Search tracks').fill('no such thing');
    await page.getByText('No track matches “no such thing”.').waitFor();
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await page.getByText('69 tracks', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('the relations lead from an album to its label, genre, artist and playlists', async () => {
    const { page, complaints } = await site.visit();
    await loadSample(page);
    await openAlbum(page, 'Seven Rivers');
    await page.getByRole('link', { name: 'Afrobeat' }).click();
    await page.getByText('1 album', { exact: true }).waitFor();
    await goTo(page, '/genres', 'Genres');
    await page.getByRole('row', { name: /^Folk/ }).getByRole('cell', { name: '3', exact: true }).waitFor();
    await goTo(page, '/labels', 'Labels');
    await page.getByRole('link', { name: 'Northlight' }).click();
    await page.getByText('3 albums', { exact: true }).waitFor();

    await openAlbum(page, 'Seven Rivers');
    await page.getByRole('button', { name: 'Add Ogun to a playlist' }).click();
    await dialogOf(page, 'Add “Ogun” to a playlist').getByRole('button', { name: 'Sunday morning' }).click();
    await goTo(page, '/playlists/1', 'Sunday morning');
    const entries = page.getByRole('table').getByRole('rowheader');
    await entries.nth(6).filter({ hasText: 'Ogun' }).waitFor();
    await page.getByRole('button', { name: 'Move Ogun up' }).click();
    await entries.nth(5).filter({ hasText: 'Ogun' }).waitFor();
    await undoNewest(page);
    await entries.nth(6).filter({ hasText: 'Ogun' }).waitFor();
    await page.getByRole('button', { name: 'Log a listen of Ogun' }).click();
    await goTo(page, '/listens', 'Listening log');
    await page.getByText('61 listens', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('the SQL panel shows statements, timings, rows, the cost of commits and the size of the database', async () => {
    const { page, complaints } = await site.visit();
    await loadSample(page);
    await page.getByRole('button', { name: 'SQL panel' }).click();
    const panel = page.getByRole('region', { name: 'SQL' });
    const rows = panel.getByRole('row');
    await goTo(page, '/artists', 'Artists');
    await rows.filter({ hasText: 'FROM "artists"' }).first().waitFor();
    expect(await panel.textContent()).toMatch(/Last commit\s*[\d.,]+ ms/);
    expect(await panel.textContent()).toMatch(/Database\s*[\d.,]+ kB/);
    await takePicture(page, 'sql-panel');
    await panel.getByLabel('Filter statements').fill('INSERT INTO "listens"');
    await rows.filter({ hasText: 'INSERT INTO "listens"' }).first().waitFor();
    expect(await rows.filter({ hasText: 'FROM "artists"' }).count()).toBe(0);
    await panel.getByRole('button', { name: 'Close the SQL panel' }).click();
    await panel.waitFor({ state: 'hidden' });
    expect(complaints).toEqual([]);
  });
});

async function openAlbum(page: Page, title: string): Promise<void> {
  await goTo(page, '/albums', 'Albums');
  await page.getByRole('link', { name: title }).click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

async function editAlbum(page: Page, title: string) {
  await openAlbum(page, title);
  await page.getByRole('button', { name: 'Edit album' }).click();
  const dialog = dialogOf(page, 'Edit album');
  await dialog.getByLabel('Title').waitFor();
  return dialog;
}

async function undoNewest(page: Page): Promise<void> {
  await page
    .getByRole('complementary')
    .getByRole('button', { name: /^Undo: / })
    .click();
}
