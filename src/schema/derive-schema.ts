import { ConfigurationError } from '../errors.ts';
import type {
  ColumnMetadata,
  EntityMetadata,
  LinkColumn,
  LinkMetadata,
  RelationMetadata,
} from '../metadata/entity-metadata.ts';
import type { Registry } from '../metadata/registry.ts';
import { createConstraintNames, type NameConstraint } from './constraint-names.ts';
import type {
  ColumnDefault,
  ColumnModel,
  ForeignKeyModel,
  IndexModel,
  SchemaModel,
  TableModel,
} from './schema-model.ts';
import { sortTables } from './sort-tables.ts';

/**
 * The schema that a registry asks for: a table for each hierarchy of entities and for each link, with keys, unique
 * constraints, foreign keys, and an index for each foreign key that no other index serves. Throws `configuration` where
 * two tables share a name or a default does not fit its column.
 */
export function deriveSchema(registry: Registry): SchemaModel {
  const roots = registry.entities.filter((entity) => entity.root === entity);
  const entityTables = new Set(roots.map((entity) => entity.table));
  // A link table may be mapped by an entity of its own as well, which then says what it looks like.
  const links = linkRelations(registry).filter(({ link }) => !entityTables.has(link.table));
  const tableNames = [...roots, ...links.map(({ link }) => link)].map(({ table }) => table);
  checkTableNames(tableNames);
  const nameConstraint = createConstraintNames(tableNames);
  const tables = [
    ...roots.map((entity) => entityTable(entity, nameConstraint)),
    ...links.map((relation) => linkTable(relation, nameConstraint)),
  ];
  return { tables: sortTables(tables) };
}

type LinkRelation = RelationMetadata & { readonly link: LinkMetadata };

function linkRelations({ entities }: Registry): readonly LinkRelation[] {
  const relations = new Set(entities.flatMap((entity) => [...entity.relations.values()]));
  return [...relations].filter((relation): relation is LinkRelation => relation.owning && relation.link !== null);
}

function checkTableNames(tables: readonly string[]): void {
  const seen = new Set<string>();
  for (const table of tables) {
    if (seen.has(table.toLowerCase())) {
      throw new ConfigurationError(`Two tables are named '${table}'; give one of them another name.`, {
        entity: table,
      });
    }
    seen.add(table.toLowerCase());
  }
}

function entityTable(entity: EntityMetadata, nameConstraint: NameConstraint): TableModel {
  const { table, columns, indexes } = entity;
  const relations = new Set(entity.family.flatMap((member) => [...member.relations.values()]));
  const uniques = [
    ...columns.filter((column) => column.unique).map((column) => [column.name]),
    ...indexes.filter((index) => index.unique).map((index) => index.columns),
  ];
  const base = {
    name: table,
    columns: columns.map((column) => columnModel(column, table)),
    primaryKey: entity.primaryKey.map((column) => column.name),
    uniques: uniques.map((unique) => ({ name: nameConstraint(table, unique, 'key'), columns: unique })),
    foreignKeys: [...relations]
      .filter((relation) => relation.kind === 'to-one')
      .map((relation) => foreignKey(table, relation.columns, relation.target.root, relation, nameConstraint)),
  };
  const declared = indexes.filter((index) => !index.unique).map((index) => index.columns);
  return { ...base, indexes: indexModels(base, declared, nameConstraint) };
}

// A link lives and dies with both of its ends, whatever their keys are.
const LINK_ACTIONS = { onDelete: 'cascade', onUpdate: 'cascade' } as const;

function linkTable({ owner, target, link }: LinkRelation, nameConstraint: NameConstraint): TableModel {
  const { table, ownColumns, targetColumns } = link;
  const all = [...ownColumns, ...targetColumns];
  const base = {
    name: table,
    columns: all.map(linkColumn),
    primaryKey: all.map((column) => column.name),
    uniques: [],
    foreignKeys: [
      foreignKey(table, ownColumns, owner.root, LINK_ACTIONS, nameConstraint),
      foreignKey(table, targetColumns, target.root, LINK_ACTIONS, nameConstraint),
    ],
  };
  return { ...base, indexes: indexModels(base, [], nameConstraint) };
}

function columnModel(column: ColumnMetadata, table: string): ColumnModel {
  const { name, type, nullable, generated } = column;
  return { name, type, nullable, generated, default: defaultOf(column, table) };
}

function linkColumn({ name, key }: LinkColumn): ColumnModel {
  return { name, type: key.type, nullable: false, generated: false, default: null };
}

function defaultOf({ default: value, codec, property }: ColumnMetadata, table: string): ColumnDefault | null {
  if (value?.kind === 'now' || value?.kind === 'database') return value;
  // A function runs in the application only.
  if (value?.kind !== 'value') return null;
  try {
    return { kind: 'constant', value: value.value === null ? null : codec.encode(value.value) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown reason';
    throw new ConfigurationError(`${table}.${property}: the default does not fit the column: ${reason}`, {
      cause,
      entity: table,
      property,
    });
  }
}

function foreignKey(
  table: string,
  columns: readonly { readonly name: string }[],
  target: EntityMetadata,
  { onDelete, onUpdate }: Pick<ForeignKeyModel, 'onDelete' | 'onUpdate'>,
  nameConstraint: NameConstraint,
): ForeignKeyModel {
  const own = columns.map((column) => column.name);
  return {
    name: nameConstraint(table, own, 'fkey'),
    columns: own,
    referencedTable: target.table,
    referencedColumns: target.primaryKey.map((column) => column.name),
    onDelete,
    onUpdate,
  };
}

// Without an index of its own each deletion of a referred-to row would read the whole referring table.
function indexModels(
  { name, primaryKey, uniques, foreignKeys }: Omit<TableModel, 'indexes'>,
  declared: readonly (readonly string[])[],
  nameConstraint: NameConstraint,
): readonly IndexModel[] {
  const searchable = [primaryKey, ...uniques.map((unique) => unique.columns)];
  const indexes: IndexModel[] = [];
  for (const columns of [...declared, ...foreignKeys.map((key) => key.columns)]) {
    if (searchable.some((other) => leads(other, columns))) continue;
    searchable.push(columns);
    indexes.push({ name: nameConstraint(name, columns, 'idx'), columns });
  }
  return indexes;
}

// Whether an index over `index` finds rows by the given columns: they are its first ones, in any order.
function leads(index: readonly string[], columns: readonly string[]): boolean {
  const first = new Set(index.slice(0, columns.length));
  return columns.every((column) => first.has(column));
}
