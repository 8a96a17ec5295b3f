import type { RowCount } from '../../ast/write-node.ts';
import type { ColumnType } from '../../codec/column-type.ts';
import type { CompilerHooks, RowParameters } from '../../compiler/dialect.ts';
import { UnsupportedByDriverError } from '../../errors.ts';
import { onConflict } from '../on-conflict.ts';
import { storedValue } from '../stored-value.ts';
import { updateOneRow } from '../update-one-row.ts';
import { besides, quote } from './quote.ts';

/** Where SQL for SQLite differs from that of other engines. */
export const hooks: CompilerHooks = {
  // Drivers bind a bigint as text and a large or any number as REAL. A column's affinity undoes that, but an expression
  // without a column has none.
  parameter(placeholder, type, value) {
    // An instant in a raw text is compared with nothing that would make an integer of it.
    const untyped = type === null || (type.name === 'datetime' && value !== undefined);
    const whole = untyped ? typeof value === 'bigint' || Number.isInteger(value) : type.name === 'bigint';
    return whole ? `CAST(${placeholder} AS INTEGER)` : placeholder;
  },

  stored: storedValue,

  // One JSON parameter for any number of keys: the text stays the same, and SQLite still searches by the index.
  inList(operands, types, placeholder, negated) {
    const [operand = '', ...others] = operands;
    const tuple = others.length > 0;
    const items = types.map((type, index) => {
      const item = tuple ? `value ->> ${index}` : 'value';
      return storedValue(type.name === 'bytes' ? `unhex(${item})` : item, type);
    });
    const left = tuple ? `(${operands.join(', ')})` : operand;
    return `${left} ${negated ? 'NOT ' : ''}IN (SELECT ${items.join(', ')} FROM json_each(${placeholder}))`;
  },

  ordered(operand, type) {
    if (type.name !== 'decimal') return operand;
    // Decimals are text with a fixed number of digits after the point, so without the point they are integers.
    if (type.precision <= 18) return `CAST(REPLACE(${operand}, '.', '') AS INTEGER)`;
    throw new UnsupportedByDriverError(
      'SQLite cannot order or compare decimals of more than 18 digits; declare a lower precision.',
    );
  },

  collect: (operand, type) => `json_group_array(${collectable(operand, type)})`,

  limit: (limit, offset) => `LIMIT ${limit ?? '-1'}${offset === null ? '' : ` OFFSET ${offset}`}`,

  matched: (operand) => operand,

  likeEscape: "'\\'",

  deleteFrom: (table, alias) => `DELETE FROM ${table} AS ${alias}`,

  insertRows({ table, columns, rows, ignoreConflicts, parameter }) {
    const into = `INSERT INTO ${quote(table)}`;
    if (columns.length === 0) return `${into} DEFAULT VALUES`;
    const values = rowTexts(rows, columns, parameter);
    const names = columns.map(({ name }) => quote(name)).join(', ');
    return `${into} (${names}) VALUES ${values}${ignoreConflicts ? ' ON CONFLICT DO NOTHING' : ''}`;
  },

  onConflict: (table, clause) => onConflict(quote, table, clause),

  updateRows(update) {
    const { table, match, set, rows, parameter } = update;
    if (rows === 1) return updateOneRow(quote, update);
    const target = quote(table);
    const list = besides(table, 'v');
    const names = [...match, ...set].map((_, column) => `"${column}"`);
    const values = rowTexts(rows, names, parameter);
    const sets = set.map(({ name }, index) => `${quote(name)} = ${list}.${names[match.length + index]}`);
    const keys = match.map(({ name }, index) => `${target}.${quote(name)} = ${list}.${names[index]}`);
    return (
      `WITH ${list}(${names.join(', ')}) AS (VALUES ${values}) ` +
      `UPDATE ${target} SET ${sets.join(', ')} FROM ${list} WHERE ${keys.join(' AND ')}`
    );
  },
};

/** `(?, ?), (?, ?)`. Only dialects whose rows are lists are ever asked for lists. */
function rowTexts(rows: RowCount, columns: readonly unknown[], parameter: RowParameters['parameter']): string {
  let text = '';
  for (let row = 0; row < Number(rows); row += 1) {
    text += `${row === 0 ? '' : ', '}(${columns.map((_, column) => parameter(row, column)).join(', ')})`;
  }
  return text;
}

// JSON has no bytes, and a reader of JSON rounds integers beyond 2^53. hex() would make NULL the empty text.
function collectable(operand: string, { name }: ColumnType): string {
  if (name === 'bigint') return `CAST(${operand} AS TEXT)`;
  return name === 'bytes' ? `quote(${operand})` : operand;
}
