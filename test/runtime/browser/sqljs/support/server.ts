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
const PAGE = '<!doctype html><meta charset="utf-8"><title>sqljs</title><script type="module" src="/page.js"></script>';

/** A server of the bare test page on localhost. */
export interface PageServer {
  readonly origin: string;
  /** The page; `/strict` is the same page under a strict Content-Security-Policy. */
  readonly url: string;
  close(): Promise<void>;
}

/** Bundles the page and the worker as an application would, and serves them. */
export async function servePage(): Promise<PageServer> {
  const files = await bundle();
  const wasm = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm-browser.wasm');
  files.set('/sql-wasm-browser.wasm', await readFile(wasm));
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const isPage = path === '/' || path === '/strict';
    const body = isPage ? PAGE : files.get(path);
    const type = isPage ? 'html' : path.slice(path.lastIndexOf('.') + 1);
    if (path === '/strict') response.setHeader('Content-Security-Policy', STRICT_POLICY);
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': TYPES[type] ?? 'text/plain' });
    response.end(body ?? 'nothing here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: `${origin}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bundle(): Promise<Map<string, Uint8Array | string>> {
  const { outputFiles } = await build({
    entryPoints: { page: join(here, 'page.ts'), worker: join(here, '../../../../../adapters/sqljs/worker.ts') },
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
