import type { BatchDialect } from '../../compiler/batch-dialect.ts';
import { DriverError } from '../../errors.ts';
import type { Session } from '../../session/session.ts';
import type { FlushPlan, ReferringRow } from '../flush-plan.ts';
import type { ReadsBack } from '../read-back.ts';
import { type Guard, type LoweredBatch, lowerBatch, type ReadRows } from './lower-batch.ts';

/**
 * Runs a plan as one atomic batch, in one request. Keys that the database made go into the plan's rows, never into an
 * entity. Throws {@link StaleCandidates} where a row is no longer what it was when it was loaded.
 */
export async function executeBatch(
  session: Session,
  dialect: BatchDialect,
  plan: FlushPlan,
  read: readonly ReadRows[],
  readsBack: ReadsBack | null,
  signal?: AbortSignal,
): Promise<void> {
  const batch = lowerBatch(dialect, plan, read, readsBack?.of(plan));
  const reads = batch.reads.map(({ statement }) => statement);
  const statements = [...batch.begin, ...batch.steps, ...reads, ...batch.end];
  if (statements.length === 0) return;
  try {
    const results = await session.batch(statements, signal === undefined ? {} : { signal });
    const begun = results.slice(0, batch.begin.length);
    const written = batch.begin.length + batch.steps.length;
    const ended = results.slice(written + reads.length);
    batch.keys.settle((group) => dialect.keysOf(group, begun, ended), referringRows(plan));
    for (const [place, { back }] of batch.reads.entries()) {
      const read = results[written + place]?.rows ?? [];
      readsBack?.take(
        back,
        read.map((row) => dialect.readRow(back.columns, row)),
      );
    }
  } catch (error) {
    throw meaningOf(error, batch);
  }
}

function referringRows({ steps }: FlushPlan): readonly ReferringRow[] {
  return steps.flatMap((step) =>
    step.kind === 'insert' || step.kind === 'update' ? (step.records as readonly ReferringRow[]) : [],
  );
}

/** A failure that holds a guard is that guard's; the message of the engine stands somewhere in the chain of causes. */
export function meaningOf(error: unknown, { guards }: Pick<LoweredBatch, 'guards'>): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const place = /meshestra guard (\d+);/.exec(cause.message)?.[1];
    const guard = place === undefined ? undefined : guards[Number(place)];
    if (guard !== undefined) return errorOf(guard, error);
  }
  return error;
}

function errorOf(guard: Guard, cause: unknown): unknown {
  if (guard.kind === 'stale') return guard.candidates;
  const { table, count } = guard;
  return new DriverError(`${table}: not all of ${count} rows were inserted; does a trigger ignore rows?`, {
    table,
    cause,
  });
}
