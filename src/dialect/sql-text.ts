import type { SqlText } from '../codec/column.ts';
import { ConfigurationError } from '../errors.ts';

/** The SQL that was declared for a dialect. Throws `configuration` where there is none. */
export function sqlTextOf(text: SqlText, dialect: string, table: string, column: string): string {
  const own = typeof text === 'string' ? text : Object.hasOwn(text, dialect) ? text[dialect] : undefined;
  if (typeof own === 'string' && own.trim() !== '') return own;
  throw new ConfigurationError(
    `${table}.${column}: the column has no SQL for the dialect '${dialect}'; add it by that name`,
    {
      entity: table,
    },
  );
}
