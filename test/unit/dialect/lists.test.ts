import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import { openRawSqljs, type RawSqljs } from '../../support/raw-sqljs.ts';

describe('a list of floating-point numbers', () => {
  let raw: RawSqljs;
  beforeAll(async () => {
    raw = await openRawSqljs();
  });
  const finds = (value: number): boolean => {
    const list = sqlite.encodeList([[value]], [{ name: 'float' }]);
    const found = raw.all({ sql: 'SELECT ? IN (SELECT value FROM json_each(?))', params: [value, list] });
    return found[0]?.[0] === 1;
  };

  // Digits of a whole number beyond 2^53 are read as an integer of 64 bits, which the number is only nearly.
  it.each([[43_321_554_751_064_330], [1_129_589_411_281_566_500], [-275_367_764_223_086_460], [2 ** 53], [1e300], [0]])(
    'finds %d',
    (value) => {
      expect(finds(value)).toBe(true);
    },
  );

  it('finds any number', () => {
    const whole = fc.double({ min: 2 ** 53, max: 2 ** 63, noNaN: true }).map(Math.floor);
    const any = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    fc.assert(
      fc.property(fc.oneof(whole, any), (value) => {
        expect(finds(value)).toBe(true);
      }),
      { seed: 20_261_121, numRuns: 3000 },
    );
  });
});
