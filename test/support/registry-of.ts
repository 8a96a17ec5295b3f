import { sqlite } from '../../src/dialect/sqlite/index.ts';
import type { PersistenceError } from '../../src/index.ts';
import { createRegistry } from '../../src/metadata/create-registry.ts';
import type { EntityClass } from '../../src/metadata/entity-class.ts';
import type { EntityMetadata, RelationMetadata } from '../../src/metadata/entity-metadata.ts';
import { snakeCase } from '../../src/metadata/naming-strategy.ts';
import type { Registry } from '../../src/metadata/registry.ts';

/** The registry of some classes as `createPersistence` makes it for SQLite. */
export function registryOf(...classes: readonly EntityClass[]): Registry {
  return createRegistry(classes, snakeCase, sqlite);
}

/** A relation that the metadata must have. */
export function relationOf(meta: EntityMetadata, property: string): RelationMetadata {
  const relation = meta.relations.get(property);
  if (relation === undefined) throw new Error(`${meta.table} has no relation ${property}`);
  return relation;
}

/** What `work` throws, as far as tests ask for it. */
export type Refusal = Pick<PersistenceError, 'code' | 'message' | 'entity' | 'property' | 'cause'>;

/** The error that `work` throws at once. */
export function refusalOf(work: () => unknown): Refusal {
  try {
    work();
  } catch (error) {
    return error as Refusal;
  }
  throw new Error('nothing was refused');
}
