import { ValidationError } from '../../errors.ts';
import type { EntityMetadata } from '../../metadata/entity-metadata.ts';
import { dirtyEntities, dirtyEntity } from '../../unit-of-work/dirty-entities.ts';
import type { Undo } from '../../unit-of-work/flush-plan.ts';
import type { UnitOfWork } from '../../unit-of-work/unit-of-work.ts';
import type { EntityManager } from '../entity-manager.ts';
import type { FlushParts } from '../flush-parts.ts';
import type { Reader } from '../reader.ts';
import type { HookRunner } from './hook-runner.ts';
import { keepColumns } from './keep-columns.ts';

type BeforeName = 'beforeInsert' | 'beforeUpdate' | 'beforeRemove';

/** An entity whose hook is to run, unless an earlier one has changed what is to become of it. */
interface Call {
  readonly name: BeforeName;
  readonly entity: object;
  readonly meta: EntityMetadata;
  isDue(): boolean;
}

// Each of these looks for entities that the hooks before have scheduled or edited.
const MOST_ROUNDS = 1000;

/** What the before-hooks of one flush need. */
interface BeforeHooks {
  readonly reader: Reader;
  readonly hooks: HookRunner;
  /** The EntityManager that hooks receive. */
  readonly em: EntityManager;
  /** Where to note how what they change in their entity's own columns is taken back. */
  readonly undos: Undo[];
  readonly cascadedRemovals: () => ReturnType<FlushParts['cascadedRemovals']>;
}

/**
 * Runs the hooks of entities that the flush is to write, once for each entity, until they schedule and change nothing more.
 */
export async function runBeforeHooks(before: BeforeHooks): Promise<void> {
  const { reader, hooks, em, undos } = before;
  const done: Readonly<Record<BeforeName, Set<object>>> = {
    beforeInsert: new Set(),
    beforeUpdate: new Set(),
    beforeRemove: new Set(),
  };
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const calls = (await dueCalls(before)).filter(({ name, entity }) => !done[name].has(entity));
    if (calls.length === 0) return;
    for (const { name, entity, meta, isDue } of calls) {
      if (!isDue()) continue;
      done[name].add(entity);
      const changes = keepColumns(reader.unit.hydrator(meta).columns, entity);
      try {
        await hooks.run(name, { entity, table: meta.table, em }, reader.limits.signal);
      } finally {
        undos.push(changes());
      }
    }
  }
  throw new ValidationError(
    `hooks went on scheduling entities whose hooks schedule others, ${MOST_ROUNDS} times over; let them come to an end`,
  );
}

async function dueCalls({ reader: { unit }, hooks, cascadedRemovals }: BeforeHooks): Promise<Call[]> {
  const cascaded = await cascadedRemovals();
  const calls: Call[] = [];
  if (hooks.has('beforeInsert')) calls.push(...insertCalls(unit, cascaded));
  if (hooks.has('beforeUpdate')) {
    for (const { entity, meta } of dirtyEntities(unit)) {
      if (cascaded.has(entity)) continue;
      calls.push({ name: 'beforeUpdate', entity, meta, isDue: () => dirtyEntity(unit, entity) !== null });
    }
  }
  if (hooks.has('beforeRemove')) calls.push(...removeCalls(unit, cascaded));
  return calls;
}

function* insertCalls(unit: UnitOfWork, cascaded: ReadonlySet<object>): Generator<Call> {
  for (const [entity, meta] of unit.pending) {
    if (!cascaded.has(entity)) yield { name: 'beforeInsert', entity, meta, isDue: () => unit.pending.has(entity) };
  }
}

function* removeCalls(unit: UnitOfWork, cascaded: ReadonlySet<object>): Generator<Call> {
  for (const entity of new Set([...unit.removed, ...cascaded])) {
    const meta = unit.managed(entity)?.meta;
    if (meta === undefined) continue;
    yield { name: 'beforeRemove', entity, meta, isDue: () => unit.removed.has(entity) || cascaded.has(entity) };
  }
}
