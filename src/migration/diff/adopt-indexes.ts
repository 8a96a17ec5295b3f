import type { DatabaseIndex, DatabaseTable, DatabaseUnique } from '../../schema/database-model.ts';
import { isSayable, sameSet } from './relation-keys.ts';

/** The unique constraints of a table as the database has them. A unique index over plain columns is as good as one. */
export function adoptUniques(old: DatabaseTable, table: DatabaseTable): readonly DatabaseUnique[] {
  const wanted = table.uniques.flatMap((unique) => {
    const same = old.uniques.find((other) => sameColumns(other, unique));
    if (same !== undefined) return [same];
    return old.indexes.some((index) => index.unique && isPlain(index) && sameColumns(columnsOf(index), unique))
      ? []
      : [unique];
  });
  const kept = old.uniques.filter((unique) => !wanted.includes(unique) && !canSay(table, unique.columns));
  return [...wanted, ...kept];
}

/** The indexes of a table as the database has them, given the keys that the table is to have. */
export function adoptIndexes(
  old: DatabaseTable,
  table: DatabaseTable,
  keys: Pick<DatabaseTable, 'primaryKey' | 'uniques'>,
): readonly DatabaseIndex[] {
  const matches = new Map(table.indexes.map((index) => [index, sameIndex(old, index)]));
  const matched = new Set(matches.values());
  const kept = old.indexes.filter((index) => !matched.has(index) && isKept(index, table));
  const standing = { ...keys, indexes: [...kept, ...[...matched].flatMap((index) => index ?? [])] };
  const wanted = table.indexes.flatMap((index) => {
    const same = matches.get(index);
    if (same !== undefined) return [same];
    return isLeftOut(index, old, table, standing) ? [] : [index];
  });
  return [...wanted, ...kept];
}

// How much of a column is in an index, and with which options, is not for an entity to say.
function sameIndex(old: DatabaseTable, index: DatabaseIndex): DatabaseIndex | undefined {
  return old.indexes.find(
    (other) => !other.unique && isPlain(other) && isPlain(index) && sameColumns(columnsOf(other), columnsOf(index)),
  );
}

function isKept(index: DatabaseIndex, table: DatabaseTable): boolean {
  const names = new Set(table.columns.map(({ name }) => name));
  if (!isPlain(index)) return index.parts.every(({ column }) => column === null || names.has(column));
  const { columns } = columnsOf(index);
  if (!columns.every((column) => names.has(column))) return false;
  if (!canSay(table, columns)) return true;
  if (index.unique) return table.uniques.some((unique) => sameColumns(unique, { columns }));
  // One that another serves is what an entity cannot ask for.
  return isServed(columns, table);
}

type Keys = Pick<DatabaseTable, 'primaryKey' | 'uniques' | 'indexes'>;

// A foreign key that the database had without an index goes on without one: nobody asked for it.
function isLeftOut(index: DatabaseIndex, old: DatabaseTable, table: DatabaseTable, standing: Keys): boolean {
  const { columns } = columnsOf(index);
  const isOfKey = [old, table].every(({ foreignKeys }) => foreignKeys.some((key) => sameSet(key.columns, columns)));
  return isOfKey && (isServed(columns, standing) || !isServed(columns, old));
}

/** Whether rows are found by the columns in another way: they are the first ones of a key or an index, in any order. */
function isServed(columns: readonly string[], { primaryKey, uniques, indexes }: Keys): boolean {
  const plain = indexes.filter((index) => isPlain(index) && !sameColumns(columnsOf(index), { columns }));
  return [
    primaryKey?.columns ?? [],
    ...uniques.map((unique) => unique.columns),
    ...plain.map((index) => columnsOf(index).columns),
  ].some((key) => {
    const first = new Set(key.slice(0, columns.length));
    return columns.every((column) => first.has(column));
  });
}

function canSay({ foreignKeys }: DatabaseTable, columns: readonly string[]): boolean {
  return isSayable(
    columns,
    foreignKeys.map((key) => key.columns),
  );
}

/** Whether an entity can declare such an index. */
export function isPlain({ parts, where, method, include }: DatabaseIndex): boolean {
  const isWhole = parts.every(({ column, descending, suffix }) => column !== null && !descending && suffix === null);
  return isWhole && where === null && method === null && include.length === 0;
}

/** The columns of an index that has nothing else. */
export function columnsOf({ parts }: DatabaseIndex): { readonly columns: readonly string[] } {
  return { columns: parts.flatMap(({ column }) => column ?? []) };
}

/** Whether two parts of a table are over the same columns in the same order. */
function sameColumns(
  one: { readonly columns: readonly string[] },
  other: { readonly columns: readonly string[] },
): boolean {
  return (
    one.columns.length === other.columns.length && one.columns.every((column, place) => column === other.columns[place])
  );
}
