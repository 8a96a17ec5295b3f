import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import { NotFoundError } from '../errors.ts';
import { invalid } from '../metadata/entity-error.ts';
import { keyOfRow } from '../metadata/entity-key.ts';
import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import { planSelectByKey, planSelectOne } from '../query/select-by-key.ts';
import { detach } from '../unit-of-work/detach.ts';
import { revertAll, revertEntity } from '../unit-of-work/entity-changes.ts';
import { forgetSince, markLoaded } from '../unit-of-work/forget-since.ts';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts';
import type { WireRow } from '../wire/wire-value.ts';
import { lazySupport } from './lazy-loading.ts';
import { relatedEntities } from './load-relation.ts';
import { type Reader, readRows } from './reader.ts';

/**
 * Reads an entity's row anew, and those of loaded entities along `cascade: ['refresh']`: unflushed edits are given up, to-many
 * relations are forgotten and read again when they are asked for. Throws `not-found` where the row is gone; related entities
 * whose rows are gone are detached. Nothing is changed before everything is read.
 */
export async function refresh(reader: Reader, entity: object): Promise<void> {
  const { unit } = reader;
  const meta = unit.metadataOf(entity);
  if (unit.managed(entity) === undefined) {
    throw invalid(meta.table, null, 'only an entity of this EntityManager can be refreshed; load it first');
  }
  const rows = new Map<object, WireRow | undefined>([[entity, undefined]]);
  for (let level: readonly object[] = [entity]; level.length > 0; ) {
    await readLevel(reader, level, rows);
    if (rows.get(entity) === undefined) {
      throw new NotFoundError(`${meta.table}: the row is not there any more`, {
        entity: meta.table,
        table: meta.table,
      });
    }
    level = level
      .flatMap((owner) => cascadeFrom(unit, owner))
      .filter((related) => {
        if (rows.has(related) || unit.managed(related) === undefined) return false;
        rows.set(related, undefined);
        return true;
      });
  }
  const gone: object[] = [];
  for (const [known, row] of rows) {
    const managed = unit.managed(known);
    if (row === undefined || managed === undefined) gone.push(known);
    else {
      revertEntity(unit, known);
      managed.store.rows[managed.place] = row;
      showRow(unit, known, row);
    }
  }
  detach(unit, gone);
}

/** Reads the rows of entities, one statement for each table. */
async function readLevel(
  reader: Reader,
  level: readonly object[],
  rows: Map<object, WireRow | undefined>,
): Promise<void> {
  const { unit, session } = reader;
  const rootOf = (entity: object): EntityMetadata => unit.metadataOf(entity).root;
  for (const root of new Set(level.map(rootOf))) {
    const entities = level.filter((entity) => rootOf(entity) === root);
    const keys = entities.map((entity) => keyOfRow(root.primaryKey, unit.snapshot(entity) ?? []));
    const [only = null] = keys;
    const plan =
      keys.length === 1 ? planSelectOne(session, root, only) : planSelectByKey(session, root, root.primaryKey, keys);
    for (const row of await readRows(reader, plan)) {
      const known = unit.find(root, keyOfRow(root.primaryKey, row));
      if (known !== undefined) rows.set(known, row);
    }
    await lazySupport(root)?.complete(reader, root, rows);
  }
}

function cascadeFrom(unit: UnitOfWork, owner: object): object[] {
  const relations = unit.hydrator(unit.metadataOf(owner)).relations.filter(({ cascade }) => cascade.has('refresh'));
  return relations.flatMap((relation) => relatedEntities(relation, [owner]));
}

/** Notes what is in memory; the function it gives forgets what came since, and every unflushed edit. */
export function markAll(unit: UnitOfWork): () => void {
  const mark = markLoaded(unit);
  return () => {
    revertAll(unit);
    forgetSince(unit, mark);
    for (const { entities, rows } of unit.stores.values()) {
      entities.forEach((entity, place) => {
        if (entity !== null) showRow(unit, entity, rows[place] as WireRow);
      });
    }
  };
}

/** Reads the rows of all entities anew, one statement for each table; those whose rows are gone are detached. */
export async function refreshKnown(reader: Reader): Promise<void> {
  for (const [meta] of reader.unit.stores) await refreshTable(reader, meta);
}

async function refreshTable(reader: Reader, meta: EntityMetadata): Promise<void> {
  const { unit, session } = reader;
  const store = unit.store(meta);
  const known = new Map([...store.places].map(([key, place]) => [key, store.rows[place] as WireRow]));
  const keys = [...known.values()].map((row) => keyOfRow(meta.primaryKey, row));
  const rows = await readRows(reader, planSelectByKey(session, meta, meta.primaryKey, keys));
  const placeOf = (row: WireRow): number => store.places.get(unit.keyOfRow(meta, row)) as number;
  const read = new Map<object, WireRow | undefined>(rows.map((row) => [store.entities[placeOf(row)] as object, row]));
  await lazySupport(meta)?.complete(reader, meta, read);
  for (const [entity, row] of read) {
    if (row === undefined) continue;
    known.delete(unit.keyOfRow(meta, row));
    store.rows[placeOf(row)] = row;
    showRow(unit, entity, row);
  }
  for (const key of known.keys()) {
    const place = store.places.get(key) as number;
    unit.detached.add(store.entities[place] as object);
    store.drop(key, place);
  }
}

function showRow(unit: UnitOfWork, entity: object, row: WireRow): void {
  const meta = unit.metadataOf(entity);
  unit.hydrator(meta).fill(entity, row, 0);
  for (const relation of meta.relations.values()) {
    const field: unknown = Reflect.get(entity, relation.property);
    if (field instanceof EntityCollection) EntityCollection.forget(field);
    else if (field instanceof Reference && relation.kind === 'inverse-one') Reference.fill(field, 'unset', null);
  }
}
