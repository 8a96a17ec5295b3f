import type { BatchDialect } from '../../compiler/batch-dialect.ts';
import type { Session } from '../../session/session.ts';
import type { WireRow } from '../../wire/wire-value.ts';
import type { FlushPlan } from '../flush-plan.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import { meaningOf } from './execute-batch.ts';
import { lowerBatch, type ReadRows } from './lower-batch.ts';

/** The versioned rows that a unit of work holds, apart from those that a plan writes, whose version it checks itself. */
export function readRows(unit: UnitOfWork, plan: Pick<FlushPlan, 'steps'>): ReadRows[] {
  const written = new Set<object>();
  for (const step of plan.steps) {
    if (step.kind === 'update' || step.kind === 'delete') for (const { entity } of step.records) written.add(entity);
  }
  const read: ReadRows[] = [];
  for (const [meta, { entities, rows }] of unit.stores) {
    if (meta.version === null) continue;
    const known = rows.filter((_, place) => {
      const entity = entities[place];
      return entity != null && !written.has(entity);
    });
    if (known.length > 0) read.push({ meta, rows: known as WireRow[] });
  }
  return read;
}

/**
 * Makes an open transaction fail where a versioned row that the unit of work holds was changed by somebody else, and keeps
 * others from changing one until it ends where the engine can. Throws {@link StaleCandidates}.
 */
export async function verifyReads(session: Session, dialect: BatchDialect, unit: UnitOfWork): Promise<void> {
  const batch = lowerBatch(dialect, NOTHING, readRows(unit, NOTHING));
  try {
    for (const { sql, params, writes } of batch.steps) {
      await session.run({ sql, bindings: params.map((_, place) => place), direct: true, reads: [], writes }, params);
    }
  } catch (error) {
    throw meaningOf(error, batch);
  }
}

const NOTHING: Pick<FlushPlan, 'steps'> = { steps: [] };
