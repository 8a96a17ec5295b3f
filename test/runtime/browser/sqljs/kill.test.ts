import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserTitle, findChromium } from '../../../support/chromium.ts';
import { type BrowserProcess, createProfile, startBrowser } from './support/browser-process.ts';
import { type PageServer, servePage } from './support/server.ts';

const chromium = findChromium();

/** How a page, its renderer or the whole browser ends in the middle of commits. */
const KILLS = {
  'page.close': async (_browser: BrowserProcess, page: Page) => page.close(),
  'Page.crash': async (browser: BrowserProcess, page: Page) => {
    const session = await browser.context.newCDPSession(page);
    // The command has no answer, because nobody is left to give it.
    session.send('Page.crash').catch(() => {});
    await page.waitForEvent('crash');
    await page.close();
  },
  'SIGKILL of the renderers': async (browser: BrowserProcess, page: Page) => {
    const crashed = page.waitForEvent('crash');
    browser.killRenderers();
    await crashed;
    await page.close();
  },
  'SIGKILL of the browser': async (browser: BrowserProcess) => browser.kill(),
};
const ROUNDS = 13;
/**
 * After 1 to 3 of 100 kills of the browser, Chromium 156 finds a checksum mismatch in its own LevelDB and deletes all
 * databases of the origin; so it does with plain IndexedDB and none of our code on the page. It says so (`dataLoss` of
 * the event), and such a round tells nothing about us: it is printed and not counted, and there may be few of them.
 */
const MOST_WIPES = 3;
const DAMAGED = /database was corrupt/;

/** Repeatable randomness: the same kills at the same moments, as far as a browser allows. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a database holds after a kill. */
interface Found {
  readonly integrity: unknown;
  readonly heads: readonly number[];
  readonly halves: unknown;
  readonly strays: unknown;
}

/** All commits up to one of them, each whole, and every acknowledged one among them. */
function verify({ integrity, heads, halves, strays }: Found, acknowledged: ReadonlySet<number>): void {
  expect({ integrity, halves, strays }).toEqual({ integrity: 'ok', halves: 0, strays: 0 });
  expect(heads).toEqual(Array.from(heads, (_, index) => index + 1));
  for (const id of acknowledged) expect(id).toBeLessThanOrEqual(heads.length);
}

describe.skipIf(chromium.missing)(browserTitle('sqljs survives being killed', chromium), () => {
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

  /** Opens the page, tells what the database holds after the last kill, and goes on committing. */
  async function openAndCommit(name: string, durability: 'relaxed' | 'strict', acknowledged: Set<number>) {
    const page = await browser.openPage(server.url);
    page.on('console', (message) => void acknowledged.add(Number(message.text())));
    const found = await page.evaluate(
      async ([database, level]) => {
        const { connection, run, value, warnings } = await testPage.open(database, { durability: level });
        await run('CREATE TABLE IF NOT EXISTS heads (id INTEGER PRIMARY KEY, parts INTEGER NOT NULL) STRICT');
        await run('CREATE TABLE IF NOT EXISTS parts (head INTEGER NOT NULL, body BLOB NOT NULL) STRICT');
        await run('CREATE INDEX IF NOT EXISTS parts_by_head ON parts (head)');
        const state = {
          warnings: warnings.map(({ kind, cause }) => `${kind}: ${cause ?? ''}`),
          integrity: await value('PRAGMA integrity_check'),
          heads: (await run('SELECT id FROM heads ORDER BY id')).rows.map(([id]) => id as number),
          halves: await value(
            'SELECT count(*) FROM heads AS h WHERE parts <> (SELECT count(*) FROM parts AS p WHERE p.head = h.id)',
          ),
          strays: await value('SELECT count(*) FROM parts WHERE head NOT IN (SELECT id FROM heads)'),
        };
        const commitAll = async () => {
          for (let id = (state.heads.at(-1) ?? 0) + 1; ; id++) {
            await connection.transact?.(async (tx) => {
              const count = 1 + Math.floor(Math.random() * 12);
              await tx.execute({ sql: 'INSERT INTO heads VALUES (?, ?)', params: [id, count] }, { writes: ['heads'] });
              for (let part = 0; part < count; part++) {
                const body = crypto.getRandomValues(new Uint8Array(Math.random() < 0.1 ? 20_000 : 200));
                await tx.execute({ sql: 'INSERT INTO parts VALUES (?, ?)', params: [id, body] }, { writes: ['parts'] });
              }
            });
            console.log(id);
            if (id % 40 === 0) await run('VACUUM');
          }
        };
        void commitAll();
        return state;
      },
      [name, durability] as const,
    );
    return { page, found };
  }

  it.each(
    (['relaxed', 'strict'] as const).flatMap((durability) =>
      (Object.keys(KILLS) as (keyof typeof KILLS)[]).map((kill) => ({ durability, kill })),
    ),
  )(
    `loses no acknowledged commit and keeps no half one: ${ROUNDS} times $kill, $durability`,
    async ({ durability, kill }) => {
      const name = `${durability} ${kill}`;
      const random = randomFrom(name.length * 7919);
      const acknowledged = new Set<number>();
      let wipes = 0;
      for (let counted = 0; counted <= ROUNDS; counted++) {
        const { page, found } = await openAndCommit(name, durability, acknowledged);
        if (found.warnings.some((warning) => DAMAGED.test(warning))) {
          process.stdout.write(`${name}: Chromium deleted its damaged storage (${found.warnings.join()}), once more\n`);
          expect(found.heads).toEqual([]);
          expect(++wipes).toBeLessThanOrEqual(MOST_WIPES);
          acknowledged.clear();
          counted--;
        }
        verify(found, acknowledged);
        // Something was at stake.
        await page.waitForEvent('console');
        await new Promise((resolve) => setTimeout(resolve, 150 * random()));
        await KILLS[counted === ROUNDS ? 'page.close' : kill](browser, page);
        if (counted < ROUNDS && kill === 'SIGKILL of the browser') browser = await startBrowser(profile.path);
      }
    },
  );
});
