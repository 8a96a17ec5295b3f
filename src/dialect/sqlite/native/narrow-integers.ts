import type { WireValue } from '../../../wire/wire-value.ts';

/** Makes numbers of the bigints that are exact as numbers, in place: what the port says of every driver. */
export function narrowIntegers(rows: readonly WireValue[][]): void {
  for (const row of rows) {
    for (let column = 0; column < row.length; column++) {
      const value = row[column];
      if (typeof value === 'bigint') row[column] = narrowInteger(value);
    }
  }
}

/** The integer as a number, where that is exact. */
export function narrowInteger(value: number | bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
