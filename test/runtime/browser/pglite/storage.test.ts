import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserTitle, findChromium } from '../../../support/chromium.ts';
import { type BrowserProcess, createProfile, startBrowser } from '../sqljs/support/browser-process.ts';
import type { PglitePage } from './support/page.ts';

const here = dirname(fileURLToPath(import.meta.url));
/** PGlite finds its WebAssembly and its files beside its own modules, so that it is served as it was published. */
const PGLITE = dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite'));
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
  '.html': 'text/html',
};
const PAGE = `<!doctype html><meta charset="utf-8"><title>pglite</title>
<script type="importmap">{ "imports": { "@electric-sql/pglite": "/pglite/index.js" } }</script>
<script type="module" src="/page.js"></script>`;

async function servePage(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { outputFiles } = await build({
    entryPoints: { page: join(here, 'support/page.ts') },
    outdir: '/out',
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['@electric-sql/pglite'],
    write: false,
    logLevel: 'error',
  });
  const script = outputFiles[0]?.contents ?? '';
  const fileOf = async (path: string) => {
    if (path === '/') return PAGE;
    if (path === '/page.js') return script;
    return path.startsWith('/pglite/') ? readFile(join(PGLITE, path.slice('/pglite/'.length))) : null;
  };
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const body = await fileOf(path).catch(() => null);
    const type = path === '/' ? '.html' : extname(path);
    response.writeHead(body === null ? 404 : 200, { 'Content-Type': TYPES[type] ?? 'application/octet-stream' });
    response.end(body ?? 'nothing here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const chromium = findChromium();

describe.skipIf(chromium.missing)(browserTitle('pglite keeps a database in IndexedDB', chromium), () => {
  const profile = createProfile();
  let server: Awaited<ReturnType<typeof servePage>>;
  let browser: BrowserProcess;
  const call = (page: Page, name: keyof PglitePage) =>
    page.evaluate((method) => (globalThis as unknown as { testPage: PglitePage }).testPage[method](), name);

  beforeAll(async () => {
    server = await servePage();
    browser = await startBrowser(profile.path);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    profile.remove();
  });

  it('with the entities, the errors and the locks that a server has, and finds it after a reload and in a new page', async () => {
    const page = await browser.openPage(server.url);
    expect(await call(page, 'write')).toEqual([2, 1, 1]);
    await page.reload();
    await page.waitForFunction(() => 'testPage' in globalThis);
    const library = [['Ada 😀', ['changed', 0], ['two', 1], ['three', 2]]];
    expect(await call(page, 'read')).toEqual(library);
    expect(await call(page, 'violate')).toBe('unique-violation');
    await page.close();
    const another = await browser.openPage(server.url);
    expect(await call(another, 'read')).toEqual(library);
    await another.close();
  });
});
