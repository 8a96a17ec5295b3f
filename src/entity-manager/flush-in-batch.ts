import { UnsupportedByDriverError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import { executeBatch } from '../unit-of-work/batch/execute-batch.ts';
import { lowerBatch } from '../unit-of-work/batch/lower-batch.ts';
import { readRows, verifyReads } from '../unit-of-work/batch/verify-reads.ts';
import type { FlushPlan } from '../unit-of-work/flush-plan.ts';
import type { ReadsBack } from '../unit-of-work/read-back.ts';
import type { FlushTexts } from './flush-parts.ts';
import type { Reader } from './reader.ts';

/**
 * Writes a plan as one atomic batch. In a transaction over a driver that holds none open, that is only possible at its end:
 * before, it throws `unsupported-by-driver`.
 */
export async function flushInBatch(
  { session, unit, limits }: Reader,
  plan: FlushPlan,
  back: ReadsBack | null,
): Promise<void> {
  if (plan.steps.length > 0) refuseWrites(session);
  const read = session.deferral?.verifyReads === true ? readRows(unit, plan) : [];
  await executeBatch(session, await session.dialect.batch(), plan, read, back, limits.signal);
}

function refuseWrites({ deferral, driver }: Session): void {
  if (deferral?.readOnly === true) throw new UnsupportedByDriverError(`${driver.name}: the transaction is read-only`);
  if (deferral?.ending === false) {
    throw new UnsupportedByDriverError(
      `${driver.name}: what a transaction writes goes to the database as one batch at its end, so that it cannot be flushed before`,
    );
  }
}

/** Verifies what a transaction that is held open has read, before it commits. */
export async function verifyInTransaction({ session, unit }: Reader): Promise<void> {
  await verifyReads(session, await session.dialect.batch(), unit);
}

/** The SQL texts of the batch, and whether it is one request. */
export async function describeBatch(session: Session, plan: FlushPlan, back: ReadsBack | null): Promise<FlushTexts> {
  const { begin, steps, reads, end } = lowerBatch(await session.dialect.batch(), plan, [], back?.of(plan));
  const statements = [...begin, ...steps, ...reads.map(({ statement }) => statement), ...end];
  return { texts: statements.map(({ sql }) => sql), inBatch: true, apart: await session.whyApart?.(statements) };
}
