import { type Passage, textsOf } from './passage.ts';

/** A migration that a run applied or took back, or would. */
export interface MigrationOutcome {
  readonly version: string;
  readonly name: string;
  readonly direction: 'up' | 'down';
  readonly statements: readonly string[];
  /** Null of a dry run. */
  readonly durationMs: number | null;
}

/** What is told of a migration that ran, or would. */
export function outcomeOf({ migration, direction, side }: Passage, durationMs: number | null): MigrationOutcome {
  const { version, name } = migration;
  return { version, name, direction, statements: side.steps.flatMap(textsOf), durationMs };
}
