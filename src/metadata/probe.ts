import type { EntityClass } from './entity-class.ts';
import type { Cascade, LinkSupport } from './entity-metadata.ts';

/** A relation as the entity's field declared it; plain data, read while a class is probed. */
export interface RelationDefinition {
  readonly kind: 'to-one' | 'one-to-one' | 'to-many' | 'link';
  readonly target: () => EntityClass;
  readonly inverse: ((target: never) => unknown) | null;
  readonly nullable: boolean;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  readonly through: string | null;
  readonly columns: readonly string[] | null;
  readonly targetColumns: readonly string[] | null;
  readonly cascade: readonly Cascade[];
  readonly orphanRemoval: boolean;
  readonly onDelete: 'no action' | 'cascade' | 'set null' | null;
  readonly onUpdate: 'no action' | 'cascade' | 'set null' | null;
  /** Of a `link` only. */
  readonly support: LinkSupport | null;
}

let recording: WeakMap<object, RelationDefinition> | null = null;

/** Whether a class is being probed; while entities are made for use, definitions are not even put together. */
export function isProbing(): boolean {
  return recording !== null;
}

/** Notes the definition of a relation object while a class is probed. */
export function recordRelation(relation: object, definition: RelationDefinition): void {
  recording?.set(relation, definition);
}

/**
 * Makes one instance of a class without arguments and returns it with the definitions of the relations among its
 * fields. What the constructor throws is passed on.
 */
export function probe(target: EntityClass): { instance: object; definitions: WeakMap<object, RelationDefinition> } {
  const outer = recording;
  const definitions = new WeakMap<object, RelationDefinition>();
  recording = definitions;
  try {
    return { instance: new target(), definitions };
  } finally {
    recording = outer;
  }
}
