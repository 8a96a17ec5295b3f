import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './source-file.ts';

/** Lints a tree of texts under this repository's biome.json; answers the rules that each file breaks. */
function lint(files: Readonly<Record<string, string>>): Map<string, Set<string>> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'meshestra-lint-')));
  try {
    copyFileSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { stdout } = spawnSync(
      join(ROOT, 'node_modules/.bin/biome'),
      ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=github', '.'],
      { cwd: folder, encoding: 'utf8' },
    );
    const broken = new Map<string, Set<string>>();
    for (const [, rule = '', path = ''] of stdout.matchAll(/title=lint\/\w+\/(\w+),file=([^,]+),/g)) {
      const name = relative(folder, path);
      broken.set(name, (broken.get(name) ?? new Set()).add(rule));
    }
    return broken;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const long = Array.from({ length: 61 }, (_, index) => `  use(${index});`).join('\n');

/** A rule, and a text that breaks it. */
const PLANTS: readonly (readonly [rule: string, text: string])[] = [
  ['noNodejsModules', "import { join } from 'node:path';\nuse(join);"],
  ['noProcessGlobal', 'use(process.env);'],
  ['noRestrictedGlobals', "use(Buffer.from('a'));"],
  ['noRestrictedGlobals', 'setTimeout(use, 1);'],
  ['noRestrictedGlobals', "fetch('/');"],
  ['noRestrictedGlobals', "use(new Function('return 1'));"],
  ['noGlobalEval', "eval('1');"],
  ['noConsole', "console.log('a');"],
  ['noExplicitAny', 'export const x = use as any;'],
  ['noNonNullAssertion', 'export const x = use!.y;'],
  ['noReExportAll', "export * from './a.ts';"],
  ['noDefaultExport', 'export default 1;'],
  ['useImportType', "import { A } from './a.ts';\nexport type B = A;"],
  ['noEnum', 'export enum E { A }'],
  ['noParameterProperties', 'export class C { constructor(readonly a: number) {} }'],
  ['noUnusedVariables', 'const x = 1;'],
  ['noUnusedImports', "import { a } from './a.ts';"],
  ['noExcessiveLinesPerFunction', `export function f() {\n${long}\n}`],
  [
    'noExcessiveCognitiveComplexity',
    `export function f(a: number) {\n${'  if (a) { for (;;) { if (a) use(); } }\n'.repeat(4)}}`,
  ],
  ['noFloatingPromises', 'async function f(): Promise<void> {}\nf();'],
];

describe('the linter', () => {
  const paths = PLANTS.map(([rule], index) => `src/query/planted-${index}-${rule.toLowerCase()}.ts`);
  const broken = lint({
    ...Object.fromEntries(PLANTS.map(([, text], index) => [paths[index], text])),
    'src/query/clean.ts': '/** Says. */\nexport const answer = 42;\n',
    'src/query/plantedFile.ts': 'export const x = 1;\n',
    'test/unit/query/planted.test.ts': "it.only('a', () => {});\nit.skip('b', () => {});\n",
  });

  it.each(PLANTS.map(([rule], index) => ({ rule, path: paths[index] ?? '' })))(
    'reports a planted violation of $rule in $path',
    ({ rule, path }) => {
      expect([...(broken.get(path) ?? [])]).toContain(rule);
    },
  );

  it('reports nothing where nothing is wrong', () => {
    expect(broken.get('src/query/clean.ts')).toBeUndefined();
  });

  it('reports file names that are not kebab-case, and tests that stand alone', () => {
    expect([...(broken.get('src/query/plantedFile.ts') ?? [])]).toContain('useFilenamingConvention');
    expect([...(broken.get('test/unit/query/planted.test.ts') ?? [])]).toEqual(
      expect.arrayContaining(['noFocusedTests', 'noSkippedTests']),
    );
  });
});
