import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { ROOT, readSources } from '../architecture/source-file.ts';
import { checkExamples } from './check-examples.ts';
import { docCommentExamples, type Example, markdownExamples } from './extract-examples.ts';

const ENTRIES = [
  'meshestra',
  'meshestra/schema',
  'meshestra/decorators',
  'meshestra/sqljs',
  'meshestra/memory',
  'meshestra/port',
];
const PRELUDE = '../prelude.ts';

const readme = markdownExamples('README.md', await readFile(join(ROOT, 'README.md'), 'utf8').catch(() => ''));
const ofAdapters = await Promise.all(
  (await readdir(join(ROOT, 'adapters'))).map(async (name) => {
    const path = `adapters/${name}/README.md`;
    return markdownExamples(path, await readFile(join(ROOT, path), 'utf8').catch(() => ''));
  }),
);
const inComments = readSources('src', 'adapters').flatMap((file) => docCommentExamples(file.path, file.text));

describe('examples in doc comments', () => {
  it('type-check against the built package', () => {
    process.stdout.write(`${inComments.length} examples in doc comments\n`);
    expect(checkExamples(inComments, [...ENTRIES, PRELUDE])).toEqual([]);
  });
});

describe('examples in the README', () => {
  // What runs is one program from top to bottom; the other blocks go on from there.
  const program = readme.filter((example) => example.runs);

  it('are there, with a quick start that runs', () => {
    expect(readme).not.toEqual([]);
    expect(program).not.toEqual([]);
  });

  it('type-check against the built package', () => {
    const others = readme.filter((example) => !example.runs);
    const [first] = program;
    const whole = first === undefined ? [] : [{ ...first, code: joinKeepingLines(program) }];
    expect(checkExamples(whole, [])).toEqual([]);
    expect(checkExamples(others, [...ENTRIES, PRELUDE])).toEqual([]);
  });

  it('run in Node, on the built package', async () => {
    expect(program).not.toEqual([]);
    const folder = join(ROOT, 'test/artifacts/readme');
    await mkdir(folder, { recursive: true });
    const outfile = join(folder, 'quick-start.mjs');
    await build({
      stdin: { contents: joinKeepingLines(program), loader: 'ts', resolveDir: folder, sourcefile: 'README.md' },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      target: 'es2022',
      logLevel: 'silent',
    });
    const { stdout } = await promisify(execFile)(process.execPath, [outfile], { timeout: 60_000 });
    process.stdout.write(stdout);
  });
});

describe('examples in the READMEs of adapters', () => {
  it('type-check against the built package', () => {
    expect(ofAdapters.flat()).not.toEqual([]);
    expect(checkExamples(ofAdapters.flat(), [])).toEqual([]);
  });
});

describe('a planted example', () => {
  const at = (code: string): Example[] => [{ place: 'README.md:10', code, runs: false }];

  it('is found in Markdown and in doc comments, with its line', () => {
    expect(markdownExamples('README.md', 'text\n\n```ts run\nlet a = 1;\n```\n\n```js\nlet b;\n```\n')).toEqual([
      { place: 'README.md:4', code: 'let a = 1;\n', runs: true },
    ]);
    const comment = 'const x = 1;\n/**\n * Says.\n *\n * ```ts\n * let a = 1;\n * ```\n */\nexport const y = 1;\n';
    expect(docCommentExamples('src/x.ts', comment)).toEqual([
      { place: 'src/x.ts:6', code: 'let a = 1;\n', runs: false },
    ]);
  });

  it('with a wrong type is reported at its place', () => {
    const errors = checkExamples(
      [...at('const a = 1;\nconst b: string = a;'), ...at('nowhere();'), ...at('const a = ;')],
      [],
    );
    expect(errors).toEqual([
      "README.md:11 Type 'number' is not assignable to type 'string'.",
      "README.md:10 Cannot find name 'nowhere'.",
      'README.md:10 Expression expected.',
    ]);
  });

  it('may use what the package and the prelude export', () => {
    expect(
      checkExamples(at("const error: PersistenceError = new ConfigurationError('x');"), ['meshestra/port']),
    ).toEqual([]);
  });
});

/** Joins blocks of one document such that the lines of the first one keep their distance to the document's start. */
function joinKeepingLines(blocks: readonly Example[]): string {
  const lineOf = (example: Example) => Number(example.place.slice(example.place.lastIndexOf(':') + 1));
  const start = blocks[0] === undefined ? 0 : lineOf(blocks[0]);
  return blocks.reduce((text, block) => {
    const missing = lineOf(block) - start - (text.split('\n').length - 1);
    return `${text}${'\n'.repeat(Math.max(0, missing))}${block.code}`;
  }, '');
}
