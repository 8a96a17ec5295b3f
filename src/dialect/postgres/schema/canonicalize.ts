import type { RunStatement } from '../../../compiler/schema-dialect.ts';
import type { DatabaseModel, DatabaseTable } from '../../../schema/database-model.ts';
import { byName } from '../../by-name.ts';
import { quote } from '../quote.ts';
import { TEMPORARY_SCHEMA } from './catalog-queries.ts';
import { inspectTables } from './inspect-tables.ts';
import { indexText, tableText } from './table-text.ts';

/**
 * The model as the server writes it back. Each table is created as a temporary one, which needs no other right and locks
 * nothing; its names are those of the tables to come, because the server makes names of them. What a temporary table cannot
 * have, or what says nothing in other words, is taken over: foreign keys, comments and triggers. `run` runs in a transaction
 * that is rolled back, so that temporary tables of the session are there again after it.
 */
export async function canonicalize(model: DatabaseModel, run: RunStatement): Promise<DatabaseModel> {
  for (const table of model.tables) {
    // Named with its schema: where search_path says so, another one would be found first.
    const temporary = `pg_temp.${quote(table.name)}`;
    await run(`DROP TABLE IF EXISTS ${temporary}`);
    await run(tableText('CREATE TEMPORARY TABLE', table, []));
    for (const index of table.indexes) await run(indexText(temporary, index));
  }
  const { tables } = await inspectTables(run, TEMPORARY_SCHEMA);
  const inspected = new Map(tables.map((table) => [table.name, table]));
  return {
    ...model,
    tables: byName(model.tables).map((table) => completed(inspected.get(table.name) ?? table, table)),
  };
}

function completed(inspected: DatabaseTable, given: DatabaseTable): DatabaseTable {
  const comments = new Map(given.columns.map((column) => [column.name, column.comment]));
  return {
    ...inspected,
    columns: inspected.columns.map((column) => ({ ...column, comment: comments.get(column.name) ?? null })),
    foreignKeys: byName(given.foreignKeys),
    comment: given.comment,
    options: given.options,
    triggers: given.triggers,
  };
}
