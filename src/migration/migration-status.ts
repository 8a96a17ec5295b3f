import type { MigrationProblem } from '../errors.ts';
import type { ArrangedMigration } from './arrange-migrations.ts';
import type { History } from './check-history.ts';
import { compareVersions } from './compare-versions.ts';
import type { LedgerEntry } from './ledger.ts';

/** One migration, as program and database know it. */
export interface MigrationStatus {
  readonly version: string;
  readonly name: string;
  /** `unfinished`: it was begun, and neither ended nor rolled back; `unknown`: the database has it, and the program not. */
  readonly state: 'applied' | 'pending' | 'unfinished' | 'unknown';
  /** What keeps a run from beginning; null where nothing does. */
  readonly problem: { readonly kind: MigrationProblem; readonly message: string } | null;
  /** When it was applied; null where it is not. */
  readonly appliedAt: Date | null;
  readonly durationMs: number | null;
  /** Of one that is unfinished, the step that is next; otherwise null. */
  readonly step: number | null;
  /** How many steps there are in that direction, up unless it is being taken back; null where the program has none. */
  readonly steps: number | null;
}

/** Where a database is, compared with the program. */
export interface MigratorStatus {
  readonly migrations: readonly MigrationStatus[];
  /** Whether everything is applied, and nothing is wrong. */
  readonly isCurrent: boolean;
}

/** Puts together what the program and the database know. */
export function describeStatus(migrations: readonly ArrangedMigration[], history: History): MigratorStatus {
  const known = new Map(migrations.map((migration) => [migration.version, migration]));
  const recorded = new Map(history.entries.map((entry) => [entry.version, entry]));
  const versions = [...new Set([...known.keys(), ...recorded.keys()])].sort(compareVersions);
  return {
    migrations: versions.map((version) => describe(version, known.get(version), recorded.get(version), history)),
    isCurrent: history.pending.length === 0 && history.problems.length === 0,
  };
}

function describe(
  version: string,
  migration: ArrangedMigration | undefined,
  entry: LedgerEntry | undefined,
  { problems }: History,
): MigrationStatus {
  const problem = problems.find((one) => one.version === version);
  const isApplied = entry?.state === 'applied';
  const isUnfinished = entry !== undefined && !isApplied;
  const state = migration === undefined ? 'unknown' : isApplied ? 'applied' : isUnfinished ? 'unfinished' : 'pending';
  return {
    version,
    name: migration?.name ?? entry?.name ?? '',
    state,
    problem: problem === undefined ? null : { kind: problem.problem, message: problem.message },
    appliedAt: isApplied ? new Date(entry.appliedAt) : null,
    durationMs: isApplied ? entry.durationMs : null,
    step: isUnfinished ? entry.step : null,
    steps: (isReverting(entry) ? migration?.down : migration?.up)?.steps.length ?? null,
  };
}

function isReverting(entry: LedgerEntry | undefined): boolean {
  return entry?.state === 'reverting' || entry?.state === 'revert-failed';
}
