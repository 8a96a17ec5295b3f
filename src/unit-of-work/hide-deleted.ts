import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import type { RelationMetadata } from '../metadata/entity-metadata.ts';
import type { DeleteRecord } from './flush-plan.ts';
import { otherSideOf, referredTo } from './other-side.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** Takes deleted entities out of the relations of those at the other end. Gives what shows them there again. */
export function hideDeleted(unit: UnitOfWork, records: readonly DeleteRecord[]): () => void {
  const deleted = new Set(records.map(({ entity }) => entity));
  // Each once, and all that are gone from it at once: a list may be as long as there are records.
  const fields = new Set<EntityCollection | Reference>();
  for (const meta of new Set(records.map((record) => record.meta))) {
    for (const relation of unit.hydrator(meta).relations)
      for (const end of endsOf(unit, relation, deleted))
        if (end !== null) fields.add(otherSideOf(relation, end) as EntityCollection | Reference);
  }
  const undos = [...fields].map((field) => hide(field, deleted));
  return () => {
    for (const undo of undos) undo?.();
  };
}

function endsOf(unit: UnitOfWork, relation: RelationMetadata, deleted: ReadonlySet<object>): (object | null)[] {
  if (relation.inverse === null) return [];
  // Who is linked is not always known from this side.
  if (relation.kind === 'link') return unit.store(relation.target).entities;
  if (relation.kind !== 'to-one') return [];
  return [...deleted].map((entity) => referredTo(Reflect.get(entity, relation.property)));
}

function hide(field: EntityCollection | Reference, deleted: ReadonlySet<object>): (() => void) | undefined {
  if (field instanceof EntityCollection) return EntityCollection.hide(field, deleted);
  const state = Reference.stateOf(field);
  const held = referredTo(field);
  // What is loaded until then lacks what is there again.
  if (held === null ? state !== 'unset' : !deleted.has(held)) return undefined;
  if (held !== null) Reference.fill(field, 'entity', null);
  return () => {
    if (referredTo(field) === null) Reference.fill(field, state, held);
  };
}
