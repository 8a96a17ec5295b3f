import type { SqlText } from '../codec/column.ts';
import { ConfigurationError } from '../errors.ts';
import type { ColumnModel } from '../schema/schema-model.ts';

/** The SQL that was declared for a dialect. Throws `configuration` where there is none. */
function sqlTextOf(text: SqlText, dialect: string, table: string, column: string): string {
  const own = typeof text === 'string' ? text : Object.hasOwn(text, dialect) ? text[dialect] : undefined;
  if (typeof own === 'string' && own.trim() !== '') return own;
  throw new ConfigurationError(
    `${table}.${column}: the column has no SQL for the dialect '${dialect}'; add it by that name`,
    {
      entity: table,
    },
  );
}

/**
 * What a column says of the database's part in it: `DEFAULT (…)`, or `GENERATED ALWAYS AS (…) STORED` where it is computed.
 * Null where the database has none.
 */
export function databaseText(dialect: string, table: string, { name, default: filled }: ColumnModel): string | null {
  if (filled?.kind !== 'database') return null;
  const sql = sqlTextOf(filled.sql, dialect, table, name);
  return filled.computed === null
    ? `DEFAULT (${sql})`
    : `GENERATED ALWAYS AS (${sql}) ${filled.computed.toUpperCase()}`;
}
