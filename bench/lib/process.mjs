// Child processes on the Node of the npm package `node`, one per contender.
import { fork, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Node 24 as installed by `npm ci` in bench/ (allowScripts lets the package `node` fetch its binary). */
export const NODE = here(
  process.platform === 'win32' ? '../node_modules/node/bin/node.exe' : '../node_modules/node/bin/node',
);

export function requireNode() {
  if (!existsSync(NODE))
    throw new Error(`${NODE} is missing. Run "npm ci" in bench/, with a npm that honours allowScripts (11 or later).`);
}

/** Starts a contender; `ask` sends one request and waits for its answer, `stop` ends the process. */
export async function startContender(engine, name, file, pragmas) {
  const child = fork(here('./worker.mjs'), [engine, name, file ?? '', pragmas ? 'pragmas' : ''], {
    execPath: NODE,
    execArgv: ['--expose-gc', '--no-warnings'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  let pending;
  child.on('message', (message) => pending?.(message));
  child.on('exit', (code, signal) => pending?.({ error: `${name}: the process ended (${signal ?? code})` }));
  const answer = async () => {
    const message = await new Promise((done) => {
      pending = done;
    });
    pending = undefined;
    if (message.error !== undefined) throw new Error(message.error);
    return message.value;
  };
  await answer();
  return {
    name,
    ask: (request) => {
      const reply = answer();
      child.send(request);
      return reply;
    },
    stop: () =>
      new Promise((done) => {
        if (child.exitCode !== null) return done();
        child.removeAllListeners('exit');
        child.once('exit', done);
        child.kill();
      }),
  };
}

/** Runs a script to its end and gives the JSON it printed last. */
export function runScript(path, parameters = []) {
  return new Promise((resolve, reject) => {
    const child = spawn(NODE, ['--no-warnings', path, ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code !== 0) return reject(new Error(`${path} ${parameters.join(' ')} ended with ${code}`));
      try {
        resolve(JSON.parse(out.trim().split('\n').at(-1)));
      } catch (cause) {
        reject(new Error(`${path} printed no JSON: ${out}`, { cause }));
      }
    });
  });
}
