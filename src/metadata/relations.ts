import { EntityCollection } from '../criteria/entity-collection.ts';
import type { Collection, InKey, OptionalRef, Ref, RelationMark } from '../criteria/entity-types.ts';
import { Reference } from '../criteria/reference.ts';
import type { EntityClass } from './entity-class.ts';
import type { Cascade } from './entity-metadata.ts';
import { isProbing, type RelationDefinition, recordRelation } from './probe.ts';

/** What may be said of a to-one relation that has the foreign key. */
export interface ToOneOptions {
  readonly cascade?: readonly Cascade[];
  /** What the database does to this row when the related row is deleted; `no action` unless given. */
  readonly onDelete?: 'no action' | 'cascade' | 'set null';
  /**
   * What the database does to this row when the related row's key changes; `no action`, which refuses such a change while
   * rows refer to it, unless given. `cascade` lets the foreign key follow, also of rows that are not loaded.
   */
  readonly onUpdate?: 'no action' | 'cascade' | 'set null';
  /** The database names of the foreign key's columns, where the naming strategy's are not wanted. */
  readonly columns?: readonly string[];
}

/** What may be said of a to-many relation. */
export interface ToManyOptions {
  readonly cascade?: readonly Cascade[];
  /** Whether an item that is removed from the collection is deleted. */
  readonly orphanRemoval?: boolean;
}

/** The relation on the other side that has the foreign key. */
export type InverseRef = RelationMark<'one' | 'one?'>;

/** What a relation is where nothing is said of it. */
export const DEFAULTS: Omit<RelationDefinition, 'kind' | 'target'> = {
  inverse: null,
  nullable: false,
  primaryKey: false,
  unique: false,
  through: null,
  columns: null,
  targetColumns: null,
  cascade: [],
  orphanRemoval: false,
  onDelete: null,
  onUpdate: null,
  support: null,
};

/** Many rows of this table refer to one of the target's: this table has the foreign key. */
export function manyToOne<T extends object>(
  target: () => EntityClass<T>,
  options: ToOneOptions & { readonly primaryKey: true },
): Ref<T> & InKey;
export function manyToOne<T extends object>(
  target: () => EntityClass<T>,
  options: ToOneOptions & { readonly nullable: true },
): OptionalRef<T>;
export function manyToOne<T extends object>(
  target: () => EntityClass<T>,
  options?: ToOneOptions & { readonly nullable?: false; readonly primaryKey?: false },
): Ref<T>;
export function manyToOne(
  target: () => EntityClass,
  options: ToOneOptions & { readonly nullable?: boolean; readonly primaryKey?: boolean } = {},
): unknown {
  const reference = new Reference();
  if (isProbing()) recordRelation(reference, { ...DEFAULTS, ...options, kind: 'to-one', target });
  return reference;
}

/**
 * At most one row on either side. Without `inverse` this table has the foreign key, which is unique and may be NULL;
 * with it the other side has it.
 */
export function oneToOne<T extends object>(
  target: () => EntityClass<T>,
  inverse?: ((target: T) => InverseRef) | null,
  options: ToOneOptions = {},
): OptionalRef<T> {
  const reference = new Reference();
  if (isProbing()) {
    const one = { kind: 'one-to-one', inverse: inverse ?? null, nullable: true, unique: true } as const;
    recordRelation(reference, { ...DEFAULTS, ...options, ...one, target });
  }
  return reference as unknown as OptionalRef<T>;
}

/** Many rows of the target's table refer to this one: the other side, named by `inverse`, has the foreign key. */
export function oneToMany<T extends object>(
  target: () => EntityClass<T>,
  inverse: (target: T) => InverseRef,
  options: ToManyOptions = {},
): Collection<T> {
  const collection = new EntityCollection();
  if (isProbing()) recordRelation(collection, { ...DEFAULTS, ...options, kind: 'to-many', target, inverse });
  return collection as unknown as Collection<T>;
}
