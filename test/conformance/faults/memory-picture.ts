import { EntityCollection } from '../../../src/criteria/entity-collection.ts';
import { Reference } from '../../../src/criteria/reference.ts';
import type { EntityManager } from '../../../src/index.ts';

/** What memory knows of an entity, in a form that is the same for the same edits in another EntityManager. */
export function memoryPicture(em: EntityManager, entity: object): unknown {
  const state = em.stateOf(entity);
  return {
    entity: labelOf(entity),
    state,
    changes: state === 'persistent' ? changesOf(em, entity) : null,
    properties: Object.fromEntries(Object.entries(entity).map(([name, value]) => [name, describeValue(value)])),
  };
}

// A new entity that is referred to has no key to be shown by.
function changesOf(em: EntityManager, entity: object): unknown {
  return [...em.changes(entity)].map(([name, { before, after }]) => [
    name,
    describeChange(before),
    describeChange(after),
  ]);
}

function describeChange(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(describeChange);
  const isEntity = typeof value === 'object' && value !== null && NAMES.some((name) => name in value);
  return isEntity && value.constructor !== Object ? labelOf(value) : value;
}

/** The columns of an entity as they are in memory. */
export function scalarsOf(entity: object): unknown {
  return Object.fromEntries(
    Object.entries(entity).filter(([, value]) => !(value instanceof Reference || value instanceof EntityCollection)),
  );
}

function describeValue(value: unknown): unknown {
  if (value instanceof Reference) {
    if (Reference.stateOf(value) === 'unset') return 'unset';
    return value.isLoaded ? labelOf(Reference.valueOf(value) as object | null) : { key: Reference.valueOf(value) };
  }
  if (!(value instanceof EntityCollection)) return value;
  const { added, removed } = EntityCollection.editsOf(value);
  return {
    items: EntityCollection.itemsOf(value)?.map(labelOf) ?? 'not loaded',
    added: [...added].map(labelOf),
    removed: [...removed].map(labelOf),
  };
}

const NAMES = ['name', 'title', 'body', 'note', 'customer', 'room', 'site', 'id', 'no'];

function labelOf(entity: object | null): string {
  if (entity === null) return 'null';
  const name = NAMES.find((property) => Reflect.get(entity, property) !== undefined) ?? '';
  return `${entity.constructor.name} ${String(Reflect.get(entity, name))}`;
}
