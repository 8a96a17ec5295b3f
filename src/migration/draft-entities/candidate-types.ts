import type { ColumnType } from '../../codec/column-type.ts';
import type { DatabaseColumn, DatabaseTable } from '../../schema/database-model.ts';
import { renameIdentifiers } from '../diff/rename-identifiers.ts';

/** What a column may have been declared as. */
export interface Candidate {
  readonly type: ColumnType;
  /** Whether the present instant is its default. */
  readonly now: boolean;
}

// The first that fits is taken: where several types are stored alike, the plain one is before those that mean more.
const FIXED: readonly ColumnType[] = [
  { name: 'integer' },
  { name: 'bigint' },
  { name: 'float' },
  { name: 'text' },
  { name: 'uuid' },
  { name: 'date' },
  { name: 'datetime' },
  { name: 'json' },
  { name: 'bytes' },
];

/** What a column may have been declared as, the most telling first; the details are read from its type and its checks. */
export function candidateTypes(column: DatabaseColumn, { checks }: DatabaseTable): readonly Candidate[] {
  const texts = checks.map(({ expression }) => expression).filter((expression) => mentions(expression, column.name));
  const types: readonly ColumnType[] = [
    { name: 'boolean' },
    ...texts.flatMap(valuesIn).map((values) => ({ name: 'text', values }) as const),
    ...[...texts, column.type].flatMap(numbersIn).map((maxLength) => ({ name: 'text', maxLength }) as const),
    ...decimalsIn(column.type),
    ...FIXED,
  ];
  const plain = types.map((type) => ({ type, now: false }));
  return column.default === null ? plain : [{ type: { name: 'datetime' }, now: true }, ...plain];
}

/** Whether an expression may speak of a column. */
function mentions(expression: string, column: string): boolean {
  return (
    expression.includes(column) || renameIdentifiers(expression, new Map([[column, '__meshestra']])) !== expression
  );
}

function valuesIn(expression: string): readonly (readonly string[])[] {
  const plain = [...expression.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) => text.replaceAll("''", "'"));
  // Some engines write a backslash before what would end the text.
  const escaped = [...expression.matchAll(/'((?:[^'\\]|''|\\.)*)'/gs)].map(([, text = '']) =>
    text.replaceAll(/''|\\(.)/gs, (_pair, sign: string | undefined) => sign ?? "'"),
  );
  const lists = expression.includes('\\') ? [plain, escaped] : [plain];
  return lists.filter((values) => values.length > 0 && new Set(values).size === values.length);
}

function numbersIn(text: string): readonly number[] {
  return [...text.matchAll(/(?<![\w.])\d+(?![\w.])/g)].map(Number).filter((number) => number > 0);
}

function decimalsIn(type: string): readonly ColumnType[] {
  const [, precision, scale] = /^(?:dec|num)[a-z]*\((\d+)(?:, ?(\d+))?\)$/i.exec(type) ?? [];
  return precision === undefined ? [] : [{ name: 'decimal', precision: Number(precision), scale: Number(scale ?? 0) }];
}
