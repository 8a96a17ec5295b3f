import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { defineMigration, type Migration, type MigrationSides } from '../src/migration/index.ts';
import { CliError } from './cli-error.ts';
import type { LoadedConfig } from './load-cli-config.ts';
import { loadModule } from './load-cli-config.ts';
import { printLiteral } from './print-literal.ts';
import { readSql, writeSql } from './sql-file.ts';
import { constantName, type MigrationDraft, writeTypeScript } from './write-migration.ts';

/** The folder of an application's migrations. */
export interface MigrationFolderFiles {
  readonly path: string;
  /** The migrations, after the index was brought up to date with the files. */
  load(): Promise<readonly Migration[]>;
  /** Writes a migration and the index; gives the paths of the files. */
  write(draft: MigrationDraft): Promise<readonly string[]>;
}

const FILE =
  /^(?<version>\d{1,20})[-_](?<name>[a-z0-9_-]+)(?<end>\.ts|(?:\.(?<dialect>[a-z0-9]+))?\.(?<side>up|down)\.sql)$/;
/** A file that somebody meant as a migration, which must not be left out in silence. */
const MEANT = /^\d[^/]*(?:\.sql|(?<!\.(?:d|test|spec))\.ts)$/;
const INDEX_HEAD = '// Written by `meshestra`; changed with each new migration.\n';

/** Opens the folder that a config names; it need not exist yet. */
export function openMigrationFolder({ config, root }: LoadedConfig): MigrationFolderFiles {
  const { folder = 'migrations', format = 'ts', importExtension = '.js' } = config.migrations ?? {};
  const path = resolve(root, folder);
  const refresh = async () => writeIndex(path, await listFiles(path), importExtension);
  return {
    path,
    async load() {
      if ((await listFiles(path)).length === 0) return [];
      await refresh();
      const { migrations } = await loadModule(join(path, 'index.ts'));
      if (!Array.isArray(migrations)) throw new CliError(`${path}/index.ts does not export \`migrations\``);
      return migrations as readonly Migration[];
    },
    async write(draft) {
      await mkdir(path, { recursive: true });
      const stem = join(path, `${draft.version}-${draft.name.toLowerCase().replaceAll(' ', '-')}`);
      const files = format === 'ts' ? { [`${stem}.ts`]: writeTypeScript(draft) } : sqlFiles(stem, draft);
      // `wx`: a file that is there is somebody's work.
      for (const [file, text] of Object.entries(files)) await writeFile(file, text, { flag: 'wx' });
      await refresh();
      return Object.keys(files);
    },
  };
}

/** The name of a migration as the ledger takes it: without accents and signs. Throws a `CliError` where nothing is left. */
export function tidyName(name: string): string {
  const kept = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .slice(0, 60)
    .trim();
  if (kept === '')
    throw new CliError(`a migration named ${JSON.stringify(name)} has no letter or digit for a file name`);
  return kept;
}

function sqlFiles(stem: string, { dialect, plan }: MigrationDraft): Record<string, string> {
  const mark = dialect === null ? '' : `.${dialect}`;
  const text = (side: 'up' | 'down') => (plan === null ? '-- next statement\n' : writeSql(plan[side]));
  return { [`${stem}${mark}.up.sql`]: text('up'), [`${stem}${mark}.down.sql`]: text('down') };
}

interface MigrationFile {
  readonly file: string;
  readonly version: string;
  readonly name: string;
  readonly dialect: string | undefined;
  /** Undefined for TypeScript, which holds both. */
  readonly side: 'up' | 'down' | undefined;
}

async function listFiles(path: string): Promise<readonly MigrationFile[]> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.sort().flatMap((file) => {
    const groups = FILE.exec(file)?.groups;
    if (groups === undefined) {
      if (MEANT.test(file)) throw misnamed(join(path, file));
      return [];
    }
    const { version = '', name = '', dialect, side } = groups;
    return [{ file, version, name, dialect, side: side as MigrationFile['side'] }];
  });
}

function misnamed(file: string): CliError {
  return new CliError(
    `${file} is not named as a migration; call it <digits>-<small letters, digits, "-", "_">, with .ts, .up.sql, .down.sql, or .<dialect>.up.sql and .<dialect>.down.sql behind it`,
  );
}

/** Throws a `CliError` where files of one version are several migrations: one of them would be left out. */
function refuseTwo(path: string, files: readonly MigrationFile[]): void {
  files.forEach((file, place) => {
    const other = files.slice(0, place).find((before) => !belongTogether(before, file));
    if (other === undefined) return;
    throw new CliError(
      `${path}: ${other.file} and ${file.file} have one version, and cannot be one migration; give one of them a later version, or delete it`,
    );
  });
}

function belongTogether(one: MigrationFile, other: MigrationFile): boolean {
  if (one.name !== other.name || one.side === undefined || other.side === undefined) return false;
  return one.side !== other.side || (one.dialect !== undefined && other.dialect !== undefined);
}

async function writeIndex(path: string, files: readonly MigrationFile[], extension: string): Promise<void> {
  const scripts = files.filter(({ side }) => side === undefined);
  const imports = scripts.map(
    ({ file, version }) => `import { ${constantName(version)} } from './${file.replace(/\.ts$/, extension)}';\n`,
  );
  const byVersion = new Map<string, MigrationFile[]>();
  for (const file of files) byVersion.set(file.version, [...(byVersion.get(file.version) ?? []), file]);
  const items: string[] = [];
  for (const [version, own] of byVersion) {
    refuseTwo(path, own);
    const isScript = own.some(({ side }) => side === undefined);
    items.push(isScript ? constantName(version) : await repeatSql(path, own));
  }
  const text =
    `${INDEX_HEAD}import type { Migration } from 'meshestra/migrations';\n${imports.join('')}\n` +
    `/** All migrations, the oldest first. */\nexport const migrations: readonly Migration[] = [\n${items
      .map((item) => `  ${item},\n`)
      .join('')}];\n`;
  const file = join(path, 'index.ts');
  const before = await readFile(file, 'utf8').catch(() => '');
  if (before !== text) await writeFile(file, text);
}

// A bundler takes no SQL file along, so that the index says what is in them.
async function repeatSql(path: string, files: readonly MigrationFile[]): Promise<string> {
  const [{ version, name }] = files as [MigrationFile];
  const sides: Record<'up' | 'down', Record<string, MigrationSides>> = { up: {}, down: {} };
  for (const { file, side, dialect } of files) {
    if (side !== undefined) sides[side][dialect ?? '*'] = readSql(await readFile(join(path, file), 'utf8'), file);
  }
  const of = (side: 'up' | 'down') => sides[side]['*'] ?? sides[side];
  const migration = { version, name: name.replaceAll(/[-_]/g, ' '), up: of('up'), down: of('down') };
  return printLiteral(JSON.parse(JSON.stringify(defineMigration(migration as Migration))), 1);
}

/** A version of the present second, behind the newest one that is there. */
export async function nextVersion(path: string, now: Date): Promise<string> {
  const newest = (await listFiles(path)).at(-1)?.version ?? '';
  for (let at = now.getTime(); ; at += 1000) {
    const version = new Date(at).toISOString().replaceAll(/\D/g, '').slice(0, 14);
    if (version > newest || !/^\d{14}$/.test(newest)) return version;
  }
}
