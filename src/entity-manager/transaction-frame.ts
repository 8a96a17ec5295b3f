import type { PersistenceError } from '../errors.ts';
import type { Undo } from '../unit-of-work/apply-plan.ts';
import type { TransactionOptions } from './entity-manager.ts';

/** An open transaction or savepoint of a unit of work. */
export interface TransactionFrame {
  /** What its flushes wrote into memory. */
  readonly undos: Undo[];
  /** How the outermost transaction was opened. */
  readonly opened: TransactionOptions;
  /** Why it cannot commit: work that had joined it failed. */
  failure: PersistenceError | null;
}
