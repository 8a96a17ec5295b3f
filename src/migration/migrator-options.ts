import type { AllowLoss } from './ask-stakes.ts';

/** What happens while migrations run. */
export type MigrationProgress =
  | {
      readonly kind: 'began';
      readonly version: string;
      readonly name: string;
      readonly direction: 'up' | 'down';
      readonly steps: number;
    }
  /** Before a step; on a driver with batches only, before all of them are sent. */
  | {
      readonly kind: 'step';
      readonly version: string;
      readonly name: string;
      readonly step: number;
      readonly of: number;
      readonly sql: string;
    }
  | { readonly kind: 'ended'; readonly version: string; readonly name: string; readonly durationMs: number }
  /** Somebody else migrates; said once. */
  | { readonly kind: 'waiting' };

/** The options of {@link createMigrator}. */
export interface MigratorOptions {
  /** Which migrations may delete or change rows for good, as counted before: none unless given. */
  readonly allowLoss?: AllowLoss;
  /** Whether a migration may be applied that is older than one that was: not unless given. */
  readonly allowOutOfOrder?: boolean;
  /** Told what happens. What it throws ends the migration, as a failing statement does. */
  readonly onProgress?: (progress: MigrationProgress) => void;
  /** Ends the run, between statements and on the server where it can. */
  readonly signal?: AbortSignal;
  /** Milliseconds to wait while somebody else migrates, then `locked`; 600,000 unless given. */
  readonly waitTimeout?: number;
  /**
   * Milliseconds after which a crashed runner blocks nobody any more, where no transaction can hold its statements; a running
   * one goes on with its lease in time. 30,000 unless given.
   */
  readonly leaseTime?: number;
}
