import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findUntestedAdapters } from './rules/adapter-tests.ts';
import { findDialectNames } from './rules/dialect-names.ts';
import { findUndocumentedExports } from './rules/doc-comments.ts';
import { measureDuplication } from './rules/duplication.ts';
import { findEscapeHatches } from './rules/escape-hatches.ts';
import { entryFilesOf, findExportDifferences, type PackageManifest } from './rules/exports-map.ts';
import { findReExports } from './rules/re-exports.ts';
import { findHighMedian, findLongFiles, findLongFunctions, medianLines } from './rules/sizes.ts';
import { findBadTests } from './rules/test-titles.ts';
import { lineCount, listFiles, ROOT, readSources, sourceFile } from './source-file.ts';

/**
 * The files that may write `any`, each only in a generic constraint, a conditional type's pattern or a constructor's
 * shape: a class with any constructor, or a column of any value, cannot be said with `unknown`, since parameters are
 * contravariant.
 */
const ANY_ALLOWED_IN = new Set<string>(['src/metadata/entity-class.ts']);

/** Sources are read once; the tests of this file only look at them. */
const published = readSources('src', 'adapters', 'integrations', 'cli');
const tests = readSources('test');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as PackageManifest;

/** A planted function of the given number of lines, declared at the given place. */
const planted = (text: string, path = 'src/query/planted.ts') => [sourceFile(path, text)];
const body = (lines: number) => Array.from({ length: lines }, (_, index) => `  use(${index});`).join('\n');

describe('the tree', () => {
  it('has sources to look at', () => {
    expect(published.length).toBeGreaterThan(20);
  });
});

describe('dialect names', () => {
  it('are written in src/dialect only', () => {
    expect(findDialectNames(published)).toEqual([]);
  });

  it('are found when planted', () => {
    expect(findDialectNames(planted("if (d.name === 'sqlite') use();"))).toHaveLength(1);
    expect(findDialectNames(planted('const d = `Postgres`;', 'adapters/pg/index.ts'))).toHaveLength(1);
    expect(findDialectNames(planted("const d = 'mysql';", 'src/dialect/mysql/index.ts'))).toEqual([]);
  });
});

describe('sizes', () => {
  it('stay below 400 lines a file', () => {
    expect(findLongFiles(published)).toEqual([]);
  });

  it('stay below 60 lines a function', () => {
    expect(findLongFunctions(published)).toEqual([]);
  });

  it('have a median file of at most 80 lines', () => {
    process.stdout.write(`median file of src and adapters: ${medianLines(published)} lines\n`);
    expect(findHighMedian(published)).toEqual([]);
  });

  it('are found when planted too large', () => {
    expect(findLongFiles(planted(`${body(400)}\n`))).toEqual([]);
    expect(findLongFiles(planted(`${body(401)}\n`))).toHaveLength(1);
    expect(findLongFunctions(planted(`function f() {\n${body(58)}\n}`))).toEqual([]);
    expect(findLongFunctions(planted(`function f() {\n${body(59)}\n}`))).toHaveLength(1);
    expect(findLongFunctions(planted(`const o = { m: () => {\n${body(59)}\n} };`))).toHaveLength(1);
    expect(findLongFunctions(planted(`class C { get g() {\n${body(59)}\n} }`))).toHaveLength(1);
    expect(findHighMedian([...planted(body(81)), ...planted(body(81)), ...planted(body(1))])).toHaveLength(1);
  });
});

describe('escape hatches', () => {
  it('are not used in src, adapters and integrations', () => {
    expect(findEscapeHatches(published, ANY_ALLOWED_IN)).toEqual([]);
  });

  it('are not allowed to files that do not need them', () => {
    const withAny = new Set(published.filter((file) => /\bany\b/.test(file.text)).map((file) => file.path));
    expect([...ANY_ALLOWED_IN].filter((path) => !withAny.has(path))).toEqual([]);
  });

  it.each([
    ['a cast to any', 'const x = y as any;'],
    ['a variable of any', 'let x: any;'],
    ['a parameter of any', 'function f(x: any) {}'],
    ['a non-null assertion', 'const x = y!.z;'],
    ['a definite assignment', 'class C { x!: number; }'],
    ['a suppression', '// @ts-expect-error\nconst x: number = 1;'],
    ['a constraint in a file that is not on the list', 'type F<T extends new (...args: any[]) => object> = T;'],
  ])('are found when planted: %s', (_title, text) => {
    expect(findEscapeHatches(planted(text), new Set())).toHaveLength(1);
  });

  it('are refused outside generic positions in a file on the list', () => {
    const allowed = new Set(['src/query/planted.ts']);
    expect(findEscapeHatches(planted('type F<T extends new (...args: any[]) => object> = T;'), allowed)).toEqual([]);
    expect(findEscapeHatches(planted('type V<C> = C extends Column<infer T, any> ? T : never;'), allowed)).toEqual([]);
    expect(findEscapeHatches(planted('export type AnyColumn = Column<any>;'), allowed)).toEqual([]);
    expect(findEscapeHatches(planted('const x = y as any;'), allowed)).toHaveLength(1);
    expect(findEscapeHatches(planted('const x = y as Column<any>;'), allowed)).toHaveLength(1);
    expect(findEscapeHatches(planted('let x: Map<string, any>;'), allowed)).toHaveLength(1);
    expect(findEscapeHatches(planted('function f(x: any) {}'), allowed)).toHaveLength(1);
  });
});

describe('doc comments', () => {
  it('stand before every exported name', () => {
    expect(findUndocumentedExports(published)).toEqual([]);
  });

  it('are missed when planted without', () => {
    expect(findUndocumentedExports(planted('/** Says so. */\nexport const x = 1;'))).toEqual([]);
    expect(findUndocumentedExports(planted('export const x = 1;'))).toHaveLength(1);
    expect(findUndocumentedExports(planted('/** */\nexport function f() {}'))).toHaveLength(1);
    expect(findUndocumentedExports(planted('// not a doc comment\nexport interface I {}'))).toHaveLength(1);
    expect(
      findUndocumentedExports(planted('/** First. */\nexport function f(a: 1): 1;\nexport function f(a: 1) {}')),
    ).toEqual([]);
  });
});

describe('re-exports', () => {
  it('stand in entry files only', () => {
    expect(findReExports(published, entryFilesOf(published.map((file) => file.path)))).toEqual([]);
  });

  it('are found when planted', () => {
    expect(findReExports(planted("export { a } from './a.ts';"), new Set(['src/index.ts']))).toHaveLength(1);
    expect(findReExports(planted("export * from './a.ts';"), new Set(['src/index.ts']))).toHaveLength(1);
    expect(findReExports(planted("export * from './a.ts';", 'src/index.ts'), new Set(['src/index.ts']))).toEqual([]);
  });
});

describe('the exports of package.json', () => {
  const entry = { types: './dist/types/src/index.d.ts', default: './dist/index.js' };

  it('are the entry files', () => {
    const paths = [...listFiles('src'), ...listFiles('adapters'), ...listFiles('integrations'), ...listFiles('cli')];
    expect(findExportDifferences(manifest, paths)).toEqual([]);
  });

  it('are found to differ when planted so', () => {
    expect(findExportDifferences({ exports: { '.': entry } }, ['src/index.ts'])).toEqual([]);
    expect(findExportDifferences({ exports: {} }, ['src/index.ts'])).toHaveLength(1);
    expect(findExportDifferences({ exports: { '.': entry } }, [])).toHaveLength(1);
    expect(findExportDifferences({ exports: { '.': entry } }, ['src/index.ts', 'adapters/pg/index.ts'])).toHaveLength(
      1,
    );
    expect(findExportDifferences({ exports: { './other': entry } }, ['src/index.ts'])).toHaveLength(1);
    expect(findExportDifferences({ exports: { '.': './dist/index.js' } }, [])).toHaveLength(1);
  });
});

describe('every adapter', () => {
  const conformance = [
    sourceFile('test/conformance/driver-laws.ts', "export function driverLaws() { describe('x', () => {}); }"),
  ];

  it('has a test that calls every conformance suite', () => {
    const under = (folder: string) => tests.filter((file) => file.path.startsWith(folder));
    const paths = listFiles('adapters');
    expect(paths).not.toEqual([]);
    expect(findUntestedAdapters(paths, under('test/adapters/'), under('test/conformance/'))).toEqual([]);
  });

  it('is found when planted without', () => {
    const check = (text: string | null, suites = conformance) =>
      findUntestedAdapters(
        ['adapters/pg/index.ts'],
        text === null ? [] : [sourceFile('test/adapters/pg.test.ts', text)],
        suites,
      );
    expect(check('driverLaws(subject);')).toEqual([]);
    expect(check(null)).toHaveLength(1);
    expect(check("import { driverLaws } from '../conformance/driver-laws.ts';")).toHaveLength(1);
    expect(check('driverLaws(subject);', [])).toHaveLength(1);
  });
});

describe('duplication', () => {
  it('stays below 1 %', () => {
    const { share, copies, lines } = measureDuplication(published);
    process.stdout.write(`duplication: ${(share * 100).toFixed(2)} % of ${lines} lines of code\n`);
    expect(share, copies.join('\n')).toBeLessThan(0.01);
  });

  it('is found when planted', () => {
    const code = Array.from({ length: 8 }, (_, index) => `  const value${index} = compute(${index}, 'text');`).join(
      '\n',
    );
    const twice = [
      ...planted(code, 'src/a.ts'),
      ...planted(`// moved and indented\n${code.replace(/^/gm, '  ')}`, 'src/b.ts'),
    ];
    expect(measureDuplication(twice)).toMatchObject({
      lines: 16,
      duplicated: 8,
      share: 0.5,
      copies: ['src/b.ts:2 = src/a.ts:1'],
    });
    expect(measureDuplication(planted(code)).share).toBe(0);
  });
});

describe('tests', () => {
  it('have plain titles and none is skipped or alone', () => {
    expect(findBadTests(tests)).toEqual([]);
  });

  it('are found when planted otherwise', () => {
    expect(findBadTests(planted("it('should work', f);"))).toHaveLength(1);
    expect(findBadTests(planted("it.only('works', f);"))).toHaveLength(1);
    expect(findBadTests(planted("describe.skip('works', f);"))).toHaveLength(1);
    expect(findBadTests(planted("it('works', f); it.skipIf(c)('says why', f);"))).toEqual([]);
  });

  it('are counted against the source', () => {
    const lines = (files: readonly { text: string }[]) => files.reduce((sum, file) => sum + lineCount(file.text), 0);
    const ratio = lines(tests) / lines(published);
    process.stdout.write(`test to source: ${ratio.toFixed(2)} (${lines(tests)} / ${lines(published)} lines)\n`);
    expect(ratio).toBeGreaterThan(0);
  });
});
