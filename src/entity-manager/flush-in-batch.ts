import type { BatchDialect } from '../compiler/batch-dialect.ts';
import { UnsupportedByDriverError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import { executeBatch, type StaleFailure } from '../unit-of-work/batch/execute-batch.ts';
import { lowerBatch } from '../unit-of-work/batch/lower-batch.ts';
import type { FlushPlan } from '../unit-of-work/flush-plan.ts';
import type { Reader } from './reader.ts';

/**
 * Writes a plan as one atomic batch. In a transaction over a driver that holds none open, that is only possible at its end:
 * before, it throws `unsupported-by-driver`.
 */
export async function flushInBatch({ session, limits }: Reader, plan: FlushPlan, stale: StaleFailure): Promise<void> {
  const { deferral, driver } = session;
  const problem =
    deferral === undefined
      ? null
      : deferral.readOnly
        ? 'the transaction is read-only'
        : deferral.ending
          ? null
          : 'what a transaction writes goes to the database as one batch at its end, so that it cannot be flushed before';
  if (problem !== null) throw new UnsupportedByDriverError(`${driver.name}: ${problem}`);
  await executeBatch(session, await batchDialect(session), plan, stale, [], limits.signal);
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
