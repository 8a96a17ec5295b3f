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

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const REPORT = join(root, 'test/artifacts/vitest.json');
/** The database servers that the tests found, for the support matrix. */
const ENGINES = join(root, 'test/artifacts/engines.json');

/** Steps in order. A step that `counts` writes a vitest report, whose tests are counted one by one. */
const STEPS = [
  { name: 'lint', what: 'Biome: format and lint', command: ['npx', 'biome', 'check', '--error-on-warnings', '.'] },
  { name: 'types', what: 'TypeScript projects', command: ['npx', 'tsc', '-b'] },
  { name: 'build', what: 'build of the package', command: ['npm', 'run', '--silent', 'build'] },
  { name: 'demo', what: 'build of the demo from the built package', command: ['npm', 'run', '--silent', 'build:demo'] },
  {
    name: 'test',
    what: 'tests: unit, conformance, servers, types, architecture, documentation, bare realm, bundle budgets, browsers',
    command: ['npx', 'vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`],
    counts: true,
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
const LIMIT_MINUTES = 45;

/** Runs a command with the terminal's output and answers whether it succeeded. */
function run([command, ...args]) {
  return new Promise((resolve) => {
    // A group of its own, so that at the limit its workers end with it.
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', detached: true });
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
async function countTests(succeeded) {
  let report;
  try {
    report = JSON.parse(await readFile(REPORT, 'utf8'));
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
    skipped: skipped.map((test) => test.fullName),
  };
}

/** Runs a step and counts it, or the tests in it. */
async function runStep({ command, counts }) {
  if (!counts) {
    const succeeded = await run(command);
    return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, skipped: [] };
  }
  await rm(REPORT, { force: true });
  await rm(ENGINES, { force: true });
  return countTests(await run(command));
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
