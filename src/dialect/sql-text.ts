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

/** The database's part in a column: an expression for new rows, or one that the column is computed from. */
export interface DatabaseExpression {
  readonly expression: string;
  readonly computed: 'stored' | 'virtual' | null;
}

/** The expression that was declared for a dialect; null where the database has no part in the column. */
export function databaseExpression(
  dialect: string,
  table: string,
  { name, default: filled }: ColumnModel,
): DatabaseExpression | null {
  if (filled?.kind !== 'database') return null;
  return { expression: sqlTextOf(filled.sql, dialect, table, name), computed: filled.computed };
}
