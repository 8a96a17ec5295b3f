import { type DatabaseColumn, type DatabaseTable, inspectDatabase, isOwnTable } from '../../src/migration/index.ts';
import type { CommandContext } from '../command-context.ts';
import type { Output } from '../output.ts';

/** Tells what is in the database: tables with their columns, keys and indexes, and what migrations leave alone. */
export async function inspectSchema(context: CommandContext): Promise<void> {
  const { output } = context;
  const model = await context.withDatabase((db) => inspectDatabase(db));
  for (const table of model.tables) if (!isOwnTable(table)) tellTable(output, table);
  for (const { name } of model.tables.filter(isOwnTable)) output.line(output.colors.dim(`${name}: kept by Meshestra`));
  for (const { kind, name } of model.unmanaged) output.line(output.colors.dim(`${kind} ${name}: left alone`));
  output.result(model);
}

function tellTable({ line, colors }: Output, table: DatabaseTable): void {
  line(colors.bold(table.name));
  for (const column of table.columns) {
    line(`  ${column.name} ${colors.cyan(column.type)} ${notesOf(table, column).join(', ')}`.trimEnd());
  }
  for (const { columns, referencedTable } of table.foreignKeys) line(`  ${columns.join(', ')} -> ${referencedTable}`);
  for (const { name, unique } of table.indexes) line(`  ${unique ? 'unique ' : ''}index ${name}`);
}

function notesOf({ primaryKey }: DatabaseTable, { name, nullable, default: value }: DatabaseColumn): string[] {
  const notes = [primaryKey?.columns.includes(name) === true ? 'key' : '', nullable ? 'NULL' : ''];
  return [...notes, value === null ? '' : `default ${value}`].filter((note) => note !== '');
}
