import type { FindPlan } from '../query/find-plan.ts';
import type { Session } from '../session/session.ts';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts';
import type { MaybePromise } from '../wire/maybe-promise.ts';
import type { WireRow } from '../wire/wire-value.ts';

/** What loading needs: where to read, and where entities are kept. */
export interface Reader {
  readonly session: Session;
  readonly unit: UnitOfWork;
  readonly signal: AbortSignal | undefined;
}

/** Runs a planned SELECT and gives its rows, at once where the driver answers at once. */
export function readRows(
  { session, signal }: Reader,
  { compiled, values }: FindPlan,
): MaybePromise<readonly WireRow[]> {
  const result = session.run(compiled, values, signal);
  return result instanceof Promise ? result.then(({ rows }) => rows) : result.rows;
}
