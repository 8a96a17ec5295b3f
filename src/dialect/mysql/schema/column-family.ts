/** What a type of a column is, as far as its values have to become those of another. */
export interface ColumnFamily {
  readonly family: 'integer' | 'decimal' | 'float' | 'text' | 'bytes' | 'date' | 'datetime' | 'enum' | 'json' | 'other';
  /** Digits of a number, bits of a float, characters of a text, bytes. */
  readonly size: number;
  /** Digits behind the point, of a second too. */
  readonly scale: number;
  /** The smallest and the largest integer. */
  readonly least: bigint;
  readonly most: bigint;
  /** The literals of an enumeration. */
  readonly values: readonly string[];
}

const INTEGER_BITS: ReadonlyMap<string, number> = new Map([
  ['tinyint', 8],
  ['smallint', 16],
  ['mediumint', 24],
  ['int', 32],
  ['integer', 32],
  ['bigint', 64],
]);

/** By type: its family, and the size that it has without a number. */
const OTHERS: ReadonlyMap<string, readonly [ColumnFamily['family'], size: number]> = new Map([
  ['decimal', ['decimal', 10]],
  ['numeric', ['decimal', 10]],
  ['double', ['float', 53]],
  ['float', ['float', 24]],
  ['char', ['text', 1]],
  ['varchar', ['text', 1]],
  // As many characters as fit, whatever they are: four bytes each.
  ['tinytext', ['text', 63]],
  ['text', ['text', 16383]],
  ['mediumtext', ['text', 4194303]],
  ['longtext', ['text', Infinity]],
  ['binary', ['bytes', 1]],
  ['varbinary', ['bytes', 1]],
  ['tinyblob', ['bytes', 255]],
  ['blob', ['bytes', 65535]],
  ['mediumblob', ['bytes', 16777215]],
  ['longblob', ['bytes', Infinity]],
  ['date', ['date', 0]],
  ['datetime', ['datetime', 0]],
  ['timestamp', ['datetime', 0]],
  ['enum', ['enum', 0]],
  ['json', ['json', 0]],
]);

/** Reads a type as it stands in a column. */
export function familyOf(type: string): ColumnFamily {
  const [, name = '', inside = '', rest = ''] = /^(\w+)\s*(?:\((.*?)\))?(\s[^']*)?$/s.exec(type.trim()) ?? [];
  const key = name.toLowerCase();
  const isUnsigned = /unsigned/i.test(rest);
  const bits = INTEGER_BITS.get(key);
  if (bits !== undefined) return integerOf(bits, isUnsigned);
  const [family, usual] = OTHERS.get(key) ?? ['other', 0];
  const values = family === 'enum' ? (inside.match(/'(?:[^'\\]|\\.|'')*'/gs) ?? []) : [];
  const [first = usual, second = 0] = family === 'enum' || inside === '' ? [] : inside.split(',').map(Number);
  const size = family === 'enum' ? Math.max(0, ...values.map((value) => value.length)) : first;
  const scale = family === 'datetime' ? first : second;
  return { family, size: family === 'float' ? usual : size, scale, least: isUnsigned ? 0n : -1n, most: 0n, values };
}

function integerOf(bits: number, isUnsigned: boolean): ColumnFamily {
  const most = 2n ** BigInt(isUnsigned ? bits : bits - 1) - 1n;
  const least = isUnsigned ? 0n : -most - 1n;
  return { family: 'integer', size: String(most).length, scale: 0, least, most, values: [] };
}
