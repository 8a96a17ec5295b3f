import { invalid } from '../metadata/entity-error.ts';
import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import { loadRelation, relatedEntities } from './load-relation.ts';
import type { Reader } from './reader.ts';

/** Relations to load, each with those to load from its targets. */
export type PopulateTree = ReadonlyMap<RelationMetadata, PopulateTree>;

type Growing = Map<RelationMetadata, Growing>;

const EMPTY: PopulateTree = new Map();

/** The tree of populate paths. Throws `validation` for a path that names no relation. */
export function populateTree(meta: EntityMetadata, paths: unknown): PopulateTree {
  if (paths === undefined) return EMPTY;
  if (!Array.isArray(paths)) throw invalid(meta.table, null, 'populate takes an array of paths');
  const tree: Growing = new Map();
  for (const path of paths) {
    let branch = tree;
    let owner = meta;
    for (const property of String(path).split('.')) {
      const relation = findRelation(owner, property);
      const next: Growing = branch.get(relation) ?? new Map();
      branch.set(relation, next);
      branch = next;
      owner = relation.target;
    }
  }
  return tree;
}

// A path may begin at a subtype's relation: entities of other classes are passed over.
function findRelation(meta: EntityMetadata, property: string): RelationMetadata {
  for (const member of [meta, ...meta.family]) {
    const relation = member.relations.get(property);
    if (relation !== undefined) return relation;
  }
  throw invalid(meta.table, null, `there is no relation '${property.slice(0, 60)}' to populate`);
}

/** Loads the relations of a tree, one level after the other, over all entities of a level at once. */
export async function populate(reader: Reader, entities: readonly object[], tree: PopulateTree): Promise<void> {
  for (const [relation, branch] of tree) {
    const { family } = relation.owner;
    const owners = family.length === 1 ? entities : entities.filter((entity) => isOf(reader, family, entity));
    if (owners.length === 0) continue;
    await loadRelation(reader, relation, owners);
    const targets = branch.size > 0 ? relatedEntities(relation, owners) : [];
    if (targets.length > 0) await populate(reader, targets, branch);
  }
}

function isOf({ unit }: Reader, family: readonly EntityMetadata[], entity: object): boolean {
  const meta = unit.context.registry.of(entity);
  return meta !== undefined && family.includes(meta);
}

/** The tables that a tree reads, link tables included. */
export function populatedTables(tree: PopulateTree, tables = new Set<string>()): ReadonlySet<string> {
  for (const [relation, branch] of tree) {
    tables.add(relation.target.table);
    if (relation.link !== null) tables.add(relation.link.table);
    populatedTables(branch, tables);
  }
  return tables;
}
