import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { buildDemo } from '../../../../demo-web/build.mjs';
import { serveDemo } from '../../../../demo-web/serve.mjs';
import { CHROMIUM_FLAGS, findChromium } from '../../../support/chromium.ts';

/** The demo, built from the built package, served under its policy, and a browser to use it with. */
export interface DemoSite {
  readonly url: string;
  readonly browser: Browser;
  /** Opens the demo as a user who was never here: with storage of its own. */
  visit(options?: VisitOptions): Promise<Visit>;
  /** Ends the server; what is open in a browser stays open. */
  stopServer(): Promise<void>;
  close(): Promise<void>;
}

/** How the user's browser is set. */
export interface VisitOptions {
  readonly colorScheme?: 'light' | 'dark';
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** One user, with any number of tabs. */
export interface Visit {
  readonly context: BrowserContext;
  /** The first tab, with the app open. */
  readonly page: Page;
  /** Everything that went wrong in any tab: console errors, refused policy violations, uncaught errors. */
  readonly complaints: readonly string[];
  /** Opens another tab at an address such as `#/albums/1`. */
  openTab(address?: string): Promise<Page>;
}

/** Builds, serves and starts everything that a test of the demo needs. */
export async function openDemoSite(): Promise<DemoSite> {
  const found = findChromium();
  if (found.missing !== undefined) throw new Error(found.missing);
  const folder = await mkdtemp(join(tmpdir(), 'meshestra-demo-'));
  await buildDemo(folder);
  const server = await serveDemo({ port: 0, folder });
  const browser = await chromium.launch({ executablePath: found.executablePath, args: [...CHROMIUM_FLAGS] });
  return {
    url: server.url,
    browser,
    visit: (options) => visit(browser, server.url, options),
    stopServer: server.close,
    async close() {
      await browser.close();
      await server.close();
      // A browser that was killed leaves children behind that write for a moment yet.
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    },
  };
}

async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    colorScheme: options.colorScheme ?? 'light',
    viewport: options.viewport ?? { width: 1280, height: 860 },
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  context.on('page', (page) => listenForComplaints(page, complaints));
  const openTab = async (address = '') => {
    const page = await context.newPage();
    await page.goto(url + address);
    await page.locator('h1').first().waitFor();
    return page;
  };
  return { context, page: await openTab(), complaints, openTab };
}

function listenForComplaints(page: Page, complaints: string[]): void {
  page.on('console', (message) => {
    // A refused policy violation is a console error too.
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)));
}

/** Fills an empty library with the sample and waits until it is shown. */
export async function loadSample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Load the sample library' }).click();
  await page.getByText('13 albums', { exact: true }).waitFor();
}

/** Goes to an address within the app, such as `/albums`, and waits for the page of that title. */
export async function goTo(page: Page, address: string, title: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, address);
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
}

/** A dialog by its title, with what is in it: its content is slotted, so the role alone would not contain it. */
export function dialogOf(page: Page, title: string): Locator {
  return page.locator(`wa-dialog[label="${title}"]`);
}

/** Saves a picture of the page for people to look at. */
export async function takePicture(page: Page, name: string): Promise<void> {
  await page.bringToFront(); // a tab behind another is not painted
  await page.waitForTimeout(350); // transitions of the interface library that ignore reduced motion
  await page.screenshot({ path: `test/artifacts/demo-${name}.png` });
}
