/**
 * The Node 24 that some tests need besides the Node of the run, which may be 20: node:sqlite is in the newer one only.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What is installed where there is no Node 24. Not among the dependencies of the package, because npm would put its
 * `node` before the one that runs the tests. better-sqlite3 13 is for Node 22 and later only, so that it is tested there.
 */
const PACKAGES = { node: '24.21.0', 'better-sqlite3': '13.2.0' };

const folder = join(dirname(fileURLToPath(import.meta.url)), '../artifacts/node-24');

/** Whether a version of Node has node:sqlite as Meshestra needs it. */
function hasSound(version) {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 24 || (Number(major) === 24 && Number(minor) >= 16);
}

/** Whether the Node that runs this has node:sqlite as Meshestra needs it, so that no other one is needed. */
export const hasNodeSqlite = () => hasSound(process.version);

/**
 * Finds Node 24: the executable that `MESHESTRA_NODE_24` names, or the npm package `node`, which is installed into
 * test/artifacts where it is not there yet. Answers `{ node, betterSqlite3 }`, the latter the module of a better-sqlite3
 * for it where there is one, or `{ missing }`, why there is none.
 */
export async function findNode24() {
  const asked = process.env.MESHESTRA_NODE_24;
  if (asked !== undefined) {
    return isNode24(asked)
      ? { node: asked }
      : { missing: `MESHESTRA_NODE_24 is ${asked}, which is no Node 24.16 or later` };
  }
  const installed = {
    node: join(folder, 'node_modules/.bin/node'),
    betterSqlite3: join(folder, 'node_modules/better-sqlite3'),
  };
  if (!isNode24(installed.node) || !existsSync(installed.betterSqlite3)) await install();
  if (isNode24(installed.node)) return installed;
  return { missing: 'Node 24 could not be installed from npm: set MESHESTRA_NODE_24 to its executable' };
}

function isNode24(executable) {
  const { status, stdout } = spawnSync(executable, ['--version'], { encoding: 'utf8' });
  return status === 0 && hasSound(stdout);
}

async function install() {
  await mkdir(folder, { recursive: true });
  const manifest = { name: 'node-24', private: true, dependencies: PACKAGES, allowScripts: { node: true } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  // The npm of the run, under its own Node, which the `engines` of these packages are not for.
  spawnSync('npm', ['install', '--no-audit', '--no-fund', '--engine-strict=false', '--loglevel=error'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 300_000,
  });
}
