import type { RelationDraft } from './entity-draft.ts';
import type { ColumnMetadata, LinkColumn, LinkMetadata } from './entity-metadata.ts';
import type { RelationDefinition } from './probe.ts';
import { type RelationScope, refuseRelation } from './relation-scope.ts';

/** The part of a {@link LinkSupport} that makes the link table when a registry is built. */
export interface LinkBuilding {
  build: typeof buildLink;
}

/** The link table of a many-to-many relation, from the side that declares it. Throws `configuration`. */
export function buildLink(
  { entities, naming, links }: RelationScope,
  relation: RelationDraft,
  definition: RelationDefinition,
): LinkMetadata {
  const { owner, target } = relation;
  const own = linkColumns(relation, owner.root.primaryKey, definition.columns, (key) =>
    naming.linkColumn(owner.table, key),
  );
  // A link between rows of one table needs two names: the second one is the property's.
  const base = target.root === owner.root ? naming.column(relation.property) : target.table;
  const other = linkColumns(relation, target.root.primaryKey, definition.targetColumns, (key) =>
    naming.linkColumn(base, key),
  );
  const names = new Set([...own, ...other].map((column) => column.name.toLowerCase()));
  if (names.size !== own.length + other.length) {
    refuseRelation(owner, relation.property, 'the two ends of the link table have columns of the same name');
  }
  const table = definition.through ?? naming.linkTable(owner.table, relation.property);
  const isTaken = (other: { readonly table: string }): boolean => other.table.toLowerCase() === table.toLowerCase();
  if (links.some(isTaken) || [...entities.values()].some(({ draft }) => isTaken(draft))) {
    const advice = 'name the other side with inverse, or another table with through';
    refuseRelation(owner, relation.property, `the table '${table}' is in use already; ${advice}`);
  }
  const link = { table, ownColumns: own, targetColumns: other };
  links.push(link);
  return link;
}

function linkColumns(
  relation: RelationDraft,
  key: readonly ColumnMetadata[],
  names: readonly string[] | null,
  derive: (keyColumn: string) => string,
): readonly LinkColumn[] {
  if (names !== null && names.length !== key.length) {
    refuseRelation(relation.owner, relation.property, `the link needs ${key.length} column name(s) for this end`);
  }
  return key.map((part, index) => ({ name: names?.[index] ?? derive(part.name), key: part }));
}
