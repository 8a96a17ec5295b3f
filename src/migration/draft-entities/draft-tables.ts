import type { NamingStrategy } from '../../metadata/naming-strategy.ts';
import type { DatabaseColumn, DatabaseTable } from '../../schema/database-model.ts';
import { sayable } from '../diff/adopt-foreign-keys.ts';
import { columnsOf, isPlain } from '../diff/adopt-indexes.ts';
import { isSayable, type TablesByName } from '../diff/relation-keys.ts';
import type { TypeOf } from './choose-types.ts';
import { className, Names, propertyName } from './draft-names.ts';
import type {
  DraftedColumn,
  DraftedDefault,
  DraftedEntity,
  DraftedInverse,
  DraftedRelation,
} from './drafted-entity.ts';
import { isRelation, type PlannedRelation, type PlannedRelations } from './plan-relations.ts';

/** What drafts are made with. */
export interface DraftParts {
  readonly tables: TablesByName;
  readonly relations: PlannedRelations;
  readonly typeOf: TypeOf;
  readonly naming: NamingStrategy;
  /** Names that no class may have. */
  readonly reserved: readonly string[];
}

/** An entity for each table; all of them have primary keys. */
export function draftTables(parts: DraftParts): readonly DraftedEntity[] {
  const names = new Names(parts.reserved);
  const drafts = [...parts.tables.values()].map((table) => draftTable(table, names.take(className(table.name)), parts));
  return drafts.map(({ entity, properties }) => ({
    ...entity,
    inverses: inversesOf(
      entity,
      properties,
      drafts.map((draft) => draft.entity),
    ),
  }));
}

interface TableDraft {
  readonly entity: DraftedEntity;
  readonly properties: Names;
}

function draftTable(table: DatabaseTable, name: string, parts: DraftParts): TableDraft {
  const properties = new Names();
  const planned = parts.relations.of(table);
  const inRelations = new Set(planned.flatMap(({ key }) => key.columns));
  const keys = indexesOf(table);
  const columns = table.columns
    .filter((column) => !inRelations.has(column.name))
    .map((column) => draftColumn(column, table, properties.take(propertyName(column.name)), keys, parts));
  const relations = planned.map((relation) => draftRelation(relation, table, properties, keys, parts));
  const entity = { className: name, table: table.name, columns, relations, inverses: [], indexes: [] };
  return { entity: { ...entity, indexes: furtherIndexes(entity, keys) }, properties };
}

/** The columns of the unique keys and the other indexes that an entity can declare, each once. */
interface KeyLists {
  readonly unique: readonly (readonly string[])[];
  readonly plain: readonly (readonly string[])[];
}

function indexesOf({ uniques, indexes }: DatabaseTable): KeyLists {
  const plain = indexes.filter(isPlain);
  const columnsWhere = (unique: boolean) =>
    plain.filter((index) => index.unique === unique).map((index) => columnsOf(index).columns);
  return {
    unique: distinct([...uniques.map(({ columns }) => columns), ...columnsWhere(true)]),
    plain: distinct(columnsWhere(false)),
  };
}

function distinct(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(lists.map((list) => [JSON.stringify(list), list])).values()];
}

function isSingle(lists: readonly (readonly string[])[], column: string): boolean {
  return lists.some((list) => list.length === 1 && list[0] === column);
}

function draftColumn(
  column: DatabaseColumn,
  table: DatabaseTable,
  property: string,
  { unique, plain }: KeyLists,
  { typeOf, naming }: DraftParts,
): DraftedColumn {
  const { type, now } = typeOf(table, column);
  const key = table.primaryKey?.columns ?? [];
  const primaryKey = key.includes(column.name);
  return {
    property,
    column: column.name,
    isNamed: naming.column(property) !== column.name,
    type,
    nullable: column.nullable && !primaryKey,
    primaryKey,
    generated: primaryKey && key.length === 1 && column.generated !== null,
    unique: isSingle(unique, column.name),
    indexed: isSingle(plain, column.name),
    default: primaryKey ? null : now ? { kind: 'now' } : defaultOf(column),
  };
}

function defaultOf({ default: value, computed, generated }: DatabaseColumn): DraftedDefault | null {
  // What the database generates is left out of an INSERT as if it had a default, and read back.
  if (generated !== null) return { kind: 'database', sql: '0', computed: null };
  if (computed !== null) {
    return { kind: 'database', sql: computed.expression, computed: computed.stored ? 'stored' : 'virtual' };
  }
  return value === null ? null : { kind: 'database', sql: value, computed: null };
}

function draftRelation(
  planned: PlannedRelation,
  table: DatabaseTable,
  properties: Names,
  { unique }: KeyLists,
  { relations, naming }: DraftParts,
): DraftedRelation {
  const { key, primaryKey } = planned;
  const columns = relations.columnsOf(key);
  const targetKey = relations.keyOf(key.referencedTable);
  const property = properties.take(relationName(columns, targetKey, key.referencedTable));
  const nullable = !primaryKey && table.columns.some((column) => column.nullable && columns.includes(column.name));
  // A one-to-one relation may be empty; one that may not is a unique many-to-one.
  const isOne = nullable && unique.some((list) => isRelation(planned, list) && list.join() === columns.join());
  return {
    property,
    kind: isOne ? 'oneToOne' : 'manyToOne',
    target: key.referencedTable,
    columns,
    isNamed: columns.some((column, place) => naming.foreignKey(property, targetKey[place] ?? '') !== column),
    nullable,
    primaryKey,
    onDelete: sayable(key.onDelete),
    onUpdate: sayable(key.onUpdate),
  };
}

// `author_id` for the key `id` is the author; what has no such end is called as its column, or as the table.
function relationName(columns: readonly string[], targetKey: readonly string[], table: string): string {
  const [column = '', ...more] = columns;
  const key = targetKey[0] ?? '';
  const stem = column.slice(0, column.length - key.length);
  const hasEnd = column.toLowerCase().endsWith(key.toLowerCase()) && stem.replace(/[\s_-]+$/u, '') !== '';
  if (hasEnd) return propertyName(stem);
  return more.length === 0 && column !== key ? propertyName(column) : propertyName(table);
}

function furtherIndexes(
  { columns, relations }: Pick<DraftedEntity, 'columns' | 'relations'>,
  { unique, plain }: KeyLists,
): DraftedEntity['indexes'] {
  const composite = relations.map((relation) => relation.columns);
  const propertyOf = new Map([
    ...columns.map(({ column, property }) => [column, property] as const),
    ...relations.flatMap((relation) => relation.columns.map((column) => [column, relation.property] as const)),
  ]);
  const isSaid = (list: readonly string[], isUnique: boolean) => {
    const isOfOne = relations.some((one) => one.kind === 'oneToOne' && one.columns.join() === list.join());
    const isOfRelation = relations.some((one) => one.columns.join() === list.join());
    const isOfColumn = list.length === 1 && columns.some(({ column }) => column === list[0]);
    return isOfColumn || (isUnique ? isOfOne : isOfRelation);
  };
  const further = (lists: readonly (readonly string[])[], isUnique: boolean) =>
    lists
      .filter((list) => !isSaid(list, isUnique) && isSayable(list, composite))
      .map((list) => ({
        properties: [...new Set(list.flatMap((column) => propertyOf.get(column) ?? []))],
        unique: isUnique,
      }));
  return [...further(unique, true), ...further(plain, false)];
}

function inversesOf(
  entity: DraftedEntity,
  properties: Names,
  entities: readonly DraftedEntity[],
): readonly DraftedInverse[] {
  return entities.flatMap(({ table, relations }) => {
    const referring = relations.filter(({ target }) => target === entity.table);
    return referring.map((relation) => {
      const isOnly = referring.length === 1 && table !== entity.table;
      const name = isOnly ? table : `${table}_by_${relation.property}`;
      return {
        property: properties.take(propertyName(name)),
        kind: relation.kind === 'oneToOne' ? ('oneToOne' as const) : ('oneToMany' as const),
        target: table,
        inverse: relation.property,
      };
    });
  });
}
