import type { DatabaseForeignKey, DatabaseTable } from '../../../schema/database-model.ts';
import type { MigrationStep } from '../../../schema/migration-step.ts';
import type { AlterTable, SchemaChange } from '../../../schema/schema-change.ts';
import { foreignKeyText } from '../../constraint-text.ts';
import { planDrops } from '../../drop-tables.ts';
import { orderRenames } from '../../order-renames.ts';
import { remakeForeignKeys } from '../../remake-foreign-keys.ts';
import { changesOf, schemaChangesOf } from '../../table-changes.ts';
import { quote } from '../quote.ts';
import { alterTable, alterText } from './alter-table.ts';
import { isRetyped, prepareAlter } from './prepare-alter.ts';
import { tableText } from './table-text.ts';

/**
 * The statements that make the changes, each of which the server commits by itself: foreign keys that are in the way go
 * first, then things are renamed, then each table changes in one ALTER TABLE, and foreign keys come last. One statement
 * for a table is all or nothing, reads its rows once, and lets an index go that another one replaces.
 */
export function changeSteps(changes: readonly SchemaChange[]): readonly MigrationStep[] {
  const renames = schemaChangesOf(changes, 'rename-table');
  const formerly = new Map(renames.map(({ from, to }) => [to, from]));
  const former = ({ after }: AlterTable) => formerly.get(after.name) ?? after.name;
  const created = schemaChangesOf(changes, 'create-table').map(({ table }) => table);
  const drops = planDrops(schemaChangesOf(changes, 'drop-table').map(({ table }) => table));
  const prepared = schemaChangesOf(changes, 'alter-table').map(prepareAlter);
  const alters = withRemadeKeys(prepared.map(({ alter }) => alter));
  return [
    ...alters.flatMap((alter) =>
      changesOf(alter, 'drop-foreign-key', 'rename-foreign-key').map((change) =>
        dropForeignKey(former(alter), change.kind === 'drop-foreign-key' ? change.foreignKey : change.from),
      ),
    ),
    ...drops.foreignKeys.map(({ table, foreignKey }) => dropForeignKey(table, foreignKey)),
    ...drops.tables.map(({ name }) => `DROP TABLE ${quote(name)}`),
    ...prepared.flatMap(({ alter, early }) => (early.length === 0 ? [] : [alterText(former(alter), early)])),
    ...renameTables(orderRenames(renames)),
    ...alters.flatMap((alter) =>
      orderRenames(changesOf(alter, 'rename-column')).map(
        ({ from, to }) => `ALTER TABLE ${quote(alter.after.name)} RENAME COLUMN ${quote(from)} TO ${quote(to)}`,
      ),
    ),
    ...created.map((table) => tableText('CREATE TABLE', table, [])),
    ...alters.flatMap(alterTable),
    ...alters.flatMap((alter) =>
      changesOf(alter, 'add-foreign-key', 'rename-foreign-key').map((change) =>
        addForeignKey(alter.after, change.kind === 'add-foreign-key' ? change.foreignKey : change.to),
      ),
    ),
    ...created.flatMap((table) => table.foreignKeys.map((key) => addForeignKey(table, key))),
    ...created.flatMap(({ triggers }) => triggers),
  ];
}

function dropForeignKey(table: string, { name }: DatabaseForeignKey): string {
  return `ALTER TABLE ${quote(table)} DROP FOREIGN KEY ${quote(name ?? '')}`;
}

function addForeignKey({ name }: DatabaseTable, key: DatabaseForeignKey): string {
  return `ALTER TABLE ${quote(name)} ADD ${foreignKeyText(quote, key)}`;
}

function renameTables(renames: readonly { readonly from: string; readonly to: string }[]): readonly string[] {
  if (renames.length === 0) return [];
  return [`RENAME TABLE ${renames.map(({ from, to }) => `${quote(from)} TO ${quote(to)}`).join(', ')}`];
}

/** The server refuses to change a column, or to drop an index, that a foreign key stands on. */
function withRemadeKeys(alters: readonly AlterTable[]): readonly AlterTable[] {
  const retyped = new Set<string>();
  const gone: { readonly table: string; readonly columns: readonly (string | null)[] }[] = [];
  for (const alter of alters) {
    const table = alter.after.name;
    for (const { before, after } of changesOf(alter, 'alter-column')) {
      if (isRetyped(alter, before, after)) retyped.add(JSON.stringify([table, after.name]));
    }
    for (const { unique } of changesOf(alter, 'drop-unique')) gone.push({ table, columns: unique.columns });
    for (const { before } of changesOf(alter, 'alter-primary-key'))
      gone.push({ table, columns: before?.columns ?? [] });
    for (const { index } of changesOf(alter, 'drop-index')) {
      gone.push({ table, columns: index.parts.map(({ column }) => column) });
    }
  }
  const has = (table: string, columns: readonly string[]) =>
    columns.some((column) => retyped.has(JSON.stringify([table, column])));
  return remakeForeignKeys(
    alters,
    (table, { columns, referencedTable, referencedColumns }) =>
      has(table, columns) ||
      has(referencedTable, referencedColumns) ||
      gone.some(
        (key) => key.table === referencedTable && referencedColumns.every((name, place) => key.columns[place] === name),
      ),
  );
}
