/**
 * The one gate: `npm run check`, which `npm test` runs too. Every step must pass; none is a warning.
 *
 * A failing step does not stop those after it, so that one run tells everything; a step whose ground is gone (the
 * package does not build) fails with what it needs. `node test/check.mjs lint types` runs the named steps only.
 *
 * The last line is `N passed, N failed`: the tests as vitest reported them, plus one for each other step.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode24, hasNodeSqlite } from './support/node-24.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const REPORT = join(root, 'test/artifacts/vitest.json');
const NODE_24_REPORT = join(root, 'test/artifacts/vitest-node-24.json');
/** The database servers that the tests found, for the support matrix. */
const ENGINES = join(root, 'test/artifacts/engines.json');

/** The options of vitest for a report that is counted. */
const reportTo = (file) => ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];

/** What runs on Node 24 besides: core, and the drivers of SQLite engines, of which one is part of Node. */
const ON_NODE_24 = ['test/unit', 'test/adapters/node-sqlite', 'test/adapters/sqljs.test.ts'];

/**
 * Steps in order. A step with a `report` is vitest's, whose tests are counted one by one. One that `prepare`s answers its
 * command, or why there is nothing to run.
 */
const STEPS = [
  { name: 'lint', what: 'Biome: format and lint', command: ['npx', 'biome', 'check', '--error-on-warnings', '.'] },
  { name: 'types', what: 'TypeScript projects', command: ['npx', 'tsc', '-b'] },
  { name: 'build', what: 'build of the package', command: ['npm', 'run', '--silent', 'build'] },
  { name: 'demo', what: 'build of the demo from the built package', command: ['npm', 'run', '--silent', 'build:demo'] },
  {
    name: 'test',
    what: 'tests: unit, conformance, servers, types, architecture, documentation, bare realm, bundle budgets, browsers',
    command: ['npx', 'vitest', 'run', ...reportTo(REPORT)],
    report: REPORT,
    writes: [ENGINES],
  },
  {
    name: 'node-24',
    what: 'tests on Node 24: unit, conformance of node-sqlite, better-sqlite3 and sqljs',
    prepare: prepareNode24,
    report: NODE_24_REPORT,
  },
  {
    name: 'matrix',
    what: 'support matrix of README.md against the test results',
    command: ['node', 'test/support-matrix.mjs'],
  },
  {
    name: 'unused',
    what: 'knip: unused files, exports, dependencies',
    command: ['npm', 'run', '--silent', 'lint:unused'],
  },
  { name: 'package', what: 'publint', command: ['npm', 'run', '--silent', 'lint:package'] },
  {
    name: 'resolution',
    what: 'are the types wrong',
    command: ['npm', 'run', '--silent', 'lint:resolution'],
  },
];

/** A step that takes longer hangs: it ends as a failure, for an endless loop would otherwise end nothing. */
const LIMIT_MINUTES = 75;

/** On a Node that has node:sqlite these tests are part of the step before. */
async function prepareNode24() {
  if (hasNodeSqlite()) return { covered: `this is Node ${process.version}` };
  const { node, betterSqlite3, missing } = await findNode24();
  if (missing !== undefined) return { missing };
  const vitest = [node, join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'node', ...ON_NODE_24];
  const report = reportTo(NODE_24_REPORT);
  // The better-sqlite3 beside vitest is for the Node of the run.
  if (betterSqlite3 === undefined) return { command: [...vitest, ...report] };
  return {
    command: [...vitest, 'test/adapters/better-sqlite3', ...report],
    env: { MESHESTRA_BETTER_SQLITE3: betterSqlite3 },
  };
}

/** Runs a command with the terminal's output and answers whether it succeeded. */
function run([command, ...args], env = {}) {
  return new Promise((resolve) => {
    // A group of its own, so that at the limit its workers end with it.
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      detached: true,
      env: { ...process.env, ...env },
    });
    const endGroup = () => process.kill(-child.pid, 'SIGKILL');
    const limit = setTimeout(() => {
      process.stderr.write(`${command} ${args.join(' ')} did not end within ${LIMIT_MINUTES} minutes\n`);
      endGroup();
    }, LIMIT_MINUTES * 60_000);
    const interrupt = () => {
      endGroup();
      process.exit(130);
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    child.on('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(false);
    });
    child.on('close', (code) => {
      clearTimeout(limit);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      resolve(code === 0);
    });
  });
}

/**
 * Counts the tests of a vitest report. A file that fails before its first test, or a run that fails beyond its tests,
 * counts as one failure; a report that is missing means that nothing was tested.
 */
async function countTests(path, succeeded) {
  let report;
  try {
    report = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    process.stderr.write(`no test report: ${error.message}\n`);
    return { passed: 0, failed: 1, skipped: [] };
  }
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failedTests = tests.filter((test) => test.status === 'failed').length;
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  const failed = failedTests + brokenFiles.length;
  const nothingRan = passed + failed === 0;
  return {
    passed,
    failed: (!succeeded || nothingRan) && failed === 0 ? 1 : failed,
    skipped: skippedNames(skipped),
  };
}

/** Tests that are skipped together, because a server or a browser is missing, are named once, by the group that says why. */
function skippedNames(tests) {
  const counts = new Map();
  for (const { fullName, ancestorTitles } of tests) {
    const name = ancestorTitles.find((title) => title.includes('(skipped: ')) ?? fullName;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name}, ${count} tests`));
}

/** Runs a step and counts it, or the tests in it. */
async function runStep({ name, command, prepare, report, writes = [] }) {
  if (report === undefined) {
    const succeeded = await run(command);
    return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, skipped: [] };
  }
  for (const file of [report, ...writes]) await rm(file, { force: true });
  const step = prepare === undefined ? { command } : await prepare();
  if (step.command !== undefined) return countTests(report, await run(step.command, step.env));
  // As with a browser or a server that is missing: named here, and a failure where nothing may be left out.
  const why = `${name}: ${step.covered ?? step.missing}`;
  return { passed: 0, failed: step.missing !== undefined && process.env.CI === 'true' ? 1 : 0, skipped: [why] };
}

async function main() {
  const asked = process.argv.slice(2);
  const unknown = asked.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) throw new Error(`no such step: ${unknown.join(', ')}`);
  const steps = STEPS.filter((step) => asked.length === 0 || asked.includes(step.name));
  const total = { passed: 0, failed: 0 };
  const lines = [];
  await mkdir(dirname(REPORT), { recursive: true });
  for (const step of steps) {
    process.stdout.write(`\n> ${step.what}\n`);
    const started = performance.now();
    const counts = await runStep(step);
    total.passed += counts.passed;
    total.failed += counts.failed;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    lines.push(`${counts.failed === 0 ? 'ok    ' : 'FAILED'} ${step.name.padEnd(10)} ${seconds.padStart(6)} s`);
    for (const name of counts.skipped) lines.push(`       skipped: ${name}`);
  }
  process.stdout.write(`\n${lines.join('\n')}\n\n${total.passed} passed, ${total.failed} failed\n`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}

await main();
