import type { ColumnType } from '../../codec/column-type.ts';
import type { CompilerHooks } from '../../compiler/dialect.ts';
import type { WireValue } from '../../wire/wire-value.ts';
import { onConflict } from '../on-conflict.ts';
import { WHEN_LOCKED } from '../when-locked.ts';
import { quote } from './quote.ts';
import { castType, storedValue } from './storage-type.ts';
import { insertRows, updateRows } from './write-rows.ts';

/** Where SQL for PostgreSQL differs from that of other engines. */
export const hooks: CompilerHooks = {
  // The server takes the type of a parameter from what it is compared with or written to, and so finds the index of a
  // column whatever its exact type. In a raw text there may be nothing of the kind; a value of a text is left to the
  // server all the same, because it may stand for a uuid, a date, or an enum.
  parameter(placeholder, type, value) {
    if (value === undefined) return placeholder;
    const cast = type === null ? literalType(value) : castType(type);
    return cast === null ? placeholder : `${placeholder}::${cast}`;
  },

  stored: storedValue,

  inList(operands, types, placeholder, negated) {
    const [operand = '', ...others] = operands;
    const [type] = types;
    if (others.length === 0 && type !== undefined && type.custom === undefined) {
      const list = `(${placeholder}::${castType(type)}[])`;
      return `${operand} ${negated ? '<> ALL' : '= ANY'} ${list}`;
    }
    if (others.length === 0 && type !== undefined) {
      const values = `SELECT ${storedValue('"v"."v"', type)} FROM unnest(${placeholder}::${castType(type)}[]) AS "v"("v")`;
      return `${operand} ${negated ? 'NOT ' : ''}IN (${values})`;
    }
    const items = types.map((each, index) => storedValue(fromJson(each, index), each)).join(', ');
    return `(${operands.join(', ')}) ${negated ? 'NOT ' : ''}IN (SELECT ${items} FROM json_array_elements(${placeholder}::json) AS "v"("v"))`;
  },

  ordered: (operand) => operand,

  // A row for each value costs the server and the driver far more than one text; digits need no escaping.
  collect(operand, { name }) {
    if (name === 'integer' || name === 'bigint' || name === 'decimal') return `string_agg(${operand}::text, ',')`;
    return `json_agg(${name === 'bytes' ? `encode(${operand}, 'hex')` : operand})`;
  },

  limit: (limit, offset) =>
    [...(limit === null ? [] : [`LIMIT ${limit}`]), ...(offset === null ? [] : [`OFFSET ${offset}`])].join(' '),

  // Only the rows of the entity: those of an outer join cannot be locked at all
  // (https://www.postgresql.org/docs/current/sql-select.html#SQL-FOR-UPDATE-SHARE).
  lock: ({ strength, onLocked }, alias) => `FOR ${strength.toUpperCase()} OF ${alias}${WHEN_LOCKED[onLocked]}`,

  likeEscape: "E'\\\\'",

  matched: (operand, { name }) => (name === 'uuid' ? `${operand}::text` : operand),

  deleteFrom: (table, alias) => `DELETE FROM ${table} AS ${alias}`,

  insertRows,

  onConflict: (table, clause) => onConflict(quote, table, clause),

  updateRows,
};

/** The type that a value has by itself, as the server itself reads literals; null where it is to be inferred. */
function literalType(value: WireValue): string | null {
  switch (typeof value) {
    case 'number':
      if (!Number.isSafeInteger(value)) return 'double precision';
      return Math.abs(value) < 2 ** 31 ? 'integer' : 'bigint';
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? 'bigint' : 'numeric';
    case 'boolean':
      return 'boolean';
    case 'object':
      return value === null ? null : 'bytea';
    default:
      return null;
  }
}

/** An item of the tuple `"v"` in the type of the operand it is compared with. */
function fromJson(type: ColumnType, index: number): string {
  const item = `"v" ->> ${index}`;
  if (type.name === 'text') return type.custom === undefined ? item : `(${item})`;
  return type.name === 'bytes' ? `decode(${item}, 'hex')` : `(${item})::${castType(type)}`;
}
