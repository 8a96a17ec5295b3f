import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import { NotFoundError } from '../errors.ts';
import { invalid } from '../metadata/entity-error.ts';
import { keyOfRow } from '../metadata/entity-key.ts';
import { planSelectByKey, planSelectOne } from '../query/select-by-key.ts';
import { revertEntity } from '../unit-of-work/entity-changes.ts';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts';
import type { WireRow } from '../wire/wire-value.ts';
import { type Reader, readRows } from './reader.ts';

/**
 * Reads an entity's row anew: unflushed edits are given up, to-many relations are forgotten and read again when they are
 * asked for. Throws `not-found` where the row is gone.
 */
export async function refresh(reader: Reader, entity: object): Promise<void> {
  const { unit, session } = reader;
  const meta = unit.metadataOf(entity);
  const managed = unit.managed(entity);
  if (managed === undefined) {
    throw invalid(meta.table, null, 'only an entity of this EntityManager can be refreshed; load it first');
  }
  const { store, place } = managed;
  const key = keyOfRow(meta.root.primaryKey, store.rows[place] as WireRow);
  const [row] = await readRows(reader, planSelectOne(session, meta, key));
  if (row === undefined) {
    throw new NotFoundError(`${meta.table}: the row is not there any more`, { entity: meta.table, table: meta.table });
  }
  revertEntity(unit, entity);
  store.rows[place] = row;
  showRow(unit, entity, row);
}

/** Reads the rows of all entities anew, one statement for each table; those whose rows are gone are detached. */
export async function refreshKnown(reader: Reader): Promise<void> {
  const { unit, session } = reader;
  for (const [meta, store] of unit.stores) {
    const known = new Map([...store.places].map(([key, place]) => [key, store.rows[place] as WireRow]));
    const keys = [...known.values()].map((row) => keyOfRow(meta.primaryKey, row));
    for (const row of await readRows(reader, planSelectByKey(session, meta, meta.primaryKey, keys))) {
      const key = unit.keyOfRow(meta, row);
      const place = store.places.get(key) as number;
      known.delete(key);
      store.rows[place] = row;
      showRow(unit, store.entities[place] as object, row);
    }
    for (const key of known.keys()) {
      const place = store.places.get(key) as number;
      unit.detached.add(store.entities[place] as object);
      store.drop(key, place);
    }
  }
}

/** Shows every entity as its row was loaded, without edits and with its relations not loaded. */
export function showSnapshots(unit: UnitOfWork): void {
  for (const { entities, rows } of unit.stores.values()) {
    entities.forEach((entity, place) => {
      if (entity !== null) showRow(unit, entity, rows[place] as WireRow);
    });
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
