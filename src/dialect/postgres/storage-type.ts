import type { ColumnType } from '../../codec/column-type.ts';

/**
 * The type that values of a column type have in expressions: without length, precision and collation, which belong to a
 * column.
 */
export function castType({ name }: ColumnType): string {
  switch (name) {
    // A number of JavaScript may have 53 bits on every engine.
    case 'integer':
    case 'bigint':
      return 'bigint';
    case 'float':
      return 'double precision';
    case 'decimal':
      return 'numeric';
    case 'datetime':
      return 'timestamptz';
    case 'json':
      return 'jsonb';
    case 'bytes':
      return 'bytea';
    default:
      return name;
  }
}

/**
 * The value that a column stores, over the SQL of a wire value. Without a conversion of its own a custom type is cast to: an
 * array or a list of texts is none of its values otherwise.
 */
export function storedValue(wire: string, type: ColumnType): string {
  const { custom } = type;
  if (custom === undefined) return wire;
  return custom.write === null ? `${wire}::${custom.sqlType}` : custom.write(`${wire}::${castType(type)}`);
}

/** How a column is stored. */
export interface Storage {
  readonly type: string;
  /** What stands behind COLLATE. */
  readonly collation: string | null;
}

/**
 * The type of a column. Texts are compared by their bytes, as every other engine here does, whatever the database's locale
 * is: equality, order, and ranges are then the same everywhere.
 */
export function storageOf(type: ColumnType): Storage {
  if (type.custom !== undefined) return { type: type.custom.sqlType, collation: null };
  switch (type.name) {
    case 'decimal':
      return { type: `NUMERIC(${type.precision}, ${type.scale})`, collation: null };
    case 'datetime':
      return { type: 'TIMESTAMPTZ(3)', collation: null };
    // Not varchar(n), which silently cuts blanks off the end of a text that is too long, and whose error names nothing.
    case 'text':
      return { type: 'TEXT', collation: '"C"' };
    default:
      return { type: castType(type).toUpperCase(), collation: null };
  }
}
