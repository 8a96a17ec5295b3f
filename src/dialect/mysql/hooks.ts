import type { ColumnType } from '../../codec/column-type.ts';
import type { CompilerHooks, RowParameters, UpdateText } from '../../compiler/dialect.ts';
import { storedValue } from '../stored-value.ts';
import { updateOneRow } from '../update-one-row.ts';
import { WHEN_LOCKED } from '../when-locked.ts';
import { listColumn, listTable } from './lists.ts';
import { besides, quote } from './quote.ts';

/** Where SQL for MySQL and MariaDB differs from that of other engines. */
export const hooks: CompilerHooks = {
  // A decimal and a text are compared as floating point (https://dev.mysql.com/doc/refman/8.4/en/type-conversion.html).
  parameter: (placeholder, type) =>
    type?.name === 'decimal' ? `CAST(${placeholder} AS DECIMAL(${type.precision}, ${type.scale}))` : placeholder,

  stored: storedValue,

  // One JSON parameter for any number of keys: the text stays the same, and the server still searches by the index.
  inList(operands, types, placeholder, negated) {
    const items = types.map((type, index) => listColumn(type).value(`\`l\`.\`c${index}\``));
    const [operand = ''] = operands;
    const left = operands.length > 1 ? `(${operands.join(', ')})` : operand;
    const list = `SELECT ${items.join(', ')} FROM ${listTable(types, placeholder, '`l`')}`;
    return `${left} ${negated ? 'NOT ' : ''}IN (${list})`;
  },

  ordered: (operand) => operand,

  collect: (operand, type) => `JSON_ARRAYAGG(${collectable(operand, type)})`,

  // Without a limit an offset needs one all the same; this is the largest there is.
  limit: (limit, offset) => `LIMIT ${limit ?? '18446744073709551615'}${offset === null ? '' : ` OFFSET ${offset}`}`,

  // MariaDB has no FOR SHARE, and MySQL no LOCK IN SHARE MODE NOWAIT; each skips the other's comment. MariaDB cannot name a
  // table, so that a joined row is locked along (https://mariadb.com/kb/en/for-update/).
  lock: ({ strength, onLocked }) =>
    (strength === 'update' ? 'FOR UPDATE' : '/*M! LOCK IN SHARE MODE */ /*!80000 FOR SHARE */') + WHEN_LOCKED[onLocked],

  matched: (operand) => operand,

  likeEscape: "'\\\\'",

  // MariaDB makes a join of the list, which finds rows by the index, only where the table stands behind FROM once more.
  deleteFrom: (table, alias) => `DELETE ${alias} FROM ${table} AS ${alias}`,

  insertRows({ table, columns, rows, ignoreConflicts, parameter }) {
    const names = columns.map(({ name }) => quote(name));
    const [first] = names;
    // Not INSERT IGNORE, which makes warnings of all other errors as well.
    const conflict = ignoreConflicts && first !== undefined ? ` ON DUPLICATE KEY UPDATE ${first} = ${first}` : '';
    return `INSERT INTO ${quote(table)} (${names.join(', ')}) VALUES ${rowTexts(rows, columns, parameter)}${conflict}`;
  },

  // A row may meet another one in any unique key, not only in those it goes by: then the first value is a sub-query that fails.
  onConflict(_table, { by, update, counter }) {
    const sets = update.map((name) => [quote(name), `VALUES(${quote(name)})`]);
    if (counter !== null) sets.push([quote(counter), `${quote(counter)} + 1`]);
    const met = by.map((name) => `${quote(name)} <=> VALUES(${quote(name)})`).join(' AND ');
    const texts = sets.map(([name, value], index) =>
      index > 0 ? `${name} = ${value}` : `${name} = IF(${met}, ${value}, (SELECT 1 UNION SELECT 2))`,
    );
    const [first = ''] = by.map(quote);
    return `ON DUPLICATE KEY UPDATE ${texts.join(', ') || `${first} = ${first}`}`;
  },

  // ER_SUBQUERY_NO_1_ROW
  isOtherConflict: ({ cause }) => (cause as { readonly errno?: unknown } | undefined)?.errno === 1242,

  updateRows: (update) => (update.rows === 'lists' ? updateByList(update) : updateOneRow(quote, update)),
};

function updateByList({ table, match, set, parameter }: UpdateText): string {
  const target = quote(table);
  const list = besides(table, 'v');
  const columns = [...match, ...set];
  const types = columns.map(({ type }) => type);
  const equal = columns.map(({ name, type }, index) => {
    return `${target}.${quote(name)} = ${listColumn(type).value(`${list}.\`c${index}\``)}`;
  });
  const keys = equal.slice(0, match.length).join(' AND ');
  return `UPDATE ${target} JOIN ${listTable(types, parameter(0, 0), list)} ON ${keys} SET ${equal.slice(match.length).join(', ')}`;
}

/** `(?, ?), (?, ?)`. */
function rowTexts(
  rows: RowParameters['rows'],
  columns: readonly unknown[],
  parameter: RowParameters['parameter'],
): string {
  const texts = Array.from({ length: Number(rows) }, (_, row) => {
    return `(${columns.map((_column, column) => parameter(row, column)).join(', ')})`;
  });
  return texts.join(', ');
}

// JSON has no bytes, decimals or instants, and a reader of JSON rounds integers beyond 2^53.
function collectable(operand: string, { name }: ColumnType): string {
  switch (name) {
    case 'bigint':
    case 'decimal':
    case 'datetime':
    case 'date':
      return `CAST(${operand} AS CHAR)`;
    case 'bytes':
      return `HEX(${operand})`;
    default:
      return operand;
  }
}
