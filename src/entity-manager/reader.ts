import type { FindPlan } from '../query/find-plan.ts';
import type { Session } from '../session/session.ts';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts';
import type { Limits } from '../wire/limits.ts';
import type { MaybePromise } from '../wire/maybe-promise.ts';
import type { WireRow } from '../wire/wire-value.ts';

/** What loading needs: where to read, and where entities are kept. */
export interface Reader {
  readonly session: Session;
  readonly unit: UnitOfWork;
  /** What ends the work; the timeout counts for each call anew. */
  readonly limits: Limits;
}

/** Whether batches are to be preferred: each round trip costs, and no transaction is held open that they had to be part of. */
export function prefersBatches({ driver, inTransaction, deferral }: Session): boolean {
  const { batch, roundTrip } = driver.capabilities;
  return batch !== 'none' && roundTrip !== 'local' && (!inTransaction || deferral !== undefined);
}

/** Runs a planned SELECT and gives its rows, at once where the driver answers at once. */
export function readRows(
  { session, limits }: Reader,
  { compiled, values }: FindPlan,
): MaybePromise<readonly WireRow[]> {
  const result = session.run(compiled, values, limits.signal);
  return result instanceof Promise ? result.then(({ rows }) => rows) : result.rows;
}
