import type { DatabaseAction, DatabaseForeignKey, DatabaseTable } from '../../schema/database-model.ts';
import { relationKeys, type TablesByName } from './relation-keys.ts';
import { sameContent } from './same-content.ts';

/** The foreign keys of a table as the database has them, with those that entities cannot declare. */
export function adoptForeignKeys(
  old: DatabaseTable,
  table: DatabaseTable,
  current: TablesByName,
  target: TablesByName,
): readonly DatabaseForeignKey[] {
  const wanted = table.foreignKeys.map((key) => old.foreignKeys.find((other) => isSameKey(other, key)) ?? key);
  const declarable = new Set(relationKeys(old, current));
  const kept = old.foreignKeys.filter(
    (key) => !declarable.has(key) && !wanted.includes(key) && isStanding(key, table, target),
  );
  return [...wanted, ...kept];
}

/** Whether all that a foreign key of a table speaks of is there. */
export function isStanding(
  { columns, referencedTable, referencedColumns }: DatabaseForeignKey,
  table: DatabaseTable,
  target: TablesByName,
): boolean {
  const has = (owner: DatabaseTable | undefined, names: readonly string[]) =>
    names.every((name) => owner?.columns.some((column) => column.name === name) === true);
  return has(table, columns) && has(target.get(referencedTable), referencedColumns);
}

// The order in which the columns are told says nothing, and neither does when the key is checked.
function isSameKey(old: DatabaseForeignKey, wanted: DatabaseForeignKey): boolean {
  const onDelete = sayable(old.onDelete);
  const onUpdate = sayable(old.onUpdate);
  return sameContent(pairs({ ...old, onDelete, onUpdate, deferral: wanted.deferral }), pairs(wanted));
}

function pairs({ columns, referencedColumns, ...key }: DatabaseForeignKey): object {
  return { ...key, pairs: columns.map((column, place) => `${column}\0${referencedColumns[place]}`).sort() };
}

/** The action that an entity would declare; what it has no word for stands where it declares none. */
export function sayable(action: DatabaseAction): 'no action' | 'cascade' | 'set null' {
  return action === 'cascade' || action === 'set null' ? action : 'no action';
}
