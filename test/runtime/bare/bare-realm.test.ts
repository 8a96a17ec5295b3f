import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listFiles, ROOT } from '../../architecture/source-file.ts';
import { type BareBundle, bundleForBareRealm, collectTests, runInBareRealm } from './bare-realm.ts';
import type { CollectedTest } from './vitest-in-bare-realm.ts';

/** The entries that make the core: everything that claims to run everywhere. */
const CORE_ENTRIES = ['src/index.ts', 'src/schema/index.ts', 'src/decorators.ts', 'src/port.ts'];

/** How a test waits, or gets at the timers of its host. */
const TIMERS = ['setTimeout(', 'setImmediate(', 'createClock(globalThis'];

/** Classes that come out of a compiler in the host cannot be constructed through the membrane. */
const COMPILED_CLASSES = /transactional-form\.test\.ts$/;

const bundles = await Promise.all(
  listFiles('test/unit')
    .filter((path) => path.endsWith('.test.ts'))
    .map(async (path) => {
      const bundle = await bundleForBareRealm(path);
      return { path, bundle, needs: needsOf(bundle) };
    }),
);
const bare = bundles.filter(({ needs }) => needs.length === 0);
const needHost = bundles.filter(({ needs }) => needs.length > 0);

/** What a test wants of its host: a database engine, a timer to wait with, a compiler whose classes it instantiates. */
function needsOf({ externals, metafile }: BareBundle): readonly string[] {
  const testFiles = Object.keys(metafile.inputs).filter((path) => /(^|\/)test\/(unit|support)\//.test(path));
  const texts = testFiles.map((path) => readFileSync(join(ROOT, path), 'utf8'));
  return [
    ...externals,
    ...TIMERS.filter((use) => texts.some((text) => text.includes(use))),
    ...testFiles.filter((path) => COMPILED_CLASSES.test(path)),
  ];
}

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
  it('are all but those that need a database engine, a timer or a compiler', () => {
    for (const { path, needs } of needHost) {
      process.stdout.write(`not in the bare realm: ${path} needs ${needs.join(', ')}\n`);
    }
    // A room whose tests all need their host would not be shown to run anywhere but in Node.
    const rooms = (files: typeof bundles) => new Set(files.map(({ path }) => path.split('/')[2]));
    // These are about nothing but databases, and compilers: their parts, planning above all, run here.
    const onlyWithHost = ['entity-manager', 'persistence.test.ts', 'transactional'];
    const missing = [...rooms(bundles)].filter((room) => !rooms(bare).has(room));
    expect(missing.filter((room) => room === undefined || !onlyWithHost.includes(room))).toEqual([]);
    expect(rooms(bare).size).toBeGreaterThan(3);
  });

  describe.each(bare)('$path', async ({ path, bundle }) => {
    for (const test of await collectOrFail(bundle)) {
      it(`${basename(path)} ${test.name}`, () => test.run());
    }
  });
});
