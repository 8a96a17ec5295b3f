import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import { NotFoundError } from '../errors.ts';
import { invalid } from '../metadata/entity-error.ts';
import { keyOfRow } from '../metadata/entity-key.ts';
import { planSelectOne } from '../query/select-by-key.ts';
import { revertEntity } from '../unit-of-work/entity-changes.ts';
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
  unit.hydrator(meta).fill(entity, row, 0);
  for (const relation of meta.relations.values()) {
    const field: unknown = Reflect.get(entity, relation.property);
    if (field instanceof EntityCollection) EntityCollection.forget(field);
    else if (field instanceof Reference && relation.kind === 'inverse-one') Reference.fill(field, 'unset', null);
  }
}
