import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../architecture/source-file.ts';

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a config, in which the built command runs. */
export interface Application extends AsyncDisposable {
  readonly folder: string;
  write(file: string, text: string): Promise<void>;
  run(...args: readonly string[]): Promise<Ended>;
  /** Runs a command in a folder below that of the config. */
  runIn(below: string, ...args: readonly string[]): Promise<Ended>;
  /** Runs a command in a pseudo-terminal, and types the keys when it asks. */
  type(keys: readonly string[], ...args: readonly string[]): Promise<Ended>;
}

const MAIN = join(ROOT, 'dist/cli/main.js');

/** Makes a folder below the repository, where `meshestra` is the package that was built. */
export async function openApplication(config: string): Promise<Application> {
  const parent = join(ROOT, 'test/artifacts/cli');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'app-'));
  const write = (file: string, text: string) => writeFile(join(folder, file), text);
  await write('meshestra.config.ts', config);
  return {
    folder,
    write,
    runIn: (below, ...args) =>
      end(spawn(process.execPath, [MAIN, ...args], { cwd: join(folder, below), env: environment({ CI: 'true' }) }), []),
    run: (...args) =>
      end(spawn(process.execPath, [MAIN, ...args], { cwd: folder, env: environment({ CI: 'true' }) }), []),
    type(keys, ...args) {
      const command = [process.execPath, MAIN, ...args].map(quote).join(' ');
      // util-linux: `script` gives the command a terminal of its own, and ends with its exit code.
      const options = { cwd: folder, env: environment({ TERM: 'xterm' }) };
      return end(spawn('script', ['-qefc', command, '/dev/null'], options), keys);
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true });
    },
  };
}

function environment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { CI: _ci, FORCE_COLOR: _force, NO_COLOR: _no, ...rest } = process.env;
  return { ...rest, ...own };
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

// A prompt that is drawn writes nothing more until somebody types.
const QUIET = 700;

/** Waits for the end. Each of the keys is typed when a question stands there and nothing more comes. */
function end(child: ReturnType<typeof spawn>, keys: readonly string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const left = [...keys];
    let [stdout, stderr] = ['', ''];
    let quiet: NodeJS.Timeout | undefined;
    child.stdout?.on('data', (data: Buffer) => {
      stdout += data.toString();
      clearTimeout(quiet);
      if (stdout.includes('?')) quiet = setTimeout(() => child.stdin?.write(left.shift() ?? ''), QUIET);
    });
    child.stderr?.on('data', (data: Buffer) => {
      stderr += data.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(quiet);
      resolve({ code, stdout, stderr });
    });
    if (keys.length === 0) child.stdin?.end();
  });
}
