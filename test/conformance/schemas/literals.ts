import type { ColumnType, ColumnTypeName } from '../../../src/codec/column-type.ts';

type Write = (number: number) => string;

/** A literal of each type, another one for each number, as most engines write it. */
const USUAL: Readonly<Record<ColumnTypeName, Write>> = {
  integer: String,
  bigint: String,
  boolean: (number) => String(number % 2),
  float: (number) => `${number}.5`,
  decimal: (number) => `${number}.50`,
  bytes: (number) => `x'0${number % 10}ff'`,
  json: (number) => `'{"n": ${number}}'`,
  datetime: (number) => `'2024-01-01 00:00:00.0${10 + (number % 80)}'`,
  date: (number) => `'2024-01-${10 + (number % 18)}'`,
  uuid: (number) => `'00000000-0000-4000-8000-0000000000${10 + (number % 80)}'`,
  text: (number) => `'${number}.50'`,
};

/** The literals of an engine, of which some are its own. */
export const literals =
  (own: Partial<Record<ColumnTypeName, Write>> = {}) =>
  ({ name }: ColumnType, number: number): string =>
    (own[name] ?? USUAL[name])(number);
