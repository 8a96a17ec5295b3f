import type { UpdateText } from '../compiler/dialect.ts';

/** The text of an UPDATE of one row, in the words that all engines share. */
export function updateOneRow(
  quote: (identifier: string) => string,
  { table, match, set, parameter }: UpdateText,
): string {
  const target = quote(table);
  const values = set.map(({ name }, index) => `${quote(name)} = ${parameter(0, match.length + index)}`).join(', ');
  const keys = match.map(({ name }, index) => `${target}.${quote(name)} = ${parameter(0, index)}`);
  return `UPDATE ${target} SET ${values} WHERE ${keys.join(' AND ')}`;
}
