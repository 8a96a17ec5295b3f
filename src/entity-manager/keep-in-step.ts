import type { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import type { RelationMetadata } from '../metadata/entity-metadata.ts';
import { otherSideOf, referredTo, setForeignKey, showAtOtherSide } from '../unit-of-work/other-side.ts';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts';

/**
 * Keeps the two sides of a relation, and the schedules of the unit of work, in step with an edit of one side by the
 * application.
 */
export const keepInStep: {
  changed(
    unit: UnitOfWork,
    relation: RelationMetadata,
    owner: object,
    previous: object | null,
    next: object | null,
  ): void;
  added(unit: UnitOfWork, relation: RelationMetadata, owner: object, item: object): void;
  removed(unit: UnitOfWork, relation: RelationMetadata, owner: object, item: object): void;
} = { changed, added, removed };

function changed(
  unit: UnitOfWork,
  relation: RelationMetadata,
  owner: object,
  previous: object | null,
  next: object | null,
): void {
  if (relation.kind === 'inverse-one') {
    if (previous !== null && previous !== next) giveTo(unit, relation, owner, previous, null);
    if (next !== null) giveTo(unit, relation, owner, next, owner);
  } else {
    unit.touch(owner);
    if (previous !== next) {
      showAtOtherSide(unit, relation, previous, owner, false);
      showAtOtherSide(unit, relation, next, owner, true);
    }
  }
  if (next !== null) cascadePersist(unit, relation, next);
}

function added(unit: UnitOfWork, relation: RelationMetadata, owner: object, item: object): void {
  if (relation.kind === 'link') {
    noteLink(unit, relation, owner);
    showAtOtherSide(unit, relation, item, owner, true);
  } else {
    giveTo(unit, relation, owner, item, owner);
    noteCollection(unit, relation, owner);
    unit.adoptOrphan(item);
  }
  cascadePersist(unit, relation, item);
}

function removed(unit: UnitOfWork, relation: RelationMetadata, owner: object, item: object): void {
  if (relation.kind === 'link') {
    noteLink(unit, relation, owner);
    showAtOtherSide(unit, relation, item, owner, false);
    return;
  }
  noteCollection(unit, relation, owner);
  unit.strays.delete(item);
  // An item that was given to another owner in the meantime stays there.
  const field = otherSideOf(relation, item);
  if (field instanceof Reference && field.isLoaded && Reference.valueOf(field) !== owner) return;
  if (relation.orphanRemoval) unit.removeOrphan(item);
  else giveTo(unit, relation, owner, item, null);
}

/** Sets the foreign key of an item, and shows at its former owner that it is gone. `owner` shows it by itself. */
function giveTo(unit: UnitOfWork, relation: RelationMetadata, owner: object, item: object, value: object | null): void {
  const { inverse } = relation;
  if (inverse === null) return;
  const former = referredTo(Reflect.get(item, inverse.property));
  if (former !== null && former !== owner)
    showAtOtherSide(unit, { ...inverse, inverse: relation }, former, item, false);
  setForeignKey(unit, inverse, item, value);
  if (value !== null && !unit.knows(item)) unit.strays.set(item, inverse);
}

function noteLink(unit: UnitOfWork, relation: RelationMetadata, owner: object): void {
  const collection = Reflect.get(owner, relation.property) as EntityCollection;
  unit.editedLinks.set(collection, { relation, owner });
  unit.edits += 1;
}

function noteCollection(unit: UnitOfWork, relation: RelationMetadata, owner: object): void {
  unit.reflected.add(Reflect.get(owner, relation.property) as EntityCollection);
}

function cascadePersist(unit: UnitOfWork, relation: RelationMetadata, related: object): void {
  if (relation.cascade.has('persist') && !unit.knows(related)) unit.persist(related);
}
