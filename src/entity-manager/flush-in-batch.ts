import type { BatchDialect } from '../compiler/batch-dialect.ts';
import { UnsupportedByDriverError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import { executeBatch } from '../unit-of-work/batch/execute-batch.ts';
import { lowerBatch } from '../unit-of-work/batch/lower-batch.ts';
import { readRows, verifyReads } from '../unit-of-work/batch/verify-reads.ts';
import type { FlushPlan } from '../unit-of-work/flush-plan.ts';
import type { ReadsBack } from '../unit-of-work/read-back.ts';
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
  await executeBatch(session, await batchDialect(session), plan, read, back, limits.signal);
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
  await verifyReads(session, await batchDialect(session), unit);
}

/** The SQL texts of the batch. */
export async function describeBatch(
  session: Session,
  plan: FlushPlan,
  back: ReadsBack | null,
): Promise<readonly string[]> {
  const { begin, steps, reads, end } = lowerBatch(await batchDialect(session), plan, [], back?.of(plan));
  return [...begin, ...steps, ...reads.map(({ statement }) => statement), ...end].map(({ sql }) => sql);
}

async function batchDialect({ driver }: Session): Promise<BatchDialect> {
  const { dialect, name } = driver;
  if (dialect.batch !== null) return dialect.batch();
  throw new UnsupportedByDriverError(`${name}: there are neither transactions nor batches of the dialect`);
}
