/**
 * The support matrix of README.md, made from the report of the last test run: which conformance suites hold for which
 * adapter, and what was proven in a real browser. `node test/support-matrix.mjs` fails where README says otherwise,
 * `--write` brings it up to date.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const README = join(root, 'README.md');
const BEGIN = '<!-- support-matrix:begin (written by test/support-matrix.mjs from test results; do not edit) -->';
const END = '<!-- support-matrix:end -->';

const report = JSON.parse(await readFile(join(root, 'test/artifacts/vitest.json'), 'utf8'));

/** What a group of tests shows in the table. */
function verdict(tests) {
  const ran = tests.filter(({ status }) => status === 'passed' || status === 'failed');
  const known = ran.filter(({ title }) => title.includes('[known failure:'));
  if (ran.length === 0) return '–';
  if (ran.some(({ status }) => status === 'failed')) return 'fails';
  return known.length === 0 ? 'yes' : `yes, but ${known.length} known`;
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

/** Conformance suites (rows) by subject (columns); a suite's title is `subject: suite`. */
function conformanceTable() {
  const tests = report.testResults
    .filter((file) => relative(root, file.name).startsWith('test/adapters/'))
    .flatMap((file) => file.assertionResults)
    .filter(({ ancestorTitles: [top] }) => top?.includes(': '));
  const bySubject = groupBy(tests, ({ ancestorTitles }) => ancestorTitles[0].split(': ')[0]);
  const suites = [...new Set(tests.map(({ ancestorTitles }) => ancestorTitles[0].split(': ')[1]))].sort();
  const subjects = [...bySubject.keys()].sort();
  const cell = (subject, suite) =>
    verdict(bySubject.get(subject).filter(({ ancestorTitles }) => ancestorTitles[0] === `${subject}: ${suite}`));
  return [
    `| conformance suite | ${subjects.join(' | ')} |`,
    `|---|${subjects.map(() => '---').join('|')}|`,
    ...suites.map((suite) => `| ${suite} | ${subjects.map((subject) => cell(subject, suite)).join(' | ')} |`),
  ];
}

/** What each file of the browser tests proved, in the Chromium of the run. */
function browserTable() {
  const files = report.testResults
    .filter((file) => relative(root, file.name).startsWith('test/runtime/browser/'))
    .map((file) => ({ name: relative(join(root, 'test/runtime/browser'), file.name), tests: file.assertionResults }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    '| in a real browser | holds |',
    '|---|---|',
    ...files.map(
      ({ name, tests }) =>
        `| ${dirname(name)}: ${basename(name, '.test.ts').replaceAll('-', ' ')} | ${verdict(tests)} |`,
    ),
  ];
}

const matrix = [BEGIN, '', ...conformanceTable(), '', ...browserTable(), '', END].join('\n');
const readme = await readFile(README, 'utf8');
const [before, rest] = readme.split(BEGIN);
const after = rest?.split(END)[1];
if (after === undefined) throw new Error('README.md has lost the marks of its support matrix');
const expected = before + matrix + after;
// The formatter may have aligned the columns.
const bare = (text) => text.replace(/ +/g, ' ').replace(/ ?-{3,} ?/g, '---');
if (process.argv.includes('--write')) {
  await writeFile(README, expected);
} else if (bare(readme) !== bare(expected)) {
  process.stderr.write(`README.md: the support matrix is not what the tests show; it should be\n\n${matrix}\n`);
  process.exitCode = 1;
}
