import type { Session } from '../session/session.ts';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts';
import type { Limits } from '../wire/limits.ts';
import type { EntityManager } from './entity-manager.ts';
import type { Reader } from './reader.ts';

/** What all handles of one unit of work share: the EntityManager itself and the handles of its transactions. */
export interface EntityScope extends Reader {
  readonly unit: UnitOfWork;
  /** The session of the innermost open transaction, or the root session. Lazy loads go through it. */
  session: Session;
  /** Those of the innermost open transaction, or of the EntityManager. */
  limits: Limits;
  /** The last flush begun; the next one waits for it. */
  flushing: Promise<void> | null;
  /** Counts what changes rows, or what is known of them, without the unit of work: raw SQL, and clear(). */
  unseenWrites: number;
  /** What after-hooks threw in a transaction that is one batch at its end, to be told when it has ended. */
  readonly hookErrors: unknown[];
  /** While a hook runs, throws for what would wait for it, or write beside the flush; null at other times. */
  refuse: ((action: string) => void) | null;
  /** Makes an EntityManager of the same database that shares nothing with this unit of work. */
  readonly apart: (limits: Limits) => EntityManager;
}
