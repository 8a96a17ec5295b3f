import type { ColumnType } from '../../codec/column-type.ts';
import { fromHex, toHex } from '../../codec/hex.ts';
import type { WireValue } from '../../wire/wire-value.ts';
import { storedValue } from '../stored-value.ts';

/** Keys or rows as one JSON text: `[1,2]`, or for tuples `[[1,"a"],[2,"b"]]`. Bytes are hexadecimal, integers exact. */
export function encodeList(tuples: readonly (readonly WireValue[])[], types: readonly ColumnType[]): string {
  if (types.length !== 1) return `[${tuples.map((tuple) => `[${tuple.map(encodeItem).join()}]`).join()}]`;
  return `[${tuples.map(([item = null]) => encodeItem(item)).join()}]`;
}

/** The values of a JSON text that `collect` made; NULL stands for none at all. */
export function decodeList(value: WireValue, { name }: ColumnType): readonly WireValue[] {
  if (value === null) return [];
  const values: readonly WireValue[] = JSON.parse(String(value));
  if (name === 'bigint') return values.map((text) => (text === null ? null : BigInt(String(text))));
  if (name === 'bytes') return values.map((text) => (text === null ? null : fromHex(String(text))));
  return values;
}

function encodeItem(value: WireValue): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? '1' : '0';
    case 'object':
      return value === null ? 'null' : `"${toHex(value)}"`;
    default:
      return String(value);
  }
}

/** A column of `JSON_TABLE` over such a list, and the value that an expression makes of it. */
export interface ListColumn {
  /** The type under which the item is read. */
  readonly type: string;
  /** The value of the column's own type, of the item's name. */
  value(item: string): string;
}

const asIs = (item: string): string => item;

/**
 * A collation of bytes that knows no padding: 'a', 'A', 'ä' and 'a ' are four texts. Each server reads one of the two
 * comments and skips the other: MariaDB those for MySQL from 5.7 on, MySQL all of MariaDB's
 * (https://mariadb.com/kb/en/comment-syntax/).
 */
export const BINARY_COLLATION =
  'CHARACTER SET utf8mb4 /*M! COLLATE utf8mb4_nopad_bin */ /*!80000 COLLATE utf8mb4_0900_bin */';

// A text longer than the declared length would be cut, and then equal a shorter one: always the longest type.
const text: ListColumn = { type: `LONGTEXT ${BINARY_COLLATION}`, value: asIs };
const integer: ListColumn = { type: 'BIGINT', value: asIs };
// Converted by CAST, because JSON_TABLE itself converts texts to instants and decimals in ways of each server's own.
const cast = (type: string): ListColumn => ({ type: 'VARCHAR(80)', value: (item) => `CAST(${item} AS ${type})` });

/** How an item of a list becomes a value of a column type. */
export function listColumn(type: ColumnType): ListColumn {
  const column = wireColumn(type);
  return type.custom === undefined ? column : { ...column, value: (item) => storedValue(column.value(item), type) };
}

function wireColumn(type: ColumnType): ListColumn {
  switch (type.name) {
    case 'integer':
    case 'bigint':
    case 'boolean':
      return integer;
    case 'float':
      return { type: 'DOUBLE', value: asIs };
    case 'decimal':
      return cast(`DECIMAL(${type.precision}, ${type.scale})`);
    case 'datetime':
      return cast('DATETIME(3)');
    case 'date':
      return cast('DATE');
    case 'bytes':
      return { type: text.type, value: (item) => `UNHEX(${item})` };
    default:
      return text;
  }
}

/** `JSON_TABLE(?, …)` with the columns `c0`, `c1`, … for items, or for tuples of items, under an alias. */
export function listTable(types: readonly ColumnType[], placeholder: string, alias: string): string {
  const columns = types.map((type, index) => {
    const path = types.length === 1 ? '$' : `$[${index}]`;
    return `\`c${index}\` ${listColumn(type).type} PATH '${path}'`;
  });
  return `JSON_TABLE(${placeholder}, '$[*]' COLUMNS (${columns.join(', ')})) AS ${alias}`;
}
