import type { BatchDialect } from '../compiler/batch-dialect.ts';
import { UnsupportedByDriverError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import { executeBatch, type StaleFailure } from '../unit-of-work/batch/execute-batch.ts';
import { lowerBatch } from '../unit-of-work/batch/lower-batch.ts';
import { readRows, verifyReads } from '../unit-of-work/batch/verify-reads.ts';
import type { FlushPlan } from '../unit-of-work/flush-plan.ts';
import type { Reader } from './reader.ts';

/**
 * Writes a plan as one atomic batch. In a transaction over a driver that holds none open, that is only possible at its end:
 * before, it throws `unsupported-by-driver`.
 */
export async function flushInBatch(
  { session, unit, limits }: Reader,
  plan: FlushPlan,
  stale: StaleFailure,
): Promise<void> {
  const { deferral, driver } = session;
  if (deferral !== undefined && plan.steps.length > 0) {
    const problem = deferral.readOnly
      ? 'the transaction is read-only'
      : 'what a transaction writes goes to the database as one batch at its end, so that it cannot be flushed before';
    if (deferral.readOnly || !deferral.ending) throw new UnsupportedByDriverError(`${driver.name}: ${problem}`);
  }
  const read = deferral?.verifyReads === true ? readRows(unit, plan) : [];
  await executeBatch(session, await batchDialect(session), plan, stale, read, limits.signal);
}

/** Verifies what a transaction that is held open has read, before it commits. */
export async function verifyInTransaction({ session, unit }: Reader, stale: StaleFailure): Promise<void> {
  await verifyReads(session, await batchDialect(session), unit, stale);
}

/** The SQL texts of the batch. */
export async function describeBatch(session: Session, plan: FlushPlan): Promise<readonly string[]> {
  const { begin, steps, end } = lowerBatch(await batchDialect(session), plan);
  return [...begin, ...steps, ...end].map(({ sql }) => sql);
}

async function batchDialect({ driver }: Session): Promise<BatchDialect> {
  const { dialect, name } = driver;
  if (dialect.batch !== null) return dialect.batch();
  throw new UnsupportedByDriverError(`${name}: there are neither transactions nor batches of the dialect`);
}
