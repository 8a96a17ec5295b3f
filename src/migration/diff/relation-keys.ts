import type { DatabaseColumn, DatabaseForeignKey, DatabaseModel, DatabaseTable } from '../../schema/database-model.ts';

/** The tables of a database by name. */
export type TablesByName = ReadonlyMap<string, DatabaseTable>;

/** The tables of a model by name. */
export function tablesByName({ tables }: Pick<DatabaseModel, 'tables'>): TablesByName {
  return new Map(tables.map((table) => [table.name, table]));
}

/**
 * The foreign keys of a table that entities can declare as relations: to the whole primary key of a table, over columns of
 * the same types that are nullable all or none, and that no other relation has. All others are the work of somebody else.
 */
export function relationKeys(table: DatabaseTable, tables: TablesByName): readonly DatabaseForeignKey[] {
  const taken = new Set<string>();
  const fitting = table.foreignKeys.filter((key) => relationProblem(key, table, tables) === null);
  // Of two that share a column the longer one says more.
  const chosen = [...fitting]
    .sort((one, other) => other.columns.length - one.columns.length)
    .filter(({ columns }) => {
      if (columns.some((column) => taken.has(column))) return false;
      for (const column of columns) taken.add(column);
      return true;
    });
  return fitting.filter((key) => chosen.includes(key));
}

/** Why entities cannot declare a foreign key as a relation, whatever others there are; null where they can. */
export function relationProblem(key: DatabaseForeignKey, table: DatabaseTable, tables: TablesByName): string | null {
  const target = tables.get(key.referencedTable);
  if (target?.primaryKey == null) return 'it refers to a table without a primary key';
  if (!sameSet(key.referencedColumns, target.primaryKey.columns))
    return 'it refers to something that is no primary key';
  const pairs = key.columns.map((name, place) => [
    columnOf(table, name),
    columnOf(target, key.referencedColumns[place]),
  ]);
  const own = pairs.map(([column]) => column);
  if (pairs.some(([column, referred]) => column?.type !== referred?.type))
    return 'its columns have other types than the key';
  if (own.some((column) => column === undefined || column.computed !== null))
    return 'the database computes its columns';
  const inKey = own.filter((column) => column !== undefined && table.primaryKey?.columns.includes(column.name));
  if (inKey.length > 0 && inKey.length < own.length) return 'a part of it is in the primary key';
  if (inKey.length > 0 && reaches(target, table, tables, new Set())) return 'the primary keys contain each other';
  if (own.some((column) => column !== undefined && column.generated !== null && column.generated !== 'rowid')) {
    return 'the database generates its columns';
  }
  const nullable = own.filter((column) => column?.nullable === true && inKey.length === 0);
  if (nullable.length > 0 && nullable.length < own.length) return 'only some of its columns may be NULL';
  const setsNull = key.onDelete === 'set null' || key.onUpdate === 'set null';
  return setsNull && nullable.length === 0 ? 'it sets columns to NULL that may not be NULL' : null;
}

function columnOf(table: DatabaseTable, name: string | undefined): DatabaseColumn | undefined {
  return table.columns.find((column) => column.name === name);
}

/** Whether two lists name the same columns, in any order. */
export function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((column) => other.includes(column));
}

/** Whether the primary key of `from` contains that of `to`, by way of foreign keys. */
function reaches(from: DatabaseTable, to: DatabaseTable, tables: TablesByName, seen: Set<DatabaseTable>): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return from.foreignKeys.some(({ columns, referencedTable }) => {
    const next = tables.get(referencedTable);
    const isInKey = columns.every((column) => from.primaryKey?.columns.includes(column));
    return isInKey && next !== undefined && reaches(next, to, tables, seen);
  });
}

/**
 * Whether an entity can say a list of columns, as of an index: a foreign key of several columns stands in it as a whole, in
 * the order of the key that it refers to.
 */
export function isSayable(columns: readonly string[], relations: readonly (readonly string[])[]): boolean {
  const composite = relations.filter((relation) => relation.length > 1);
  for (let place = 0; place < columns.length; place++) {
    const name = columns[place];
    const relation = composite.find((group) => name !== undefined && group.includes(name));
    if (relation === undefined) continue;
    if (!relation.every((column, distance) => columns[place + distance] === column)) return false;
    place += relation.length - 1;
  }
  return true;
}
