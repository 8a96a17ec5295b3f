import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import { applyPlan, type Undo } from '../unit-of-work/apply-plan.ts';
import { executePlan } from '../unit-of-work/execute-plan.ts';
import type { FlushPlan } from '../unit-of-work/flush-plan.ts';
import { keyAllocation, lowerStep } from '../unit-of-work/lower-step.ts';
import { planFlush } from '../unit-of-work/plan-flush.ts';
import { StaleCandidates, staleError } from '../unit-of-work/stale-rows.ts';
import type { Limits } from '../wire/limits.ts';
import { loadRelation, relatedEntities } from './load-relation.ts';
import type { Reader } from './reader.ts';

/**
 * Writes all unflushed work in one transaction, or in a savepoint of the open one. Gives the function that takes the
 * changes in memory back, or null where there was nothing to write. On failure nothing is written, in the database or
 * in memory.
 */
export async function flush(scope: Reader): Promise<Undo | null> {
  const plan = await planScope(scope);
  if (plan.steps.length > 0) {
    try {
      await scope.session.transact((session) => {
        session.announce(() => describePlan(scope, plan));
        return executePlan(session, plan);
      }, signalOption(scope.limits));
    } catch (error) {
      throw error instanceof StaleCandidates ? await staleError(scope.session, error) : error;
    }
  }
  const undo = applyPlan(scope.unit, plan);
  return plan.steps.length > 0 ? undo : null;
}

/** The signal of some limits as an option, where they have one. */
export function signalOption({ signal }: Limits): { signal: AbortSignal } | undefined {
  return signal === undefined ? undefined : { signal };
}

/** Plans the flush; loads what `cascade: ['remove']` has to follow first. */
export async function planScope(scope: Reader): Promise<FlushPlan> {
  const cascaded = await cascadedRemovals(scope);
  const { dialect, driver } = scope.session;
  return planFlush(scope.unit, cascaded, dialect, () => driver.clock.now());
}

/** The SQL texts of a plan, in order. */
export function describePlan({ session }: Reader, plan: FlushPlan): readonly string[] {
  const texts: string[] = [];
  for (const step of plan.steps) {
    const [key] = step.kind === 'insert' && step.keys === 'allocated' ? step.meta.root.primaryKey : [];
    if (key !== undefined && step.kind === 'insert') texts.push(keyAllocation(session, step.meta.table, key.name).sql);
    for (const { compiled } of lowerStep(session, step)) texts.push(compiled.sql);
  }
  return texts;
}

/**
 * What goes along with the removed entities by `cascade: ['remove']`. Level by level, so that neither the depth nor the
 * number of entities matters.
 */
async function cascadedRemovals(scope: Reader): Promise<ReadonlySet<object>> {
  const { unit } = scope;
  const cascaded = new Set<object>();
  let level = [...unit.removed];
  while (level.length > 0) {
    const next = new Set<object>();
    for (const meta of new Set(level.map((entity) => unit.metadataOf(entity)))) {
      const owners = level.filter((entity) => unit.metadataOf(entity) === meta);
      for (const related of await cascadeFrom(scope, meta, owners)) {
        if (!unit.removed.has(related) && !cascaded.has(related) && unit.knows(related)) next.add(related);
      }
    }
    for (const entity of next) cascaded.add(entity);
    level = [...next];
  }
  return cascaded;
}

async function cascadeFrom(scope: Reader, meta: EntityMetadata, owners: readonly object[]): Promise<object[]> {
  const related: object[] = [];
  for (const relation of meta.relations.values()) {
    if (!relation.cascade.has('remove')) continue;
    await loadRelation(scope, relation, owners);
    for (const entity of relatedEntities(relation, owners)) related.push(entity);
  }
  return related;
}
