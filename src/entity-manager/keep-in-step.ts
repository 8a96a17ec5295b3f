import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import type { RelationMetadata } from '../metadata/entity-metadata.ts';
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
    if (previous !== null && previous !== next) setReference(unit, relation.inverse, previous, null);
    if (next !== null) setReference(unit, relation.inverse, next, owner);
  } else {
    if (!unit.pending.has(owner)) unit.touched.add(owner);
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
    setReference(unit, relation.inverse, item, owner, relation);
  }
  cascadePersist(unit, relation, item);
}

function removed(unit: UnitOfWork, relation: RelationMetadata, owner: object, item: object): void {
  if (relation.kind === 'link') {
    noteLink(unit, relation, owner);
    showAtOtherSide(unit, relation, item, owner, false);
    return;
  }
  if (relation.orphanRemoval) {
    if (unit.knows(item)) unit.remove(item);
    return;
  }
  // An item that was given to another owner in the meantime stays there.
  const field: unknown = relation.inverse === null ? null : Reflect.get(item, relation.inverse.property);
  const elsewhere = field instanceof Reference && field.isLoaded && Reference.valueOf(field) !== owner;
  if (!elsewhere) setReference(unit, relation.inverse, item, null, relation);
}

function noteLink(unit: UnitOfWork, relation: RelationMetadata, owner: object): void {
  const collection = Reflect.get(owner, relation.property) as EntityCollection;
  unit.editedLinks.set(collection, { relation, owner });
}

function cascadePersist(unit: UnitOfWork, relation: RelationMetadata, related: object): void {
  if (relation.cascade.has('persist') && !unit.knows(related)) unit.persist(related);
}

/** Sets the side with the foreign key, as the edit of the other side asks. */
function setReference(
  unit: UnitOfWork,
  relation: RelationMetadata | null,
  entity: object,
  value: object | null,
  editedSide: RelationMetadata | null = null,
): void {
  const field: unknown = relation === null ? null : Reflect.get(entity, relation.property);
  if (relation === null || !(field instanceof Reference)) return;
  const previous =
    Reference.stateOf(field) !== 'unset' && field.isLoaded ? (Reference.valueOf(field) as object | null) : null;
  Reference.fill(field, 'entity', value);
  if (!unit.pending.has(entity)) unit.touched.add(entity);
  if (previous !== null && previous !== value && editedSide !== null) {
    showAtOtherSide(unit, relation, previous, entity, false, editedSide);
  }
}

/** Shows an edit in the collection, or the one-to-one reference, at the other end. */
function showAtOtherSide(
  unit: UnitOfWork,
  relation: RelationMetadata,
  other: object | null,
  entity: object,
  present: boolean,
  through: RelationMetadata | null = relation.inverse,
): void {
  const field: unknown = other === null || through === null ? null : Reflect.get(other, through.property);
  if (field instanceof EntityCollection) {
    EntityCollection.reflect(field, entity, present);
    unit.reflected.add(field);
  } else if (field instanceof Reference) {
    Reference.fill(field, 'entity', present ? entity : null);
  }
}
