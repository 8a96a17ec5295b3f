import type { DatabaseColumn, DatabaseForeignKey, DatabaseModel, DatabaseTable } from '../../schema/database-model.ts';
import { isPlain } from '../diff/adopt-indexes.ts';
import { relationProblem, type TablesByName } from '../diff/relation-keys.ts';
import type { PlannedRelations } from './plan-relations.ts';

/** What entities cannot say of a database, and so leave as it is: a line for each. */
export function tellUnsaid(
  { tables, unmanaged }: DatabaseModel,
  mapped: TablesByName,
  relations: PlannedRelations,
): readonly string[] {
  return [
    ...tables.flatMap((table) =>
      mapped.has(table.name)
        ? ofTable(table, mapped, relations)
        : [`${table.name}: no entity: the table has no primary key`],
    ),
    ...unmanaged.map(({ kind, name }) => `${kind} ${name}: left alone`),
  ];
}

function ofTable(table: DatabaseTable, mapped: TablesByName, relations: PlannedRelations): readonly string[] {
  const said = relations.of(table).map(({ key }) => key);
  const notes = [
    ...table.foreignKeys.flatMap((key) => ofKey(key, said.includes(key), table, mapped)),
    ...table.columns.flatMap((column) =>
      ofColumn(
        column,
        table,
        said.some(({ columns }) => columns.includes(column.name)),
      ),
    ),
    ...table.indexes
      .filter((index) => !isPlain(index))
      .map(({ name }) => `the index ${name} is no plain one and is not said`),
  ];
  return notes.map((note) => `${table.name}: ${note}`);
}

function ofKey(
  key: DatabaseForeignKey,
  isSaid: boolean,
  table: DatabaseTable,
  mapped: TablesByName,
): readonly string[] {
  const what = `the foreign key ${key.columns.join(', ')}`;
  if (!isSaid) {
    return [`${what} is no relation: ${relationProblem(key, table, mapped) ?? 'another relation has its columns'}`];
  }
  const action = [key.onDelete, key.onUpdate].find((one) => one === 'set default');
  return action === undefined ? [] : [`${what} has the action ${action}, which is not said`];
}

function ofColumn(column: DatabaseColumn, { primaryKey }: DatabaseTable, isInRelation: boolean): readonly string[] {
  const { name, generated, default: value, onUpdate } = column;
  const key = primaryKey?.columns ?? [];
  const isKey = key.includes(name);
  const notes: string[] = [];
  if (generated !== null && !(isKey && key.length === 1)) {
    notes.push(`that the database generates ${name} is not said; only a key of one column can be`);
  }
  if (value !== null && (isKey || isInRelation)) notes.push(`the default of ${name} is not said: ${value}`);
  if (onUpdate !== null) notes.push(`what each update sets ${name} to is not said: ${onUpdate}`);
  return notes;
}
