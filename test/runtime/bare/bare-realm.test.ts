import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listFiles } from '../../architecture/source-file.ts';
import { type BareBundle, bundleForBareRealm, collectTests, runInBareRealm } from './bare-realm.ts';
import type { CollectedTest } from './vitest-in-bare-realm.ts';

/** The entries that make the core: everything that claims to run everywhere. */
const CORE_ENTRIES = ['src/index.ts', 'src/schema/index.ts', 'src/decorators.ts', 'src/port.ts'];

const bundles = await Promise.all(
  listFiles('test/unit')
    .filter((path) => path.endsWith('.test.ts'))
    .map(async (path) => ({ path, bundle: await bundleForBareRealm(path) })),
);
const bare = bundles.filter(({ bundle }) => bundle.externals.length === 0);
const needEngine = bundles.filter(({ bundle }) => bundle.externals.length > 0);

/** The tests of a bundle; a bundle that does not even load is one test, which fails with the reason. */
async function collectOrFail(bundle: BareBundle): Promise<readonly CollectedTest[]> {
  try {
    return await collectTests(bundle);
  } catch (error) {
    return [{ name: 'loads', run: () => Promise.reject(error) }];
  }
}

describe('the core bundle', () => {
  it.each(CORE_ENTRIES)('of %s holds only files of src, and loads in the bare realm', async (entry) => {
    const { code, metafile, externals } = await bundleForBareRealm(entry);
    expect(externals).toEqual([]);
    expect(Object.keys(metafile.inputs).filter((path) => !path.startsWith('src/'))).toEqual([]);
    expect(Object.keys(runInBareRealm(code).bundled as object)).not.toEqual([]);
  });
});

describe('the bare realm refuses a planted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshestra-bare-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['process', 'export const x = process.version;'],
    ['Buffer', "export const x = Buffer.from('a');"],
    ['require', "const load = require;\nexport const x = load('fs');"],
    ['timer', 'export const x = setTimeout(() => {}, 1);'],
    ['console', "console.log('x');"],
    ['fetch', "export const x = fetch('https://example.org');"],
    ['structuredClone', 'export const x = structuredClone({});'],
    ['new Function', "export const x = new Function('return 1')();"],
    ['eval', "export const x = (0, eval)('1');"],
    ['WebAssembly', 'export const x = new WebAssembly.Memory({ initial: 1 });'],
  ])('%s', async (name, text) => {
    const path = join(folder, `${name.replace(' ', '-')}.ts`);
    writeFileSync(path, text);
    const { code } = await bundleForBareRealm(path);
    expect(() => runInBareRealm(code)).toThrow(
      /is not defined|Code generation from strings disallowed|Dynamic require/,
    );
  });

  it('Node module and package', async () => {
    const path = join(folder, 'modules.ts');
    writeFileSync(
      path,
      "import { readFile } from 'node:fs';\nimport sql from 'sql.js';\nexport const x = [readFile, sql];",
    );
    expect((await bundleForBareRealm(path)).externals).toEqual(['node:fs', 'sql.js']);
  });

  it('failing test, which fails here too', async () => {
    const path = join(folder, 'failing.test.ts');
    writeFileSync(
      path,
      "import { expect, it } from 'vitest';\nit('fails', () => { expect({ a: 1 }).toEqual({ a: 2 }); });",
    );
    const [test] = await collectTests(await bundleForBareRealm(path));
    await expect(test?.run()).rejects.toThrow('expected { a: 1 } to deeply equal { a: 2 }');
  });
});

describe('unit tests in the bare realm', () => {
  it('are all but those that need a database engine', () => {
    for (const { path, bundle } of needEngine) {
      process.stdout.write(`not in the bare realm: ${path} needs ${bundle.externals.join(', ')}\n`);
    }
    // A room whose tests all need an engine would not be shown to run anywhere but in Node.
    const rooms = (files: typeof bundles) => new Set(files.map(({ path }) => path.split('/')[2]));
    // These two are about nothing but databases: their parts, planning above all, run here.
    const onlyWithEngine = ['entity-manager', 'persistence.test.ts'];
    const missing = [...rooms(bundles)].filter((room) => !rooms(bare).has(room));
    expect(missing.filter((room) => room === undefined || !onlyWithEngine.includes(room))).toEqual([]);
    expect(rooms(bare).size).toBeGreaterThan(3);
  });

  describe.each(bare)('$path', async ({ path, bundle }) => {
    for (const test of await collectOrFail(bundle)) {
      it(`${basename(path)} ${test.name}`, () => test.run());
    }
  });
});
