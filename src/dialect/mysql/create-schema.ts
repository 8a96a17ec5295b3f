import type { DatabaseModel } from '../../schema/database-model.ts';
import type { SchemaModel } from '../../schema/schema-model.ts';
import { describeTables } from './schema/describe-tables.ts';
import { tableText } from './schema/table-text.ts';

/**
 * The statements that create what is not there yet, each table with its indexes. A table that is there is left as it is,
 * whatever its columns: this never alters one. The server commits after each statement, so that a failure leaves the tables
 * before it.
 */
export function createSchema(schema: SchemaModel): readonly { readonly table: string; readonly sql: string }[] {
  const model = describeTables(schema);
  const tables = model.tables.map((table) => ({
    table: table.name,
    sql: tableText('CREATE TABLE IF NOT EXISTS', table, table.foreignKeys),
  }));
  const [first] = tables;
  if (first === undefined || !refersAhead(model)) return tables;
  // Of tables that refer to each other in a circle one has to be created before that which it refers to.
  const check = (on: 0 | 1) => ({ table: first.table, sql: `SET SESSION foreign_key_checks = ${on}` });
  return [check(0), ...tables, check(1)];
}

function refersAhead({ tables }: DatabaseModel): boolean {
  const created = new Set<string>();
  return tables.some(({ name, foreignKeys }) => {
    created.add(name);
    return foreignKeys.some(({ referencedTable }) => !created.has(referencedTable));
  });
}
