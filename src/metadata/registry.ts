import type { EntityClass } from './entity-class.ts';
import type { EntityMetadata, LinkMetadata } from './entity-metadata.ts';

/** All entities of one persistence object: validated once, then frozen. */
export interface Registry {
  readonly entities: readonly EntityMetadata[];
  /** Link tables of many-to-many relations, each once, as seen from the end that declares it. */
  readonly links: readonly LinkMetadata[];
  /** What runs the checks of columns and entities: they bring it. Null where there are none. */
  readonly validation: object | null;
  /** The metadata of a class. Throws `configuration` for a class that was not handed to `createPersistence`. */
  get(target: EntityClass): EntityMetadata;
  /** The metadata of the class an object was made by, or undefined where it is no entity of this registry. */
  of(entity: object): EntityMetadata | undefined;
}
