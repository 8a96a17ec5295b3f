import type { FlushPlan, Undo } from '../unit-of-work/flush-plan.ts';
import type { Reader } from './reader.ts';

/** The SQL texts of a flush. */
export interface FlushTexts {
  readonly texts: readonly string[];
  /** Whether they are a batch. */
  readonly inBatch: boolean;
  /** Why the driver would run this batch statement by statement; none where it is one request. */
  readonly apart?: string | null | undefined;
}

/** What a flush is made of, for what runs more in between. */
export interface FlushParts {
  /** What goes along with the removed entities by `cascade: ['remove']`; reads what it has to follow. */
  cascadedRemovals(reader: Reader): Promise<ReadonlySet<object>>;
  /** Plans the flush; changes nothing. */
  planScope(reader: Reader): Promise<FlushPlan>;
  /** The SQL texts that a flush would send, in order, and how they would go. */
  describe(reader: Reader, plan: FlushPlan): Promise<FlushTexts>;
  /** Writes a plan, in the database and then into memory, and gives what takes the latter back. */
  writePlan(reader: Reader, plan: FlushPlan): Promise<Undo | null>;
}
