import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { Registry } from '../metadata/registry.ts';

/**
 * The tables that a deletion of rows writes, by the root entity of these rows: its own, and those whose rows the database
 * deletes or empties along (`onDelete`, links).
 */
export function deletionReach(registry: Registry): ReadonlyMap<EntityMetadata, readonly string[]> {
  const relations = registry.entities.flatMap((meta) => [...meta.relations.values()]);
  const roots = registry.entities.filter((meta) => meta.root === meta);
  return new Map(roots.map((root) => [root, [...reachFrom(root, relations)]]));
}

function reachFrom(start: EntityMetadata, relations: readonly RelationMetadata[]): ReadonlySet<string> {
  const tables = new Set<string>();
  const deleted = new Set([start]);
  for (const root of deleted) {
    tables.add(root.table);
    for (const relation of relations) {
      if (relation.link !== null && hasEnd(relation, root)) tables.add(relation.link.table);
      if (relation.kind !== 'to-one' || relation.target.root !== root || relation.onDelete === 'no action') continue;
      tables.add(relation.owner.table);
      if (relation.onDelete === 'cascade') deleted.add(relation.owner.root);
    }
  }
  return tables;
}

function hasEnd({ owner, target }: RelationMetadata, root: EntityMetadata): boolean {
  return owner.root === root || target.root === root;
}
