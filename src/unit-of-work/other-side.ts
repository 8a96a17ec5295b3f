import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import type { Hydrator } from '../hydration/hydrator.ts';
import { keyOfRow } from '../metadata/entity-key.ts';
import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { WireKey, WireRow } from '../wire/wire-value.ts';

/** The part of a unit of work that edits of relations are noted in. */
export interface RelationEdits {
  readonly reflected: Set<EntityCollection>;
  readonly editedLinks: { delete(collection: EntityCollection): boolean };
  metadataOf(entity: unknown): EntityMetadata;
  find(meta: EntityMetadata, key: WireKey): object | undefined;
  hydrator(meta: EntityMetadata): Hydrator;
  touch(entity: object): void;
}

/** The entity that a to-one relation refers to, where it is in memory. */
export function referredTo(field: unknown): object | null {
  return field instanceof Reference && field.isLoaded ? (Reference.valueOf(field) as object | null) : null;
}

/** The relation of `other` that shows the same from its end; null or undefined where there is none. */
export function otherSideOf({ inverse }: RelationMetadata, other: object | null | undefined): unknown {
  return other && inverse && Reflect.get(other, inverse.property);
}

/**
 * Shows in the relation at the other end that `entity` refers to `other`, or does not any more. `relation` is the side
 * that was edited; nothing is shown where it has no other side.
 */
export function showAtOtherSide(
  unit: RelationEdits,
  relation: RelationMetadata,
  other: object | null,
  entity: object,
  present: boolean,
): void {
  const field = otherSideOf(relation, other);
  if (field instanceof EntityCollection) {
    EntityCollection.reflect(field, entity, present);
    unit.reflected.add(field);
  } else if (field instanceof Reference) {
    const partner = referredTo(field);
    // A one-to-one has no room for two.
    if (present && partner !== null && partner !== entity) setForeignKey(unit, relation, partner, null);
    if (present || partner === entity) Reference.fill(field, 'entity', present ? entity : null);
  }
}

/** Shows an entity that had left a collection with orphan removal in it again. */
export function showAtOwner(unit: RelationEdits, entity: object): void {
  for (const relation of unit.hydrator(unit.metadataOf(entity)).relations) {
    if (!relation.inverse?.orphanRemoval) continue;
    showAtOtherSide(unit, relation, referredTo(Reflect.get(entity, relation.property)), entity, true);
  }
}

/**
 * Has one-to-ones loaded anew whose other side the row of an entity is, where they show something else: it was taken from
 * them by an edit, or had given its place to another.
 */
export function askAnew(unit: RelationEdits, entity: object, row: WireRow): void {
  for (const relation of unit.metadataOf(entity).relations.values()) {
    const field = otherSideOf(relation, unit.find(relation.target, keyOfRow(relation.columns, row)));
    if (field instanceof Reference && referredTo(field) !== entity) Reference.fill(field, 'unset', null);
  }
}

/** Sets the side with the foreign key, as an edit of the other side asks. */
export function setForeignKey(
  unit: RelationEdits,
  relation: RelationMetadata,
  entity: object,
  value: object | null,
): void {
  const field: unknown = Reflect.get(entity, relation.property);
  if (!(field instanceof Reference)) return;
  Reference.fill(field, 'entity', value);
  unit.touch(entity);
}

/** Takes an entity that is no longer to be inserted out of the relations of others. */
export function withdraw(unit: RelationEdits, entity: object): void {
  const { relations } = unit.hydrator(unit.metadataOf(entity));
  for (const relation of relations) {
    const field: unknown = Reflect.get(entity, relation.property);
    if (relation.kind === 'to-one') showAtOtherSide(unit, relation, referredTo(field), entity, false);
    if (relation.kind !== 'link' || !(field instanceof EntityCollection)) continue;
    unit.editedLinks.delete(field);
    for (const item of EntityCollection.itemsOf(field) ?? []) takeLinkBack(relation, item, entity);
  }
}

/** Takes the edit of a link back at the other end. */
export function takeLinkBack(relation: RelationMetadata, item: object, entity: object): void {
  const field = otherSideOf(relation, item);
  if (field instanceof EntityCollection) EntityCollection.takeBack(field, entity);
}

/** An entity and all that its cascade of removals reaches in memory; iterative, because data may be a long chain. */
export function cascadedInMemory(unit: RelationEdits, entity: object): ReadonlySet<object> {
  const reached = new Set([entity]);
  for (const next of reached) {
    for (const { cascade, property } of unit.hydrator(unit.metadataOf(next)).relations) {
      if (cascade.has('remove')) for (const item of itemsOf(Reflect.get(next, property))) reached.add(item);
    }
  }
  return reached;
}

function itemsOf(field: unknown): readonly object[] {
  if (field instanceof EntityCollection) return EntityCollection.itemsOf(field) ?? [];
  const entity = referredTo(field);
  return entity === null ? [] : [entity];
}
