import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import type { Registry } from '../metadata/registry.ts';

/**
 * The tables that a deletion of rows writes, by the root entity of these rows: its own, and those whose rows the database
 * deletes or empties along (`onDelete`, links).
 */
export function deletionReach(registry: Registry): ReadonlyMap<EntityMetadata, readonly string[]> {
  const roots = registry.entities.filter((meta) => meta.root === meta);
  return new Map(roots.map((root) => [root, [...reachFrom(root, roots)]]));
}

function reachFrom(root: EntityMetadata, roots: readonly EntityMetadata[]): ReadonlySet<string> {
  const tables = new Set<string>();
  const deleted = new Set([root]);
  for (const meta of deleted) {
    tables.add(meta.table);
    for (const other of roots) {
      for (const relation of other.family.flatMap((member) => [...member.relations.values()])) {
        if (relation.target.root !== meta && other !== meta) continue;
        if (relation.link !== null) tables.add(relation.link.table);
        if (relation.kind !== 'to-one' || relation.target.root !== meta || relation.onDelete === 'no action') continue;
        tables.add(other.table);
        if (relation.onDelete === 'cascade') deleted.add(other);
      }
    }
  }
  return tables;
}
