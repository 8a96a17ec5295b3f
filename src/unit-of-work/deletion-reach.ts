import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { Registry } from '../metadata/registry.ts';

/** What a deletion of rows does by the database's own hand (`onDelete`, links). */
export interface DeletionReach {
  /** The tables that it writes, their own first. */
  readonly tables: readonly string[];
  /** The relations whose rows are deleted or emptied along, directly or through others. */
  readonly relations: ReadonlySet<RelationMetadata>;
}

/** What a deletion of rows does besides, by the root entity of these rows. */
export function deletionReach(registry: Registry): ReadonlyMap<EntityMetadata, DeletionReach> {
  const relations = registry.entities.flatMap((meta) => [...meta.relations.values()]);
  const roots = registry.entities.filter((meta) => meta.root === meta);
  return new Map(roots.map((root) => [root, reachFrom(root, relations)]));
}

function reachFrom(start: EntityMetadata, relations: readonly RelationMetadata[]): DeletionReach {
  const tables = new Set<string>();
  const reached = new Set<RelationMetadata>();
  const deleted = new Set([start]);
  for (const root of deleted) {
    tables.add(root.table);
    for (const relation of relations) {
      if (relation.link !== null && hasEnd(relation, root)) tables.add(relation.link.table);
      if (relation.kind !== 'to-one' || relation.target.root !== root || relation.onDelete === 'no action') continue;
      tables.add(relation.owner.table);
      reached.add(relation);
      if (relation.onDelete === 'cascade') deleted.add(relation.owner.root);
    }
  }
  return { tables: [...tables], relations: reached };
}

function hasEnd({ owner, target }: RelationMetadata, root: EntityMetadata): boolean {
  return owner.root === root || target.root === root;
}
