import type { SchemaStatement } from '../../compiler/dialect.ts';
import type { SchemaModel } from '../../schema/schema-model.ts';
import { describeTables } from './schema/describe-tables.ts';
import { indexText, tableText } from './schema/table-text.ts';

/**
 * The statements that create what is not there yet. A table that is there is left as it is, whatever its columns: this
 * never alters one.
 */
export function createSchema(schema: SchemaModel): readonly SchemaStatement[] {
  return describeTables(schema).tables.flatMap((table) => [
    { table: table.name, sql: tableText(table, true) },
    ...table.indexes.map((index) => ({ table: table.name, sql: indexText(table.name, index, true) })),
  ]);
}
