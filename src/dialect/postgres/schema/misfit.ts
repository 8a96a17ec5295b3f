import type { ColumnFamily } from './column-family.ts';

/**
 * The condition that holds for the values of a column which the new type would change or refuse, NULL aside; null where
 * there are none, or where the server refuses the statement itself rather than changing a value.
 */
export function misfitOf(column: string, from: ColumnFamily, to: ColumnFamily): string | null {
  switch (to.family) {
    case 'integer':
      return toInteger(column, from, to);
    case 'numeric':
      return toNumeric(column, from, to);
    case 'float':
      return toFloat(column, from, to);
    case 'text':
      return toText(column, from, to);
    case 'boolean':
      return toBoolean(column, from);
    case 'date':
      return toDate(column, from);
    case 'timestamp':
    case 'timestamptz':
      return toTimestamp(column, from, to);
    case 'uuid':
      return from.family === 'text' ? `${column} !~ '^${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}$'` : null;
    default:
      return null;
  }
}

const HEX = '[0-9a-fA-F]';
const WHOLE = '^[+-]?[0-9]+$';
const NUMBER = '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,2})?$';

/** Texts that do not have the form, and of the others those for which the condition holds. */
function unless(text: string, form: string, condition: string): string {
  return `CASE WHEN ${text} ~ '${form}' THEN ${condition} ELSE true END`;
}

function toInteger(column: string, from: ColumnFamily, { bits }: ColumnFamily): string | null {
  const most = 2n ** BigInt(bits - 1);
  const within = `BETWEEN -${most} AND ${most - 1n}`;
  switch (from.family) {
    case 'integer':
      return from.bits <= bits ? null : `${column} NOT ${within}`;
    case 'numeric':
      return `${column} <> trunc(${column}) OR ${column} NOT ${within}`;
    case 'float':
      // The largest integer would be rounded to one more.
      return `${column} <> trunc(${column}) OR NOT (${column} >= -${most} AND ${column} < ${most})`;
    case 'text':
      return unless(`btrim(${column})`, WHOLE, `btrim(${column})::numeric NOT ${within}`);
    default:
      return null;
  }
}

/** The digits that an integer may have. */
function digitsOf(bits: number): number {
  return String(2n ** BigInt(bits - 1)).length;
}

function toNumeric(column: string, from: ColumnFamily, { size, scale }: ColumnFamily): string | null {
  const rounded = (value: string) => `round(${value}, ${scale})`;
  const bounded = (value: string) =>
    size === null ? 'false' : `${value} <> ${rounded(value)} OR abs(${rounded(value)}) >= 1e${size - scale}`;
  switch (from.family) {
    case 'integer':
      return size === null || (scale >= 0 && size - scale >= digitsOf(from.bits))
        ? null
        : bounded(`${column}::numeric`);
    case 'numeric':
      if (size === null) return null;
      if (from.size !== null && scale >= from.scale && size - scale >= from.size - from.scale) return null;
      return `${column} <> 'NaN' AND (${bounded(column)})`;
    case 'float': {
      // The cast writes fewer digits than the value has.
      const exact = `${column}::text::numeric`;
      return `CASE WHEN abs(${column}) = 'Infinity' THEN true WHEN ${column} = 'NaN' THEN false ELSE ${column}::numeric <> ${exact} OR ${bounded(exact)} END`;
    }
    case 'text':
      return unless(`btrim(${column})`, NUMBER, bounded(`btrim(${column})::numeric`));
    default:
      return null;
  }
}

function toFloat(column: string, from: ColumnFamily, { bits }: ColumnFamily): string | null {
  const type = bits === 53 ? 'float8' : 'float4';
  const [largest, smallest] = bits === 53 ? ['1e308', '1e-300'] : ['3e38', '1e-37'];
  const most = 2n ** BigInt(bits);
  // Beyond these a cast fails, and the order in which AND is computed is the server's.
  const outside = (value: string) => `abs(${value}) > ${largest} OR ${value} <> 0 AND abs(${value}) < ${smallest}`;
  switch (from.family) {
    case 'integer':
      return from.bits <= bits ? null : `${column} NOT BETWEEN -${most} AND ${most}`;
    case 'numeric':
      return `CASE WHEN ${column} = 'NaN' THEN false WHEN ${outside(column)} THEN true ELSE ${column}::${type}::text::numeric <> ${column} END`;
    case 'float':
      if (from.bits <= bits) return null;
      return `CASE WHEN abs(${column}) = 'Infinity' OR ${column} = 'NaN' THEN false WHEN ${outside(column)} THEN true ELSE ${column}::${type}::float8 <> ${column} END`;
    case 'text':
      return unless(`btrim(${column})`, NUMBER, outside(`btrim(${column})::numeric`));
    default:
      return null;
  }
}

/** The characters that a value may have at most. */
function longestOf({ family, bits, size }: ColumnFamily): number {
  if (family === 'text') return size ?? Infinity;
  if (family === 'integer') return digitsOf(bits) + 1;
  if (family === 'uuid') return 36;
  return family === 'boolean' ? 5 : Infinity;
}

function toText(column: string, from: ColumnFamily, { size }: ColumnFamily): string | null {
  if (size === null || longestOf(from) <= size) return null;
  return `char_length(${from.family === 'text' ? column : `${column}::text`}) > ${size}`;
}

const TRUTHS = ['t', 'true', 'y', 'yes', 'on', '1', 'f', 'false', 'n', 'no', 'off', '0'];

function toBoolean(column: string, from: ColumnFamily): string | null {
  if (from.family === 'text') return `lower(btrim(${column})) NOT IN (${TRUTHS.map((text) => `'${text}'`).join(', ')})`;
  return from.family === 'integer' || from.family === 'numeric' || from.family === 'float'
    ? `${column} NOT IN (0, 1)`
    : null;
}

const DAY = '(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])';
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]+)?)?';
const ZONE = '(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?';

/** Whether the text that begins with a day names one that its month has not. */
function noSuchDay(text: string): string {
  const part = (from: number, length: number) => `substr(${text}, ${from}, ${length})::integer`;
  const month = `make_date(${part(1, 4)}, ${part(6, 2)}, 1)`;
  return `${part(9, 2)} > extract(day FROM ${month} + interval '1 month - 1 day')`;
}

function toDate(column: string, from: ColumnFamily): string | null {
  if (from.family === 'text') return unless(column, `^${DAY}$`, noSuchDay(column));
  if (from.family !== 'timestamp' && from.family !== 'timestamptz') return null;
  const instant = from.family === 'timestamp' ? column : `(${column} AT TIME ZONE 'UTC')`;
  return `${instant} <> date_trunc('day', ${instant})`;
}

function toTimestamp(column: string, from: ColumnFamily, { family, size }: ColumnFamily): string | null {
  if (from.family === 'text') {
    return unless(column, `^${DAY}([ T]${TIME}${family === 'timestamptz' ? ZONE : ''})?$`, noSuchDay(column));
  }
  if (from.family !== 'timestamp' && from.family !== 'timestamptz') return null;
  return (from.size ?? 0) <= (size ?? 0) ? null : `${column} <> ${column}::${from.family}(${size})`;
}
