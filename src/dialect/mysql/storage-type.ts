import type { ColumnType } from '../../codec/column-type.ts';
import { ConfigurationError } from '../../errors.ts';

/** How a column is stored, and what it means for keys over it. */
export interface Storage {
  readonly sql: string;
  /** Bytes it takes in a key. */
  readonly keyBytes: number;
  /** Characters or bytes of it that an index covers, where it cannot cover all. */
  readonly prefix: number | null;
  /** Whether the type itself refuses what is longer than declared. */
  readonly bounded: boolean;
}

/**
 * A key needs a bounded text; one that is declared without `maxLength` gets this. Three of them and an integer are the
 * most that fits a key, 3,072 bytes with 4 for a character.
 */
const KEYED_LENGTH = 255;

/** The widest VARCHAR outside of a key; together they count against the 65,535 bytes of a row, longer texts do not. */
const WIDEST_VARCHAR = 255;

/** How a column type is stored; `keyed` says that the column is part of a primary, unique or foreign key. */
export function storageOf(type: ColumnType, keyed: boolean): Storage {
  // How long it is in a key is known to the server only.
  if (type.custom !== undefined) return fixed(type.custom.sqlType, 0);
  switch (type.name) {
    case 'integer':
    case 'bigint':
      return fixed('BIGINT', 8);
    case 'boolean':
      return fixed('TINYINT(1)', 1);
    case 'float':
      return fixed('DOUBLE', 8);
    case 'date':
      return fixed('DATE', 3);
    case 'datetime':
      return fixed('DATETIME(3)', 7);
    case 'uuid':
      return fixed('CHAR(36)', 36 * 4);
    case 'decimal':
      return decimal(type);
    case 'bytes':
      return keyed ? fixed(`VARBINARY(${KEYED_LENGTH})`, KEYED_LENGTH) : long('LONGBLOB', KEYED_LENGTH);
    case 'json':
      return text(undefined, keyed);
    case 'text':
      return text(longestOf(type), keyed);
  }
}

function fixed(sql: string, keyBytes: number): Storage {
  return { sql, keyBytes, prefix: null, bounded: true };
}

function long(sql: string, keyBytes: number): Storage {
  return { sql, keyBytes, prefix: KEYED_LENGTH, bounded: false };
}

function text(maxLength: number | undefined, keyed: boolean): Storage {
  const length = maxLength ?? (keyed ? KEYED_LENGTH : Infinity);
  return keyed || length <= WIDEST_VARCHAR
    ? fixed(`VARCHAR(${length})`, length * 4)
    : long('LONGTEXT', KEYED_LENGTH * 4);
}

function longestOf({ values, maxLength }: ColumnType & { readonly name: 'text' }): number | undefined {
  return values === undefined ? maxLength : Math.max(1, ...values.map((value) => [...value].length));
}

function decimal({ precision, scale }: ColumnType & { readonly name: 'decimal' }): Storage {
  // https://dev.mysql.com/doc/refman/8.4/en/fixed-point-types.html
  if (precision > 65 || scale > 30) {
    throw new ConfigurationError(
      `A decimal of ${precision} digits with ${scale} after the point is more than MySQL has: 65 digits, 30 after the point.`,
    );
  }
  return fixed(`DECIMAL(${precision}, ${scale})`, 4 * Math.ceil(precision / 9 + 1));
}
