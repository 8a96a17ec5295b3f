import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', wasm: 'application/wasm', html: 'text/html' };
const STRICT_POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const pageWith = (script: string) =>
  `<!doctype html><meta charset="utf-8"><title>sqljs</title><script type="module" src="/${script}.js"></script>`;
const PAGES: Readonly<Record<string, string>> = {
  '/': pageWith('page'),
  '/strict': pageWith('page'),
  '/unattended': pageWith('unattended'),
  '/tab': pageWith('tab'),
  '/migrating': pageWith('migrating'),
};

/** A server of the bare test page on localhost. */
export interface PageServer {
  readonly origin: string;
  /** The page; `/strict` is the same page under a strict Content-Security-Policy. */
  readonly url: string;
  /** What the page `/unattended` posts when it is through, as JSON. */
  readonly report: Promise<unknown>;
  close(): Promise<void>;
}

/** Bundles the page and the worker as an application would, and serves them. */
export async function servePage(): Promise<PageServer> {
  const files = await bundle();
  const wasm = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm-browser.wasm');
  files.set('/sql-wasm-browser.wasm', await readFile(wasm));
  let reported: (report: unknown) => void = () => {};
  const report = new Promise<unknown>((resolve) => {
    reported = resolve;
  });
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => {
        reported(JSON.parse(body));
        response.end();
      });
      return;
    }
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const page = PAGES[path];
    const body = page ?? files.get(path);
    const type = page !== undefined ? 'html' : path.slice(path.lastIndexOf('.') + 1);
    if (path === '/strict') response.setHeader('Content-Security-Policy', STRICT_POLICY);
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': TYPES[type] ?? 'text/plain' });
    response.end(body ?? 'nothing here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: `${origin}/`,
    report,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bundle(): Promise<Map<string, Uint8Array | string>> {
  const { outputFiles } = await build({
    entryPoints: {
      page: join(here, 'page.ts'),
      unattended: join(here, 'unattended.ts'),
      tab: join(here, 'tab.ts'),
      migrating: join(here, 'migrating.ts'),
      worker: join(here, '../../../../../adapters/sqljs/worker.ts'),
    },
    outdir: '/out',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  });
  return new Map(outputFiles.map((file) => [`/${basename(file.path)}`, file.contents]));
}
