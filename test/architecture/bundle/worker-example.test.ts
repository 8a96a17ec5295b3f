import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { buildWorker, readConfiguration } from '../../runtime/workerd/worker-example/build-worker.ts';
import { readSources } from '../source-file.ts';

/**
 * What it weighed last, and a little: three dialects with their ledgers and migrations (14 KB in all), hono (12 KB), zod
 * (25 KB) and what loads on demand, all in one file.
 */
const BUDGET = 156 * 1024;

/** What worker-example may import: the package's public entries, its libraries, and the entities that it shares. */
const ALLOWED = /^(?:meshestra(?:\/[\w/-]+)?|hono(?:\/[\w/-]+)?|@hono\/zod-validator|zod|\.{1,2}\/.*)$/;

const { script, metafile } = await buildWorker();

describe('worker-example', () => {
  it('is built of the published package, its libraries and the shared entities, and of nothing of Node', () => {
    const outputs = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
    expect(outputs).toEqual([]);
    expect(script).not.toMatch(/["']node:/);
    const inputs = Object.keys(metafile.inputs).map((path) => path.replace(/^(?:\.\.\/)+/, ''));
    const known =
      /^(?:(?:dist|node_modules\/(?:hono|zod|@hono\/zod-validator|@planetscale\/database)|worker-example\/src|src)\/|demo-web\/(?:entities\.ts$|migrations\/))/;
    expect(inputs.length).toBeGreaterThan(30);
    expect(inputs.filter((path) => !known.test(path))).toEqual([]);
  });

  it('imports public entries only', () => {
    const sources = readSources('worker-example/src', 'demo-web').filter(
      ({ path }) => !path.startsWith('demo-web/') || /^demo-web\/(?:entities\.ts$|migrations\/)/.test(path),
    );
    const imports = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/from '([^']+)'/g)].map(([, name = '']) => ({ path, name })),
    );
    expect(imports.length).toBeGreaterThan(30);
    expect(imports.filter(({ name }) => !ALLOWED.test(name) || /\/(?:src|adapters|dist)\//.test(name))).toEqual([]);
  });

  it('stays within its budget, gzip and minified, with its libraries', () => {
    const size = gzipSync(script, { level: 9 }).byteLength;
    process.stdout.write(
      `worker-example: ${(size / 1024).toFixed(1)} KB gzip, ${(script.length / 1024).toFixed(1)} KB minified\n`,
    );
    expect(size).toBeLessThan(BUDGET);
  });

  it('asks for no flag of Node', async () => {
    const { main, compatibility_flags } = await readConfiguration();
    expect([main, compatibility_flags]).toEqual(['src/worker.ts', ['enable_request_signal']]);
  });
});
