import type { DatabaseColumn, DatabaseTable } from '../../../schema/database-model.ts';
import type { MigrationStep } from '../../../schema/migration-step.ts';
import type { AlterTable, SchemaChange } from '../../../schema/schema-change.ts';
import { checkText, foreignKeyText } from '../../constraint-text.ts';
import { planDrops } from '../../drop-tables.ts';
import { mentions } from '../../mentions.ts';
import { orderRenames, type Rename } from '../../order-renames.ts';
import { remakeForeignKeys } from '../../remake-foreign-keys.ts';
import { replaceColumns } from '../../replace-columns.ts';
import { changesOf, schemaChangesOf } from '../../table-changes.ts';
import { quote, textLiteral } from '../quote.ts';
import { addColumn, alterColumn, commentOnColumn, isRetyped } from './alter-column.ts';
import { splitOnline } from './online-steps.ts';
import { indexText, primaryKeyText, storageParameters, tableText, UNLOGGED, uniqueText } from './table-text.ts';

/**
 * The statements that make the changes. What goes is dropped while things have their old names; then things are renamed;
 * then columns change, and what is new comes: foreign keys last, because they may form a circle.
 */
export function changeSteps(changes: readonly SchemaChange[], online: boolean): readonly MigrationStep[] {
  const renames = schemaChangesOf(changes, 'rename-table');
  const formerly = new Map(renames.map(({ from, to }) => [to, from]));
  const whole = withRemadeKeys(schemaChangesOf(changes, 'alter-table').map(withReplacedColumns));
  const split = online ? whole.map(splitOnline) : [];
  const alters = online ? split.map(({ rest }) => rest) : whole;
  const created = schemaChangesOf(changes, 'create-table').map(({ table }) => table);
  const drops = planDrops(schemaChangesOf(changes, 'drop-table').map(({ table }) => table));
  const former = ({ after }: AlterTable) => formerly.get(after.name) ?? after.name;
  return [
    ...alters.flatMap((alter) =>
      changesOf(alter, 'drop-foreign-key').map(({ foreignKey }) => dropConstraint(former(alter), foreignKey.name)),
    ),
    ...drops.foreignKeys.map(({ table, foreignKey }) => dropConstraint(table, foreignKey.name)),
    ...drops.tables.map(({ name }) => `DROP TABLE ${quote(name)}`),
    ...alters.flatMap((alter) => dropConstraints(former(alter), alter)),
    ...orderRenames(renames).map(({ from, to }) => `ALTER TABLE ${quote(from)} RENAME TO ${quote(to)}`),
    ...renameIndexes(alters),
    ...alters.flatMap(renameConstraints),
    ...alters.flatMap(changeColumns),
    ...created.map((table) => tableText('CREATE TABLE', table, [])),
    ...alters.flatMap(addConstraints),
    ...created.flatMap((table) => table.indexes.map((index) => indexText(quote(table.name), index))),
    ...alters.flatMap((alter) =>
      changesOf(alter, 'add-foreign-key').map(({ foreignKey }) =>
        alterTable(alter.after.name, `ADD ${foreignKeyText(quote, foreignKey)}`),
      ),
    ),
    ...created.flatMap((table) =>
      table.foreignKeys.map((key) => alterTable(table.name, `ADD ${foreignKeyText(quote, key)}`)),
    ),
    ...alters.flatMap(changeOptions),
    ...created.flatMap(completeTable),
    ...split.flatMap(({ uniques }) => uniques),
    ...split.flatMap(({ others }) => others),
  ];
}

function alterTable(table: string, action: string): string {
  return `ALTER TABLE ${quote(table)} ${action}`;
}

function dropConstraint(table: string, name: string | null): string {
  return alterTable(table, `DROP CONSTRAINT ${quote(name ?? '')}`);
}

/**
 * A computed column cannot get another expression before PostgreSQL 17, nor can a column that it is computed from get
 * another type: it is dropped and added again.
 */
function withReplacedColumns(alter: AlterTable): AlterTable {
  const altered = changesOf(alter, 'alter-column');
  const retyped = altered.filter(({ before, after }) => isRetyped(before, after));
  const recomputed = altered.filter(
    ({ before, after }) =>
      after.computed !== null &&
      (before.computed?.expression !== after.computed.expression || before.computed.stored !== after.computed.stored),
  );
  const known = new Set(alter.before.columns.map(({ name }) => name));
  const dependent = alter.after.columns.filter(
    ({ name, computed }) =>
      computed !== null &&
      known.has(name) &&
      retyped.some((other) => other.after.name === name || mentions(computed.expression, other.after.name)),
  );
  return replaceColumns(
    alter,
    new Set([...recomputed.map(({ after }) => after.name), ...dependent.map(({ name }) => name)]),
  );
}

/** A foreign key stands on a constraint of the table it refers to, and goes before that does. */
function withRemadeKeys(alters: readonly AlterTable[]): readonly AlterTable[] {
  const gone = alters.flatMap((alter) => [
    ...changesOf(alter, 'drop-unique').map(({ unique }) => keyOf(alter.after.name, unique.columns)),
    ...changesOf(alter, 'alter-primary-key')
      .filter((change) => isAnother(change))
      .map(({ before }) => keyOf(alter.after.name, before?.columns ?? [])),
  ]);
  return remakeForeignKeys(alters, (_, { referencedTable, referencedColumns }) =>
    gone.includes(keyOf(referencedTable, referencedColumns)),
  );
}

function keyOf(table: string, columns: readonly string[]): string {
  return JSON.stringify([table, [...columns].sort()]);
}

type PrimaryKeyChange = ReturnType<typeof changesOf<'alter-primary-key'>>[number];

/** Whether it is a key over other columns, and not the same one with another name. */
function isAnother({ before, after }: PrimaryKeyChange): boolean {
  return JSON.stringify(before?.columns) !== JSON.stringify(after?.columns);
}

function dropConstraints(table: string, alter: AlterTable): readonly string[] {
  return [
    ...changesOf(alter, 'drop-index').map(({ index }) => `DROP INDEX ${quote(index.name)}`),
    ...changesOf(alter, 'drop-check').map(({ check }) => dropConstraint(table, check.name)),
    ...changesOf(alter, 'drop-unique').map(({ unique }) => dropConstraint(table, unique.name)),
    ...changesOf(alter, 'alter-primary-key')
      .filter((change) => change.before !== null && isAnother(change))
      .map(({ before }) => dropConstraint(table, before?.name ?? `${table}_pkey`)),
  ];
}

/** Names of indexes, and of constraints that have one, are the schema's: they may change places between tables. */
function renameIndexes(alters: readonly AlterTable[]): readonly string[] {
  const pair = (from: string | null, to: string | null): Rename[] =>
    from === null || to === null ? [] : [{ from, to }];
  const renames = alters.flatMap((alter) => [
    ...changesOf(alter, 'rename-index', 'rename-unique').flatMap(({ from, to }) => pair(from.name, to.name)),
    ...changesOf(alter, 'alter-primary-key')
      .filter((change) => !isAnother(change))
      .flatMap(({ before, after }) => pair(before?.name ?? null, after?.name ?? null)),
  ]);
  return orderRenames(renames).map(({ from, to }) => `ALTER INDEX ${quote(from)} RENAME TO ${quote(to)}`);
}

function renameConstraints(alter: AlterTable): readonly string[] {
  const renames = changesOf(alter, 'rename-check', 'rename-foreign-key').flatMap(({ from, to }) =>
    from.name === null || to.name === null ? [] : [{ from: from.name, to: to.name }],
  );
  return orderRenames(renames).map(({ from, to }) =>
    alterTable(alter.after.name, `RENAME CONSTRAINT ${quote(from)} TO ${quote(to)}`),
  );
}

function changeColumns(alter: AlterTable): readonly string[] {
  const { after: table } = alter;
  // Computed columns go before, and come after, those that they are computed from.
  const added = changesOf(alter, 'add-column');
  const dropped = changesOf(alter, 'drop-column').map(({ column }) => column);
  const comesAgain = ({ name }: DatabaseColumn) => added.some(({ column }) => column.name === name);
  return [
    ...orderRenames(changesOf(alter, 'rename-column')).map(({ from, to }) =>
      alterTable(table.name, `RENAME COLUMN ${quote(from)} TO ${quote(to)}`),
    ),
    ...dropColumns(table, dropped.filter(comesAgain)),
    ...changesOf(alter, 'alter-column').flatMap(({ before, after, fill }) => alterColumn(table, before, after, fill)),
    // What fills a new column may be what took the place of NULL in another one.
    ...added
      .filter(({ column }) => column.computed === null)
      .flatMap(({ column, fill }) => addColumn(table, column, fill)),
    ...added.filter(({ column }) => column.computed !== null).flatMap(({ column }) => addColumn(table, column, null)),
    // Until here others may have been filled from what goes.
    ...dropColumns(
      table,
      dropped.filter((column) => !comesAgain(column)),
    ),
  ];
}

function dropColumns({ name }: DatabaseTable, columns: readonly DatabaseColumn[]): readonly string[] {
  return [...columns]
    .sort((left, right) => Number(right.computed !== null) - Number(left.computed !== null))
    .map((column) => alterTable(name, `DROP COLUMN ${quote(column.name)}`));
}

function addConstraints(alter: AlterTable): readonly string[] {
  const { name } = alter.after;
  return [
    ...changesOf(alter, 'alter-primary-key')
      .filter(isAnother)
      .flatMap(({ after }) => (after === null ? [] : [alterTable(name, `ADD ${primaryKeyText(after)}`)])),
    ...changesOf(alter, 'add-unique').map(({ unique }) => alterTable(name, `ADD ${uniqueText(unique)}`)),
    ...changesOf(alter, 'add-check').map(({ check }) => alterTable(name, `ADD ${checkText(quote, check)}`)),
    ...changesOf(alter, 'add-index').map(({ index }) => indexText(quote(name), index)),
  ];
}

function changeOptions(alter: AlterTable): readonly string[] {
  const { name } = alter.after;
  return [
    ...changesOf(alter, 'alter-options').flatMap(({ before, after }) => [
      ...(before.includes(UNLOGGED) === after.includes(UNLOGGED)
        ? []
        : [alterTable(name, after.includes(UNLOGGED) ? 'SET UNLOGGED' : 'SET LOGGED')]),
      ...setParameters(name, storageParameters(before), storageParameters(after)),
    ]),
    ...changesOf(alter, 'alter-comment').map(({ after }) => commentOnTable(name, after)),
  ];
}

function setParameters(table: string, before: readonly string[], after: readonly string[]): readonly string[] {
  const nameOf = (parameter: string) => parameter.replace(/=.*$/s, '');
  const set = after.filter((parameter) => !before.includes(parameter));
  const kept = new Set(after.map(nameOf));
  const reset = before.map(nameOf).filter((parameter) => !kept.has(parameter));
  return [
    ...(set.length === 0 ? [] : [alterTable(table, `SET (${set.join(', ')})`)]),
    ...(reset.length === 0 ? [] : [alterTable(table, `RESET (${reset.join(', ')})`)]),
  ];
}

function commentOnTable(table: string, comment: string | null): string {
  return `COMMENT ON TABLE ${quote(table)} IS ${comment === null ? 'NULL' : textLiteral(comment)}`;
}

function completeTable({ name, comment, columns, triggers }: DatabaseTable): readonly string[] {
  return [
    ...(comment === null ? [] : [commentOnTable(name, comment)]),
    ...columns.filter((column) => column.comment !== null).map((column) => commentOnColumn(name, column)),
    ...triggers,
  ];
}
