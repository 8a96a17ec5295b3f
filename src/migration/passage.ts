import { MigrationError, type MigrationProblem, type Outcome, PersistenceError } from '../errors.ts';
import type { ArrangedMigration } from './arrange-migrations.ts';
import type { MigrationItem, MigrationSide } from './migration.ts';
import { titleOf } from './title-of.ts';

/** One migration in one direction. */
export interface Passage {
  readonly migration: ArrangedMigration;
  readonly direction: 'up' | 'down';
  readonly side: MigrationSide;
}

/** The statements of an item, for people. */
export function textsOf(item: MigrationItem): readonly string[] {
  if (typeof item === 'string') return [item];
  if (typeof item === 'function') return ['(a function)'];
  if ('sql' in item) return [item.sql];
  return 'outside' in item ? [item.outside] : item.statements;
}

/** An error about a migration. */
export function migrationError(
  { migration: { version, name } }: Passage,
  problem: MigrationProblem,
  message: string,
  details: {
    readonly cause?: unknown;
    readonly step?: number;
    readonly sql?: string;
    readonly outcome?: Outcome;
  } = {},
): MigrationError {
  return new MigrationError(message, { problem, version, migration: name, ...details });
}

/** The error of whoever comes too late to write into the ledger what became of a migration. */
export function overtaken(migration: ArrangedMigration, advice: string): MigrationError {
  const { version, name } = migration;
  return new MigrationError(
    `${titleOf(migration)}: somebody else went on with it, or resolved it, in the meantime; ${advice}`,
    { problem: 'locked', version, migration: name },
  );
}

/** Where an item failed. */
export interface FailedAt {
  /** Counted from 1. */
  readonly step?: number;
  readonly sql?: string;
  /** What became of the migration. */
  readonly fate: string;
  readonly outcome: Outcome;
}

/** What to tell of a failure: errors that are about no statement stay what they are. */
export function failure(passage: Passage, cause: unknown, { step, sql, fate, outcome }: FailedAt): unknown {
  if (cause instanceof MigrationError || (cause instanceof PersistenceError && NOT_ABOUT_SQL.has(cause.code)))
    return cause;
  const { migration, direction, side } = passage;
  const where = step === undefined ? '' : ` at step ${step} of ${side.steps.length} (${direction})`;
  const what = cause instanceof Error ? cause.message : String(cause);
  const unknown = cause instanceof PersistenceError && cause.outcome === 'unknown';
  return migrationError(
    passage,
    'failed',
    `${titleOf(migration)} failed${where}: ${what}. ${unknown ? 'The answer was lost: run it again, it goes on where it is' : fate}.${sql === undefined ? '' : ` SQL: ${sql}`}`,
    {
      cause,
      ...(step === undefined ? {} : { step }),
      ...(sql === undefined ? {} : { sql }),
      outcome: unknown ? 'unknown' : outcome,
    },
  );
}

const NOT_ABOUT_SQL: ReadonlySet<string> = new Set(['aborted', 'closed', 'pool-timeout', 'permission-denied']);

/** Whether nothing was done because somebody else was in the way, so that the same can be tried again. */
export function isInTheWay(error: unknown): boolean {
  const cause = error instanceof MigrationError ? error.cause : error;
  return (
    cause instanceof PersistenceError &&
    cause.retryable &&
    cause.outcome === 'rolled-back' &&
    IN_THE_WAY.has(cause.code)
  );
}

const IN_THE_WAY: ReadonlySet<string> = new Set([
  'lock-timeout',
  'deadlock',
  'serialization-failure',
  'storage-conflict',
]);
