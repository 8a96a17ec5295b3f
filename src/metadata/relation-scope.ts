import type { EntityClass } from './entity-class.ts';
import type { ProbedEntity } from './entity-draft.ts';
import { misdeclared } from './entity-error.ts';
import type { EntityMetadata, LinkMetadata } from './entity-metadata.ts';
import type { NamingStrategy } from './naming-strategy.ts';

/** All probed entities, as the relations are resolved among them. */
export interface RelationScope {
  readonly entities: ReadonlyMap<EntityClass, ProbedEntity>;
  readonly naming: NamingStrategy;
  /** The link tables so far. */
  readonly links: LinkMetadata[];
}

/** Refuses a relation. */
export function refuseRelation(draft: EntityMetadata, property: string, problem: string): never {
  throw misdeclared(draft.table, property, problem);
}
