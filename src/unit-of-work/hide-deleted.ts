import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import type { RelationMetadata } from '../metadata/entity-metadata.ts';
import type { DeleteRecord } from './flush-plan.ts';
import { referredTo } from './other-side.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** Takes deleted entities out of the relations of those at the other end. Gives what shows them there again. */
export function hideDeleted(unit: UnitOfWork, records: readonly DeleteRecord[]): () => void {
  const deleted = new Set(records.map(({ entity }) => entity));
  // Each once, and all that are gone from it at once: a list may be as long as there are records.
  const fields = new Set<unknown>();
  const asked = new Set<RelationMetadata>();
  for (const { entity, meta } of records) {
    for (const relation of unit.hydrator(meta).relations) {
      if (relation.inverse === null || relation.kind === 'to-many' || relation.kind === 'inverse-one') continue;
      for (const other of othersOf(unit, relation, entity, asked))
        if (other !== null) fields.add(Reflect.get(other, relation.inverse.property));
    }
  }
  const undos = [...fields].map((field) => hide(field, deleted));
  return () => {
    for (const undo of undos) undo();
  };
}

// Who is linked is not always known from this side; then all that may be are looked through, once.
function othersOf(
  unit: UnitOfWork,
  relation: RelationMetadata,
  entity: object,
  asked: Set<RelationMetadata>,
): readonly (object | null)[] {
  const field: unknown = Reflect.get(entity, relation.property);
  if (!(field instanceof EntityCollection)) return [referredTo(field)];
  const items = EntityCollection.itemsOf(field);
  if (items !== null || asked.has(relation)) return items ?? [];
  asked.add(relation);
  return unit.store(relation.target).entities;
}

function hide(field: unknown, deleted: ReadonlySet<object>): () => void {
  if (field instanceof EntityCollection) {
    const hidden = EntityCollection.hide(field, deleted);
    return () => EntityCollection.unhide(field, hidden);
  }
  const held = referredTo(field);
  if (!(field instanceof Reference) || held === null || !deleted.has(held)) return () => undefined;
  Reference.fill(field, 'entity', null);
  return () => {
    if (referredTo(field) === null) Reference.fill(field, 'entity', held);
  };
}
