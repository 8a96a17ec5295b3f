import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import type { Session } from '../session/session.ts';
import { applyPlan } from '../unit-of-work/apply-plan.ts';
import { arrange } from '../unit-of-work/arrange.ts';
import { executePlan } from '../unit-of-work/execute-plan.ts';
import type { FlushDraft, FlushPlan, Undo } from '../unit-of-work/flush-plan.ts';
import { keyAllocation, lowerStep } from '../unit-of-work/lower-step.ts';
import { draftFlush } from '../unit-of-work/plan-flush.ts';
import type { ReadsBack } from '../unit-of-work/read-back.ts';
import { StaleCandidates } from '../unit-of-work/stale-rows.ts';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts';
import type { ValidationSupport } from '../unit-of-work/validation-support.ts';
import { signalOption } from './bounded.ts';
import type { FlushParts, FlushTexts } from './flush-parts.ts';
import { loadOnDemand } from './load-on-demand.ts';
import { loadRelation, relatedEntities } from './load-relation.ts';
import { prefersBatches, type Reader } from './reader.ts';

/**
 * Writes all unflushed work in one transaction, or in a savepoint of the open one. Gives the function that takes the
 * changes in memory back, or null where there was nothing to write. On failure nothing is written, in the database or
 * in memory.
 */
export async function flush(scope: Reader): Promise<Undo | null> {
  return writePlan(scope, await planScope(scope));
}

async function writePlan(scope: Reader, plan: FlushPlan): Promise<Undo | null> {
  if (plan.steps.length > 0 || scope.session.deferral?.verifyReads === true) {
    try {
      await write(scope, plan);
    } catch (error) {
      if (!(error instanceof StaleCandidates)) throw error;
      throw await (await loadOnDemand()).staleError(scope.session, error);
    }
  }
  const undo = applyPlan(scope.unit, plan);
  return plan.steps.length > 0 ? undo : null;
}

async function write(scope: Reader, plan: FlushPlan): Promise<void> {
  const { session, limits } = scope;
  const back = await backReader(plan);
  if (writesInBatch(session)) {
    const { flushInBatch } = await import('./flush-in-batch.ts');
    return flushInBatch(scope, plan, back);
  }
  await session.transact(async (inner) => {
    inner.announce(() => describePlan(scope, plan, back));
    await executePlan(inner, plan);
    await back?.execute(inner, plan);
  }, signalOption(limits));
}

/** What reads the values that the database gives to rows of a plan; null where it gives none. */
async function backReader({ steps }: FlushPlan): Promise<ReadsBack | null> {
  const given = steps.some((step) => 'columns' in step && step.meta.root.columns.some(isGiven));
  return given ? (await loadOnDemand()).readBack : null;
}

function isGiven({ default: filled }: ColumnMetadata): boolean {
  return filled?.kind === 'database';
}

/** What {@link flush} is made of. */
export const flushParts: FlushParts = { cascadedRemovals, planScope, describe, writePlan };

/** Fails where somebody else changed a versioned row that a transaction has read; on failure its error names the rows. */
export async function verifyReads(reader: Reader): Promise<void> {
  await (await import('./flush-in-batch.ts')).verifyInTransaction(reader);
}

/** Whether a flush goes as one batch: where there is no other way, and where each round trip costs. */
function writesInBatch(session: Session): boolean {
  return session.driver.capabilities.interactive === 'none' || prefersBatches(session);
}

/** Plans the flush; loads what `cascade: ['remove']` has to follow first. */
export async function planScope(scope: Reader): Promise<FlushPlan> {
  const cascaded = await cascadedRemovals(scope);
  const { dialect, driver } = scope.session;
  const { unit } = scope;
  const draft = await validDraft(unit, cascaded, () => driver.clock.now());
  const plan = arrange(unit.context, draft);
  if (plan !== null) return plan;
  const { arrangeCarefully } = await import('../unit-of-work/arrange-carefully.ts');
  return arrangeCarefully(unit, draft, dialect);
}

/** Drafts the flush. Throws one `validation` that names all that is wrong. */
async function validDraft(unit: UnitOfWork, cascaded: ReadonlySet<object>, now: () => number): Promise<FlushDraft> {
  const { validation } = unit.context.registry;
  let draft: FlushDraft | undefined;
  let failure: unknown;
  try {
    draft = draftFlush(unit, cascaded, now);
  } catch (error) {
    failure = error;
  }
  // Begun at once, so that it judges what was drafted: what is edited while it runs is not in the draft.
  const found = validation === null ? [] : await (validation as ValidationSupport).problems(unit, cascaded);
  if (draft !== undefined && found.length === 0) return draft;
  throw (await loadOnDemand()).validationError(unit, cascaded, failure, found);
}

/** The SQL texts that a flush would send, in order, and whether they are one request. */
export async function describe(scope: Reader, plan: FlushPlan): Promise<FlushTexts> {
  const back = await backReader(plan);
  const inBatch = writesInBatch(scope.session);
  if (plan.steps.length === 0 || !inBatch) return { texts: describePlan(scope, plan, back), inBatch };
  return (await import('./flush-in-batch.ts')).describeBatch(scope.session, plan, back);
}

function describePlan({ session }: Reader, plan: FlushPlan, back: ReadsBack | null): readonly string[] {
  const texts: string[] = [];
  for (const step of plan.steps) {
    const [key] = step.kind === 'insert' && step.keys === 'allocated' ? step.meta.root.primaryKey : [];
    if (key !== undefined && step.kind === 'insert') texts.push(keyAllocation(session, step.meta.table, key.name).sql);
    for (const { compiled } of lowerStep(session, step)) texts.push(compiled.sql);
  }
  return back === null ? texts : [...texts, ...back.describe(session, plan)];
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
