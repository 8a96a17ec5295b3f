import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { narrowInteger, narrowIntegers, settleNativeOptions } from '../../../src/dialect/sqlite/index.ts';
import { bindable } from '../../../src/dialect/sqlite/native/bindable.ts';
import { type NativeSqliteOptions, pragmasOf } from '../../../src/dialect/sqlite/native/native-options.ts';

const wireValue = fc.oneof(
  fc.constant(null),
  fc.string({ unit: 'grapheme' }),
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.uint8Array(),
);

describe('Values for a native SQLite', () => {
  it('are the very same list, unless there is a boolean in it', () => {
    fc.assert(
      fc.property(fc.array(wireValue), (values) => {
        const bound = bindable(values);
        const expected = values.map((value) => (typeof value === 'boolean' ? Number(value) : value));
        expect(bound).toEqual(expected);
        expect(bound === values).toBe(!values.some((value) => typeof value === 'boolean'));
      }),
    );
  });

  it('are refused by their position, even behind a boolean', () => {
    expect(() => bindable([true, 'x', Number.NaN])).toThrow('parameter 3 is NaN');
    expect(() => bindable([undefined as never])).toThrow('parameter 1 is undefined');
    expect(() => bindable([[1] as never])).toThrow('parameter 1 is an object (Array)');
  });
});

describe('Integers of a native SQLite', () => {
  it('are numbers exactly where those are exact', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const narrow = narrowInteger(value);
        expect(typeof narrow).toBe(Number.isSafeInteger(Number(value)) ? 'number' : 'bigint');
        expect(BigInt(narrow)).toBe(value);
      }),
    );
    for (const edge of [2n ** 53n, 2n ** 53n - 1n, -(2n ** 53n), -(2n ** 53n) + 1n]) {
      expect(typeof narrowInteger(edge)).toBe(edge === 2n ** 53n || edge === -(2n ** 53n) ? 'bigint' : 'number');
    }
  });

  it('are narrowed in their rows, beside everything else', () => {
    const rows = [[1n, 'a', 2n ** 60n, 0.5, null], [-7n]];
    narrowIntegers(rows);
    expect(rows).toEqual([[1, 'a', 2n ** 60n, 0.5, null], [-7]]);
  });
});

describe('Pragmas of a native SQLite', () => {
  const pragmas = (options: NativeSqliteOptions<object>) =>
    pragmasOf(settleNativeOptions('driver', options, () => true));

  it('depend on how the driver came to the database', () => {
    expect(pragmas({ path: 'x.db' })).toEqual([
      'PRAGMA foreign_keys=ON',
      'PRAGMA busy_timeout=0',
      'PRAGMA journal_mode=WAL',
      'PRAGMA synchronous=NORMAL',
    ]);
    expect(pragmas({ path: 'x.db', readOnly: true })).toEqual(['PRAGMA foreign_keys=ON', 'PRAGMA busy_timeout=0']);
    expect(pragmas({ database: {} })).toEqual(['PRAGMA foreign_keys=ON']);
  });

  it('leave the last word to the application, and NORMAL to WAL', () => {
    expect(
      pragmas({ path: 'x.db', pragmas: { JOURNAL_MODE: 'delete', cache_size: -10, foreign_keys: false } }),
    ).toEqual([
      'PRAGMA foreign_keys=OFF',
      'PRAGMA busy_timeout=0',
      'PRAGMA journal_mode=delete',
      'PRAGMA cache_size=-10',
    ]);
  });
});
