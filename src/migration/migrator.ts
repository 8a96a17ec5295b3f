import { ConfigurationError, MigrationError } from '../errors.ts';
import { type ArrangedMigration, arrangeMigrations } from './arrange-migrations.ts';
import { checkHistory } from './check-history.ts';
import { compareVersions } from './compare-versions.ts';
import { type LedgerEntry, loadLedger } from './ledger.ts';
import type { Migration, MigrationSide } from './migration.ts';
import { type MigrationOutcome, outcomeOf } from './migration-outcome.ts';
import { type MigrationRun, type MigrationTarget, verifiedHistory } from './migration-run.ts';
import { describeStatus, type MigratorStatus } from './migration-status.ts';
import type { MigratorOptions } from './migrator-options.ts';
import type { Passage } from './passage.ts';
import { resolveMigration } from './resolve-migration.ts';
import { runPassages } from './run-passages.ts';
import { titleOf } from './title-of.ts';

/** How far up, and whether only to tell. */
export interface UpOptions {
  /** The version that is the last to be applied; the newest unless given. */
  readonly to?: string;
  /** Tells what would run, and runs nothing. */
  readonly dryRun?: boolean;
}

/** How far down, and whether only to tell. */
export interface DownOptions {
  /** The version that is the newest afterwards; null for none. */
  readonly to?: string | null;
  /** How many to take back, 1 unless given; not together with `to`. */
  readonly steps?: number;
  /** Tells what would run, and runs nothing. */
  readonly dryRun?: boolean;
}

/** Takes a database from version to version. */
export interface Migrator {
  /** What the database has and what it has not. Writes nothing, and throws for nothing that it can tell. */
  status(): Promise<MigratorStatus>;
  /**
   * Applies what is not applied yet, each migration with its entry in the ledger. Gives what this run did: what another one
   * did meanwhile is not among it. Throws `migration` before any statement where something is wrong.
   */
  up(options?: UpOptions): Promise<readonly MigrationOutcome[]>;
  /**
   * Writes into the ledger that what is not applied yet is there already, and runs none of it: for a database that was made
   * before there were migrations, by `createSchema` for example. Nothing is compared: `planMigration` tells afterwards
   * whether it was true.
   */
  baseline(options?: UpOptions): Promise<readonly MigrationOutcome[]>;
  /** Takes the newest migrations back. Throws `migration` (`irreversible`) before any statement where one has no way down. */
  down(options?: DownOptions): Promise<readonly MigrationOutcome[]>;
  /**
   * Says what became of a migration that could not tell by itself (`unfinished`): all of it is there (`applied`), nothing of it
   * is (`rolled-back`), or the number of the step that is next.
   */
  resolve(version: string, as: 'applied' | 'rolled-back' | number): Promise<void>;
}

/**
 * Makes a migrator of a database. Throws `migration` for a list that cannot be right: versions that are none, or are there
 * twice, or sides that are missing for the dialect.
 *
 * Any number of runners may start at once, in processes, workers and tabs: each migration is applied once, and the others
 * wait.
 *
 * @example
 * ```ts
 * import { createMigrator, defineMigration } from 'meshestra/migrations';
 *
 * const addBio = defineMigration({
 *   version: '20260301120000',
 *   name: 'add bio',
 *   up: { steps: ['ALTER TABLE "authors" ADD COLUMN "bio" TEXT'] },
 *   down: { steps: ['ALTER TABLE "authors" DROP COLUMN "bio"'] },
 * });
 * const migrator = createMigrator(db, [addBio], { onProgress: (progress) => console.log(progress) });
 * await migrator.up();
 * console.log((await migrator.status()).isCurrent); // true
 * await migrator.down(); // takes the newest one back
 * ```
 */
export function createMigrator(
  db: MigrationTarget,
  migrations: readonly Migration[],
  options: MigratorOptions = {},
): Migrator {
  return new LedgerMigrator(db, arrangeMigrations(migrations, db.session.dialect.name), options);
}

const NO_STEPS: MigrationSide = { steps: [] };

/** How many migrations an error names. */
const MOST_TITLES = 5;

class LedgerMigrator implements Migrator {
  readonly #target: MigrationTarget;
  readonly #migrations: readonly ArrangedMigration[];
  readonly #options: MigratorOptions;

  constructor(target: MigrationTarget, migrations: readonly ArrangedMigration[], options: MigratorOptions) {
    this.#target = target;
    this.#migrations = migrations;
    this.#options = options;
  }

  async status(): Promise<MigratorStatus> {
    const { ledger } = await this.#run();
    return describeStatus(
      this.#migrations,
      checkHistory(this.#migrations, await ledger.read(this.#target.session), this.#options),
    );
  }

  async up(options: UpOptions = {}): Promise<readonly MigrationOutcome[]> {
    return this.#upward(options, ({ up }) => up);
  }

  async baseline(options: UpOptions = {}): Promise<readonly MigrationOutcome[]> {
    return this.#upward(options, unbegun);
  }

  async down({ to, steps, dryRun = false }: DownOptions = {}): Promise<readonly MigrationOutcome[]> {
    if (to !== undefined && steps !== undefined) throw new ConfigurationError('down: give `to` or `steps`, not both');
    if (steps !== undefined && !(Number.isSafeInteger(steps) && steps > 0)) {
      throw new ConfigurationError('down: `steps` is how many migrations to take back, 1 or more');
    }
    if (typeof to === 'string') this.#known(to);
    let chosen: ReadonlySet<string> | null = null;
    const choose = (entries: readonly LedgerEntry[], run: MigrationRun): readonly Passage[] => {
      verifiedHistory(run, entries);
      // Chosen once: what others apply meanwhile is not taken back.
      chosen ??= new Set(newestOf(entries, to, steps ?? 1).map(({ version }) => version));
      const there = new Set(entries.map(({ version }) => version));
      const affected = this.#migrations.filter(({ version }) => chosen?.has(version) === true && there.has(version));
      return affected.map(downward).reverse();
    };
    return this.#go(choose, dryRun);
  }

  async #upward(
    { to, dryRun = false }: UpOptions,
    sideOf: (migration: ArrangedMigration, entry: LedgerEntry | undefined) => MigrationSide,
  ): Promise<readonly MigrationOutcome[]> {
    if (to !== undefined) this.#known(to);
    const choose = (entries: readonly LedgerEntry[], run: MigrationRun): readonly Passage[] =>
      verifiedHistory(run, entries)
        .pending.filter(({ version }) => to === undefined || compareVersions(version, to) <= 0)
        .map((migration) => {
          const entry = entries.find(({ version }) => version === migration.version);
          return { migration, direction: 'up', side: sideOf(migration, entry) };
        });
    return this.#go(choose, dryRun);
  }

  async resolve(version: string, as: 'applied' | 'rolled-back' | number): Promise<void> {
    await resolveMigration(await this.#run(), this.#known(version), as);
  }

  #known(version: string): ArrangedMigration {
    const found = this.#migrations.find((migration) => migration.version === version);
    if (found !== undefined) return found;
    throw new MigrationError(`there is no migration of the version ${JSON.stringify(version)}: ${this.#newest()}`, {
      problem: 'unknown',
      version,
    });
  }

  #newest(): string {
    const titles = this.#migrations.slice(-MOST_TITLES).map(({ version, name }) => `${version} "${name}"`);
    return titles.length === 0 ? 'there are none' : `the newest are ${titles.join(', ')}`;
  }

  async #run(): Promise<MigrationRun> {
    const ledger = await loadLedger(this.#target.session.dialect);
    return { target: this.#target, ledger, migrations: this.#migrations, options: this.#options, lease: null };
  }

  async #go(
    choose: (entries: readonly LedgerEntry[], run: MigrationRun) => readonly Passage[],
    dryRun: boolean,
  ): Promise<readonly MigrationOutcome[]> {
    const run = await this.#run();
    if (!dryRun) return runPassages(run, (entries) => choose(entries, run));
    return choose(await run.ledger.read(this.#target.session), run).map((passage) => outcomeOf(passage, null));
  }
}

/** Of what was begun the database has a part only, so that nothing can be said of it as a whole. */
function unbegun(migration: ArrangedMigration, entry: LedgerEntry | undefined): MigrationSide {
  if (entry === undefined) return NO_STEPS;
  const { version, name } = migration;
  throw new MigrationError(
    `${titleOf(migration)} was begun, and its step ${entry.step} is next; end it first by up() or down(), or say what it is by resolve()`,
    { problem: 'unfinished', version, migration: name },
  );
}

function newestOf(
  entries: readonly LedgerEntry[],
  to: string | null | undefined,
  steps: number,
): readonly LedgerEntry[] {
  if (to === null) return entries;
  return to === undefined ? entries.slice(-steps) : entries.filter(({ version }) => compareVersions(version, to) > 0);
}

function downward(migration: ArrangedMigration): Passage {
  if (migration.down !== null) return { migration, direction: 'down', side: migration.down };
  const { version, name } = migration;
  throw new MigrationError(
    `${titleOf(migration)} cannot be taken back: it has no way down (\`down: null\`). Nothing was changed; restore a backup, or write a new migration`,
    { problem: 'irreversible', version, migration: name },
  );
}
