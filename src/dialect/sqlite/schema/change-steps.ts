import type { MigrationStep } from '../../../schema/migration-step.ts';
import type { AlterTable, SchemaChange, TableChange } from '../../../schema/schema-change.ts';
import { orderRenames, type Rename } from '../../order-renames.ts';
import { quote } from '../quote.ts';
import { alterInPlace } from './alter-in-place.ts';
import { rebuildTable } from './rebuild-table.ts';
import { indexText, tableText } from './table-text.ts';

/** The statements that make the changes: tables get their names, are created, changed, and dropped at the end. */
export function changeSteps(changes: readonly SchemaChange[]): readonly MigrationStep[] {
  const of = <K extends SchemaChange['kind']>(kind: K) =>
    changes.filter((change): change is Extract<SchemaChange, { kind: K }> => change.kind === kind);
  return [
    ...orderRenames(of('rename-table')).map(({ from, to }) => `ALTER TABLE ${quote(from)} RENAME TO ${quote(to)}`),
    ...of('create-table').flatMap(({ table }) => [
      tableText(table),
      ...table.indexes.map((index) => indexText(table.name, index)),
      ...table.triggers,
    ]),
    ...of('alter-table').flatMap(alterTable),
    // A table takes rows along that refer to it, unless foreign keys are off.
    ...of('drop-table').map(({ table }) => ({ rebuild: table.name, statements: [`DROP TABLE ${quote(table.name)}`] })),
  ];
}

function alterTable(change: AlterTable): readonly MigrationStep[] {
  const { name } = change.after;
  const renames = change.changes.filter(isRename);
  const renamed = orderRenames(renames).map(
    ({ from, to }) => `ALTER TABLE ${quote(name)} RENAME COLUMN ${quote(from)} TO ${quote(to)}`,
  );
  const rest = { ...change, changes: change.changes.filter((one) => !isRename(one)) };
  return [...renamed, ...(alterInPlace(rest) ?? [rebuildTable(rest)])];
}

function isRename(change: TableChange): change is TableChange & Rename {
  return change.kind === 'rename-column';
}
