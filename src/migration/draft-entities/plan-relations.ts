import type { DatabaseForeignKey, DatabaseTable } from '../../schema/database-model.ts';
import { relationKeys, sameSet, type TablesByName } from '../diff/relation-keys.ts';

/** A foreign key that becomes a relation. */
export interface PlannedRelation {
  readonly key: DatabaseForeignKey;
  readonly primaryKey: boolean;
}

/** The relations that the tables of a database are to have. */
export interface PlannedRelations {
  of(table: DatabaseTable): readonly PlannedRelation[];
  /** The columns of a table's primary key in the order that its entity has them: scalar ones, then those of relations. */
  keyOf(table: string): readonly string[];
  /** The columns of a relation, in the order of the key that it refers to. */
  columnsOf(key: DatabaseForeignKey): readonly string[];
}

/** Plans the relations of tables that have primary keys. */
export function planRelations(tables: TablesByName): PlannedRelations {
  const planned = new Map(
    [...tables.values()].map((table) => [
      table.name,
      relationKeys(table, tables).map((key) => ({
        key,
        primaryKey: key.columns.every((column) => table.primaryKey?.columns.includes(column)),
      })),
    ]),
  );
  const of = ({ name }: Pick<DatabaseTable, 'name'>) => planned.get(name) ?? [];
  const keyOf = (name: string): readonly string[] => {
    const table = tables.get(name);
    if (table?.primaryKey == null) return [];
    const key = new Set(table.primaryKey.columns);
    const relations = of(table).filter(({ primaryKey }) => primaryKey);
    const inRelations = new Set(relations.flatMap((relation) => relation.key.columns));
    const scalar = table.columns
      .map((column) => column.name)
      .filter((column) => key.has(column) && !inRelations.has(column));
    // No primary key contains itself, or it would be no relation.
    return [...scalar, ...relations.flatMap((relation) => columnsOf(relation.key))];
  };
  const columnsOf = ({ columns, referencedColumns, referencedTable }: DatabaseForeignKey): readonly string[] =>
    keyOf(referencedTable).flatMap((name) => columns[referencedColumns.indexOf(name)] ?? []);
  return { of, keyOf, columnsOf };
}

/** Whether a list of columns is that of a relation. */
export function isRelation({ key }: PlannedRelation, columns: readonly string[]): boolean {
  return sameSet(key.columns, columns);
}
