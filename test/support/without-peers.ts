import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../architecture/source-file.ts';

/**
 * Runs a module where the built package is installed and none of its peers, in the Node of the tests; gives what it
 * printed.
 */
export async function runWithoutPeers(code: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'meshestra-alone-'));
  try {
    const home = join(folder, 'node_modules/meshestra');
    await mkdir(home, { recursive: true });
    await cp(join(ROOT, 'package.json'), join(home, 'package.json'));
    await cp(join(ROOT, 'dist'), join(home, 'dist'), {
      recursive: true,
      filter: (path) => !path.startsWith(join(ROOT, 'dist/types')),
    });
    const script = join(folder, 'program.mjs');
    await writeFile(script, code);
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 60_000 });
    return stdout.trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
