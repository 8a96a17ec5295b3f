/**
 * The keeper of one database server: starts and ends it for the tests, over Node's IPC, and ends it and removes its
 * directory when the tests are gone, however they went: a parent that is killed with SIGKILL cannot clean up, but the
 * channel to it closes. Run in a session of its own, so that what ends the tests' process group does not end it.
 *
 * Requests are `{ id, action }`, answers `{ id, error? }`; `{ exited }` tells that the server ended by itself.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** @type {import('./engine-kind.ts').ServerPlan} */
const plan = JSON.parse(process.argv[2]);
const log = join(plan.directory, 'log');
/** A server that was asked to end and did not is killed after this time. */
const PATIENCE_MS = 10_000;

/** The program that runs: the initialization first, then the server. */
let child;
/** Whether its end was asked for. */
let expected = false;

/** The account to run as: servers refuse to run as root. */
function account() {
  if (process.getuid?.() !== 0) return {};
  for (const name of plan.accounts) {
    const id = (flag) => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);
    const [uid, gid] = [id('-u'), id('-g')];
    if (uid > 0) return { uid, gid };
  }
  throw new Error(`none of the accounts ${plan.accounts.join(', ')} is there, and the server does not run as root`);
}
const owner = account();
if (owner.uid !== undefined) chownSync(plan.directory, owner.uid, owner.gid);

const logTail = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-8).join('\n') : '');

function launch({ command, args }) {
  const out = openSync(log, 'a');
  // Detached from this session, for the server's own children see signals of the terminal, too.
  child = spawn(command, args, { ...owner, cwd: plan.directory, stdio: ['ignore', out, out] });
  child.once('error', (error) => process.send?.({ exited: error.message }));
  return child;
}

/** Resolves when the running program has ended. */
function ended(program) {
  // Without a number it did not even start.
  if (program?.pid === undefined || program.exitCode !== null || program.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => program.once('exit', resolve));
}

async function end(signal) {
  const program = child;
  expected = true;
  program?.kill(signal);
  const kill = setTimeout(() => program?.kill('SIGKILL'), PATIENCE_MS);
  await ended(program);
  clearTimeout(kill);
}

/** PostgreSQL keeps a System V segment beside its memory, which a server that was killed leaves behind. */
function removeSharedMemory() {
  const path = join(plan.directory, 'data', 'postmaster.pid');
  if (!existsSync(path)) return;
  const id = readFileSync(path, 'utf8').split('\n')[6]?.trim().split(/\s+/)[1];
  if (id !== undefined && /^\d+$/.test(id)) spawnSync('ipcrm', ['-m', id]);
}

async function remove() {
  await end(plan.quitSignal);
  removeSharedMemory();
  rmSync(plan.directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

const ACTIONS = {
  async initialize() {
    const program = launch(plan.initialize);
    await ended(program);
    if (program.exitCode !== 0) throw new Error(`${plan.initialize.command} failed:\n${logTail()}`);
  },
  async start() {
    expected = false;
    const server = launch(plan.server);
    server.once('exit', () => {
      if (!expected) process.send?.({ exited: logTail() });
    });
  },
  stop: () => end(plan.stopSignal),
  kill: () => end('SIGKILL'),
  close: remove,
};

process.on('message', async ({ id, action }) => {
  try {
    await ACTIONS[action]();
    process.send?.({ id });
  } catch (error) {
    process.send?.({ id, error: error.message });
  }
  if (action === 'close') process.disconnect();
});
process.on('disconnect', async () => {
  await remove();
  process.exit(0);
});
