import { toHex } from '../codec/hex.ts';
import { ConfigurationError } from '../errors.ts';
import type { DatabaseCheck, DatabaseColumn, DatabaseTable } from '../schema/database-model.ts';
import type { ColumnModel, TableModel } from '../schema/schema-model.ts';
import type { WireValue } from '../wire/wire-value.ts';
import { plainIndex } from './plain-index.ts';

/** What each dialect says of a table in its own words. */
export interface OwnWords {
  readonly columns: readonly DatabaseColumn[];
  readonly checks: readonly DatabaseCheck[];
  readonly options: readonly string[];
}

/** A table that a schema asks for: its keys and indexes are the same on every engine. */
export function describeTable(
  { name, primaryKey, uniques, foreignKeys, indexes }: TableModel,
  own: OwnWords,
): DatabaseTable {
  return {
    name,
    columns: own.columns,
    primaryKey: { name: null, columns: primaryKey },
    uniques: uniques.map((unique) => ({ ...unique, deferral: 'immediate', nullsEqual: false })),
    checks: own.checks,
    foreignKeys: foreignKeys.map((key) => ({ ...key, deferral: 'immediate' })),
    indexes: indexes.map((index) => plainIndex(index.name, index.columns)),
    comment: null,
    options: own.options,
    triggers: [],
  };
}

/** The present instant in a dialect's words for the type of a column, which is `column` in messages. Throws `configuration`. */
export function presentInstant(
  column: string,
  { type }: ColumnModel,
  words: { readonly datetime: string; readonly date: string },
): string {
  if (type.name === 'datetime' || type.name === 'date') return words[type.name];
  throw new ConfigurationError(
    `The column '${column}' has the present instant as its default, but is of type ${type.name}.`,
  );
}

/** A wire value as a literal, on engines where a boolean is a number; `textLiteral` is the dialect's. */
export function plainLiteral(value: WireValue, textLiteral: (text: string) => string): string {
  switch (typeof value) {
    case 'string':
      return textLiteral(value);
    case 'boolean':
      return value ? '1' : '0';
    case 'object':
      return value === null ? 'NULL' : `x'${toHex(value)}'`;
    default:
      return String(value);
  }
}
