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

/** The tests on Node 24, for which there may be no Node. */
const onNode24 = JSON.parse(
  await readFile(join(root, 'test/artifacts/vitest-node-24.json'), 'utf8').catch(() => '{"testResults":[]}'),
);
const ONLY_ON_NODE_24 = ['node-sqlite in memory', 'node-sqlite on a file'];

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

/** The title of the suite that a test belongs to, `subject: suite`; what is skipped may stand in a group that says why. */
const suiteOf = ({ ancestorTitles }) =>
  ancestorTitles.find((title) => title.includes(': ') && !title.includes('(skipped: '));

/** Conformance suites (rows) by subject (columns). */
function conformanceTable() {
  const tests = [...report.testResults, ...onNode24.testResults]
    .filter((file) => relative(root, file.name).startsWith('test/adapters/'))
    .flatMap((file) => file.assertionResults)
    .filter((test) => suiteOf(test) !== undefined);
  const bySubject = groupBy(tests, (test) => suiteOf(test).split(': ')[0]);
  const suites = [...new Set(tests.map((test) => suiteOf(test).split(': ')[1]))].sort();
  const subjects = [...new Set([...bySubject.keys(), ...ONLY_ON_NODE_24])].sort();
  const cell = (subject, suite) =>
    verdict((bySubject.get(subject) ?? []).filter((test) => suiteOf(test) === `${subject}: ${suite}`));
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

/** The servers that the tests found: one of MariaDB and MySQL in a run. */
async function serversLine() {
  const record = await readFile(join(root, 'test/artifacts/engines.json'), 'utf8').catch(() => '{}');
  const found = Object.values(JSON.parse(record)).filter((version) => version !== null);
  const notRun = ['PostgreSQL', 'MariaDB', 'MySQL'].filter(
    (product) => !found.some((version) => version.startsWith(`${product} `)),
  );
  const rest = notRun.length === 0 ? '' : ` Nothing of this table was run on ${notRun.join(' or ')}.`;
  return `${SERVERS} ${found.length === 0 ? 'none' : found.join(' and ')}.${rest}`;
}

const SERVERS = 'Servers of this run:';
const matrix = [BEGIN, '', ...conformanceTable(), '', await serversLine(), '', ...browserTable(), '', END].join('\n');
const readme = await readFile(README, 'utf8');
const [before, rest] = readme.split(BEGIN);
const after = rest?.split(END)[1];
if (after === undefined) throw new Error('README.md has lost the marks of its support matrix');
const expected = before + matrix + after;
// The formatter may have aligned the columns, and another machine may have other versions of the servers.
const bare = (text) =>
  text
    .split('\n')
    .filter((line) => !line.startsWith(SERVERS))
    .map((line) => line.split('|').map((cell) => cell.trim().replace(/^-{3,}$/, '---')));

/** Where a server or browser is missing its tests are skipped by name, and README tells of a run that had it. */
const agrees = (shown, expectedCell) => shown === expectedCell || (expectedCell === '–' && process.env.CI !== 'true');
const isUpToDate = (() => {
  const [is, wanted] = [bare(readme), bare(expected)];
  const sameRow = (cells, row) =>
    cells.length === wanted[row]?.length && cells.every((cell, column) => agrees(cell, wanted[row][column]));
  return is.length === wanted.length && is.every(sameRow);
})();

if (process.argv.includes('--write')) {
  await writeFile(README, expected);
} else if (!isUpToDate) {
  process.stderr.write(`README.md: the support matrix is not what the tests show; it should be\n\n${matrix}\n`);
  process.exitCode = 1;
}
