import type { Session } from '../session/session.ts';
import type { FlushPlan, Undo } from '../unit-of-work/flush-plan.ts';
import type { Reader } from './reader.ts';

/** What a flush is made of, for what runs more in between. */
export interface FlushParts {
  /** What goes along with the removed entities by `cascade: ['remove']`; reads what it has to follow. */
  cascadedRemovals(reader: Reader): Promise<ReadonlySet<object>>;
  /** Plans the flush; changes nothing. */
  planScope(reader: Reader): Promise<FlushPlan>;
  /** The SQL texts that a flush would send, in order. */
  describe(reader: Reader, plan: FlushPlan): Promise<readonly string[]>;
  /** Whether a flush goes as one batch. */
  writesInBatch(session: Session): boolean;
  /** Writes a plan, in the database and then into memory, and gives what takes the latter back. */
  writePlan(reader: Reader, plan: FlushPlan): Promise<Undo | null>;
}
