import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import initSqlJs from 'sql.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserTitle, findChromium } from '../../../support/chromium.ts';
import { type DemoSite, dialogOf, goTo, loadSample, openDemoSite, takePicture } from './demo-site.ts';

const chromium = findChromium();

describe.skipIf(chromium.missing !== undefined)(browserTitle('files in and out of the library', chromium), () => {
  let site: DemoSite;
  beforeAll(async () => {
    site = await openDemoSite();
  });
  afterAll(() => site?.close());

  test('an export is a plain SQLite file, and an import of it takes the place of the data after a question', async () => {
    const { page, openTab, complaints } = await site.visit();
    await loadSample(page);
    const bytes = await exportLibrary(page);
    const SQL = await initSqlJs();
    const file = new SQL.Database(bytes);
    expect(file.exec('PRAGMA integrity_check')[0]?.values).toEqual([['ok']]);
    expect(file.exec('SELECT count(*) FROM tracks')[0]?.values).toEqual([[69]]);
    file.close();

    const other = await openTab('#/albums');
    await clearLibrary(page);
    await other.getByText('0 albums', { exact: true }).waitFor();
    await choose(page, 'mine.sqlite', bytes);
    const question = dialogOf(page, 'Replace your library?');
    await question.getByText('This cannot be undone').waitFor();
    await question.getByRole('button', { name: 'Keep mine' }).click();
    await question.waitFor({ state: 'detached' });
    await other.getByText('0 albums', { exact: true }).waitFor();

    await choose(page, 'mine.sqlite', bytes);
    await question.getByRole('button', { name: 'Replace', exact: true }).click();
    await goTo(page, '/albums', 'Albums');
    await page.getByText('13 albums', { exact: true }).waitFor();
    await other.getByText('13 albums', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('13 albums', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('another SQLite file opens in a read-only table browser, whatever its names and values are', async () => {
    const { page, complaints } = await site.visit();
    await loadSample(page);
    await goTo(page, '/data', 'Data');
    await choose(page, 'birds.db', await foreignFile());
    await page.getByRole('heading', { level: 1, name: 'birds.db' }).waitFor();
    await page.getByText('120 rows', { exact: true }).waitFor();
    const table = page.getByRole('table', { name: 'sightings "2026"' });
    expect(await table.getByRole('columnheader').allTextContents()).toEqual(['id', 'bird; DROP TABLE x', 'picture']);
    expect(await table.getByRole('row').nth(1).getByRole('cell').allTextContents()).toEqual([
      '1',
      '<b>wren</b> 1',
      '3 B of bytes',
    ]);
    expect(await table.getByRole('row').nth(2).getByRole('cell').nth(2).textContent()).toBe('NULL');
    await takePicture(page, 'foreign-file');
    await page.getByRole('button', { name: '3', exact: true }).click();
    await table.getByRole('cell', { name: '<b>wren</b> 120' }).waitFor();
    await page.getByRole('button', { name: 'Close file' }).click();
    await goTo(page, '/albums', 'Albums');
    await page.getByText('13 albums', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('a damaged file, and one that is no database, are refused, and the data stays', async () => {
    const { page, complaints } = await site.visit();
    await loadSample(page);
    const bytes = await exportLibrary(page);
    await choose(page, 'damaged.sqlite', damage(bytes));
    await page.getByText('“damaged.sqlite” was refused').waitFor();
    await choose(page, 'short.sqlite', bytes.subarray(0, 5000));
    await page.getByText('“short.sqlite” was refused').waitFor();
    await choose(page, 'letter.sqlite', new TextEncoder().encode('Dear reader, this is no database. '.repeat(200)));
    await page.getByText('“letter.sqlite” was refused').waitFor();
    await choose(page, 'nothing.sqlite', new Uint8Array(0));
    await page.getByText('“nothing.sqlite” was refused').waitFor();
    await page.reload();
    await goTo(page, '/albums', 'Albums');
    await page.getByText('13 albums', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });
});

async function exportLibrary(page: Page): Promise<Uint8Array> {
  await goTo(page, '/data', 'Data');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export', exact: true }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^liner-notes-\d{4}-\d\d-\d\d\.sqlite$/);
  return new Uint8Array(await readFile(await download.path()));
}

async function clearLibrary(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Clear everything' }).click();
  await dialogOf(page, 'Clear your whole library?').getByRole('button', { name: 'Clear everything' }).click();
  await page.getByText('Your library is empty now.').first().waitFor();
}

async function choose(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const file = { name, mimeType: 'application/vnd.sqlite3', buffer: Buffer.from(bytes) };
  await page.getByLabel('SQLite file', { exact: true }).setInputFiles(file);
}

/** A database that has nothing to do with the app, with names and values that try to be something else. */
async function foreignFile(): Promise<Uint8Array> {
  const SQL = await initSqlJs();
  const db = new SQL.Database();
  db.run('CREATE TABLE "sightings ""2026""" (id INTEGER PRIMARY KEY, "bird; DROP TABLE x" TEXT, picture BLOB)');
  for (let id = 1; id <= 120; id++) {
    const picture = id % 2 === 1 ? new Uint8Array([1, 2, 3]) : null;
    db.run('INSERT INTO "sightings ""2026""" VALUES (?, ?, ?)', [id, `<b>wren</b> ${id}`, picture]);
  }
  const bytes = db.export();
  db.close();
  return bytes;
}

/** The same file with the pages after the first overwritten. */
function damage(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  copy.fill(0x5a, 4096, 4096 * 6);
  return copy;
}
