import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
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

const documents = ['README.md', ...adapterReadmes()].map((path) => ({
  path,
  examples: markdownExamples(path, readFileSync(join(ROOT, path), 'utf8')),
}));
const inComments = readSources('src', 'adapters').flatMap((file) => docCommentExamples(file.path, file.text));

describe('examples in doc comments', () => {
  it('type-check against the built package', () => {
    process.stdout.write(`${inComments.length} examples in doc comments\n`);
    expect(checkExamples(inComments, [...ENTRIES, PRELUDE])).toEqual([]);
  });
});

describe.each(documents)('examples in $path', ({ path, examples }) => {
  // What runs is one program from top to bottom; the other blocks go on from there.
  const program = examples.filter((example) => example.runs);

  it('are there', () => {
    expect(examples).not.toEqual([]);
  });

  it('type-check against the built package', () => {
    const others = examples.filter((example) => !example.runs);
    const [first] = program;
    const whole = first === undefined ? [] : [{ ...first, code: joinKeepingLines(program) }];
    expect(checkExamples(whole, [])).toEqual([]);
    expect(checkExamples(others, [...ENTRIES, PRELUDE])).toEqual([]);
  });

  it.runIf(program.length > 0)('run in Node, on the built package', async () => {
    const folder = join(ROOT, 'test/artifacts/readme');
    await mkdir(folder, { recursive: true });
    const outfile = join(folder, `${path.replaceAll(/\W/g, '-')}.mjs`);
    await build({
      stdin: { contents: joinKeepingLines(program), loader: 'ts', resolveDir: folder, sourcefile: path },
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

it('The README has a quick start that runs', () => {
  expect(documents[0]?.examples.some((example) => example.runs)).toBe(true);
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

function adapterReadmes(): string[] {
  return readdirSync(join(ROOT, 'adapters'))
    .map((name) => `adapters/${name}/README.md`)
    .filter((path) => existsSync(join(ROOT, path)));
}
