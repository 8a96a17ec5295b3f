import type { Registry } from '../metadata/registry.ts';
import type { Session } from '../session/session.ts';
import type { Statement } from '../wire/statement.ts';
import type { ArrangedMigration } from './arrange-migrations.ts';
import { checkHistory, type History } from './check-history.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';
import type { MigratorOptions } from './migrator-options.ts';
import { type Passage, textsOf } from './passage.ts';

/** What migrations are run on: a persistence object has it. */
export interface MigrationTarget {
  readonly registry: Registry;
  readonly session: Session;
}

/** A lease that was taken. */
export interface HeldLease {
  /** Throws `migration` where somebody else may have it: what follows must not run. */
  assertHeld(): void;
  /** Lets others in. Never throws: what is not released expires. */
  release(): Promise<void>;
}

/** What all parts of one run share. */
export interface MigrationRun {
  readonly target: MigrationTarget;
  readonly ledger: Ledger;
  readonly migrations: readonly ArrangedMigration[];
  readonly options: MigratorOptions;
  /** Null as long as the run needed none. */
  lease: HeldLease | null;
}

/** Compares the ledger with the migrations. Throws `migration` for the first thing that is wrong. */
export function verifiedHistory({ migrations, options }: MigrationRun, entries: readonly LedgerEntry[]): History {
  const history = checkHistory(migrations, entries, options);
  const [problem] = history.problems;
  if (problem !== undefined) throw problem;
  return history;
}

/** The tables that a statement may have written of which nothing is known. */
export function allTables({ registry }: MigrationTarget): readonly string[] {
  return [...new Set([...registry.entities, ...registry.links].map(({ table }) => table))];
}

/** The entry of an applied migration. */
export function appliedEntry({ target }: MigrationRun, { migration, side }: Passage, began: number): LedgerEntry {
  const { clock } = target.session.driver;
  return {
    version: migration.version,
    name: migration.name,
    checksum: migration.checksum,
    appliedAt: new Date(clock.now()).toISOString(),
    durationMs: clock.monotonic() - began,
    step: side.steps.length,
    state: 'applied',
    mark: '',
  };
}

/** The statement by which the ledger knows that a whole migration was applied, or taken back. */
export function entryChange(
  run: MigrationRun,
  passage: Passage,
  entries: readonly LedgerEntry[],
  began: number,
): Statement {
  const before = entries.find(({ version }) => version === passage.migration.version);
  return before === undefined ? run.ledger.insert(appliedEntry(run, passage, began)) : run.ledger.delete(before);
}

/** Tells that a step is about to run. */
export function announceStep({ options }: MigrationRun, { migration, side }: Passage, place: number): void {
  const { version, name } = migration;
  const item = side.steps[place];
  if (item === undefined) return;
  const sql = textsOf(item).join(';\n');
  options.onProgress?.({ kind: 'step', version, name, step: place + 1, of: side.steps.length, sql });
}
