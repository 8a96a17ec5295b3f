import type { DatabaseColumn } from '../../../schema/database-model.ts';
import { quote } from '../quote.ts';
import { type ColumnFamily, familyOf } from './column-family.ts';

/**
 * The condition over a column that holds for the values which it could not keep as what it becomes, NULL aside. Where the
 * server is strict it refuses some of them itself; others it rounds or cuts without a word.
 */
export function misfit(before: DatabaseColumn, after: DatabaseColumn): string | null {
  const column = quote(before.name);
  if (before.type === after.type || after.computed !== null) return null;
  const condition = conditionOf(column, familyOf(before.type), familyOf(after.type));
  return condition === null ? null : `${column} IS NOT NULL AND (${condition})`;
}

function conditionOf(column: string, from: ColumnFamily, to: ColumnFamily): string | null {
  switch (to.family) {
    case 'integer':
      return toInteger(column, from, to);
    case 'decimal':
      return toDecimal(column, from, to);
    case 'float':
      return toFloat(column, from, to);
    case 'text':
      return toText(column, from, to);
    case 'bytes':
      return to.size === Infinity || (from.family === 'bytes' && from.size <= to.size)
        ? null
        : `LENGTH(${column}) > ${to.size}`;
    case 'date':
    case 'datetime':
      return toInstant(column, from, to);
    case 'enum':
      return from.family === 'enum' && from.values.every((value) => to.values.includes(value))
        ? null
        : `CAST(${column} AS CHAR) NOT IN (${to.values.join(', ')})`;
    case 'json':
      return from.family === 'text' ? `NOT JSON_VALID(${column})` : null;
    default:
      return null;
  }
}

const WHOLE = '^[+-]?[0-9]+$';
const NUMBER = '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)$';
const FLOAT = '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,2})?$';

function unless(column: string, form: string, condition: string): string {
  return `CASE WHEN ${column} REGEXP '${form}' THEN ${condition} ELSE TRUE END`;
}

// Beyond 65 digits a decimal is cut, so that the text is measured first.
function asDecimal(column: string): string {
  return `CAST(${column} AS DECIMAL(65, 30))`;
}

function toInteger(column: string, from: ColumnFamily, { least, most }: ColumnFamily): string | null {
  const within = `BETWEEN ${least} AND ${most}`;
  switch (from.family) {
    case 'integer':
      return from.least >= least && from.most <= most ? null : `${column} NOT ${within}`;
    case 'decimal':
      return `${column} <> TRUNCATE(${column}, 0) OR ${column} NOT ${within}`;
    case 'float':
      return `${column} <> TRUNCATE(${column}, 0) OR NOT (${column} >= ${least} AND ${column} < ${most + 1n})`;
    case 'text':
      return unless(column, WHOLE, `CHAR_LENGTH(${column}) > 40 OR CAST(${column} AS DECIMAL(65, 0)) NOT ${within}`);
    default:
      return null;
  }
}

function toDecimal(column: string, from: ColumnFamily, { size, scale, least }: ColumnFamily): string | null {
  const limit = `1${'0'.repeat(size - scale)}`;
  const bounded = (value: string) =>
    `${value} <> ROUND(${value}, ${scale}) OR ABS(ROUND(${value}, ${scale})) >= ${limit}`;
  const signed = least === 0n ? ` OR ${column} < 0` : '';
  switch (from.family) {
    case 'integer':
      return size - scale >= from.size && signed === '' ? null : `ABS(${column}) >= ${limit}${signed}`;
    case 'decimal':
      if (scale >= from.scale && size - scale >= from.size - from.scale && signed === '') return null;
      return bounded(column) + signed;
    case 'float':
      return bounded(column) + signed;
    case 'text':
      return unless(column, NUMBER, `CHAR_LENGTH(${column}) > 60 OR ${bounded(asDecimal(column))}`);
    default:
      return null;
  }
}

function toFloat(column: string, from: ColumnFamily, { size }: ColumnFamily): string | null {
  const type = size === 53 ? 'DOUBLE' : 'FLOAT';
  const exact = size === 53 ? 9007199254740992n : 16777216n;
  switch (from.family) {
    case 'integer':
      return from.least >= -exact && from.most <= exact ? null : `${column} NOT BETWEEN -${exact} AND ${exact}`;
    case 'decimal':
      // Fifteen digits are always exact in 53 bits, six in 24.
      return from.size <= (size === 53 ? 15 : 6)
        ? null
        : `${column} <> CAST(CAST(${column} AS ${type}) AS DECIMAL(65, ${from.scale}))`;
    case 'float':
      return from.size <= size ? null : `${column} <> CAST(${column} AS FLOAT)`;
    case 'text':
      return `${column} NOT REGEXP '${FLOAT}'`;
    default:
      return null;
  }
}

/** The characters that a value may have at most. */
function longestOf({ family, size }: ColumnFamily): number {
  if (family === 'text' || family === 'enum') return size;
  return family === 'integer' ? size + 1 : Infinity;
}

function toText(column: string, from: ColumnFamily, { size }: ColumnFamily): string | null {
  if (size === Infinity || longestOf(from) <= size) return null;
  return `CHAR_LENGTH(${column}) > ${size}`;
}

const DAY = '[0-9]{4}-[0-9]{2}-[0-9]{2}';
const TIME = '([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?)?';

function toInstant(column: string, from: ColumnFamily, { family, scale }: ColumnFamily): string | null {
  switch (from.family) {
    case 'text':
      return family === 'date'
        ? unless(column, `^${DAY}$`, `CAST(${column} AS DATE) IS NULL`)
        : unless(column, `^${DAY}${TIME}$`, `CAST(${column} AS DATETIME(6)) IS NULL`);
    case 'datetime':
      if (family === 'date') return `${column} <> CAST(${column} AS DATE)`;
      return from.scale <= scale ? null : `${column} <> CAST(${column} AS DATETIME(${scale}))`;
    default:
      return null;
  }
}
