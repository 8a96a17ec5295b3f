import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { MigrationProgress } from '../../../src/migration/index.ts';
import { ROOT } from '../../architecture/source-file.ts';

/** A database that other processes migrate. */
export interface MigratedDatabase {
  /** The beginning of a program that makes `driver` of the built package, for the database that `process.env.DATABASE` names. */
  readonly makeDriver: string;
  readonly url: string;
  /** The migrations as the text of a program. */
  readonly migrations: string;
}

/** What a process did. */
export interface RunReport {
  /** Null where it was killed. */
  readonly exitCode: number | null;
  readonly progress: readonly MigrationProgress[];
  readonly errors: string;
}

let scripts = 0;

/** Writes the program into the repository, where it finds the built package by its name. */
export async function writeRunner({ makeDriver, migrations }: MigratedDatabase): Promise<string> {
  const folder = join(ROOT, 'test/artifacts/migrations');
  await mkdir(folder, { recursive: true });
  scripts += 1;
  const script = join(folder, `${process.pid}-${scripts}.mjs`);
  await writeFile(
    script,
    `import { createPersistence, Entity, integer, sql } from 'meshestra';
import { createMigrator } from 'meshestra/migrations';
${makeDriver}
class Setting extends Entity('settings', { id: integer().primaryKey() }) {}
const db = await createPersistence({ driver, entities: [Setting] });
const onProgress = (progress) => console.log(JSON.stringify(progress));
await createMigrator(db, ${migrations}, { leaseTime: 1500, onProgress }).up();
await db.close();
`,
  );
  return script;
}

/** Runs the program to its end, or until `kill` says so of what it told. */
export async function runRunner(
  script: string,
  { url }: MigratedDatabase,
  kill: (progress: MigrationProgress, runner: ChildProcess) => void = () => {},
): Promise<RunReport> {
  const runner = spawn(process.execPath, [script], {
    env: { ...process.env, DATABASE: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const progress: MigrationProgress[] = [];
  let errors = '';
  runner.stderr.on('data', (data) => {
    errors += String(data);
  });
  const lines = createInterface({ input: runner.stdout });
  lines.on('line', (line) => {
    const one = JSON.parse(line) as MigrationProgress;
    progress.push(one);
    kill(one, runner);
  });
  const [exitCode] = (await once(runner, 'close')) as [number | null];
  return { exitCode, progress, errors };
}
