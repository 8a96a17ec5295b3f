import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckIssue } from '../../../src/codec/check.ts';
import type { Check } from '../../../src/index.ts';
import {
  dayRange,
  decimalRange,
  maxLength,
  minLength,
  oneOf,
  pattern,
  range,
  satisfies,
} from '../../../src/validation/index.ts';
import { refusalOf } from '../../support/registry-of.ts';

const told = (check: Check<never>, value: unknown) =>
  (check.test(value as never) as CheckIssue[])[0]?.message ?? 'right';

describe('lengths', () => {
  it('count code points of a text, and bytes', () => {
    expect(['', 'a', '😀', 'a😀'].map((value) => told(minLength(2), value) === 'right')).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(['😀😀', 'a😀b'].map((value) => told(maxLength(2), value))).toEqual([
      'right',
      'expected at most 2 characters or bytes',
    ]);
    expect(told(minLength(1), new Uint8Array(0))).toBe('expected at least 1 character or byte');
    expect(told(maxLength(1), new Uint8Array(1))).toBe('right');
  });
});

describe('a pattern', () => {
  it('gives the same answer each time, whatever its flags', () => {
    const check = pattern(/a/giy);
    expect([1, 2, 3].map(() => told(check, 'xA'))).toEqual(['right', 'right', 'right']);
    expect(told(check, 'b')).toBe('expected a text that matches /a/i');
  });
});

describe('ranges', () => {
  it('hold their bounds', () => {
    expect([0, 1, 9, 10, -Infinity].map((value) => told(range({ min: 1, max: 9 }), value))).toEqual([
      'expected 1 to 9',
      'right',
      'right',
      'expected 1 to 9',
      'expected 1 to 9',
    ]);
    expect([0n, 2n ** 62n].map((value) => told(range({ min: 1n }), value))).toEqual(['expected at least 1', 'right']);
    const day = new Date('2020-01-01T00:00:00Z');
    expect(told(range({ max: day }), new Date(+day + 1))).toBe('expected at most 2020-01-01T00:00:00.000Z');
    expect(told(range({ max: day }), new Date(+day))).toBe('right');
    expect([
      told(dayRange({ min: '2020-02-01' }), '2020-01-31'),
      told(dayRange({ max: '2020-02-01' }), '2020-02-01'),
    ]).toEqual(['expected at least 2020-02-01', 'right']);
  });

  it('compare decimals exactly, of any size and scale', () => {
    const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.nat(12));
    const textOf = ([digits, scale]: readonly [bigint, number]): string => {
      const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
      const sign = digits < 0n ? '-' : '';
      return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
    };
    const aligned = ([digits, scale]: readonly [bigint, number]): bigint => digits * 10n ** BigInt(12 - scale);
    fc.assert(
      fc.property(decimal, decimal, (bound, value) => {
        const isRight = told(decimalRange({ min: textOf(bound) }), textOf(value)) === 'right';
        expect(isRight).toBe(aligned(value) >= aligned(bound));
      }),
    );
    expect(told(decimalRange({ min: '-0.5', max: '0' }), '0.01')).toBe('expected -0.5 to 0');
  });
});

describe('other checks', () => {
  it('name no value', () => {
    expect([told(oneOf(['a', 'b']), 'secret'), told(oneOf([1, 2]), 2)]).toEqual([
      'expected one of the allowed values',
      'right',
    ]);
    expect(
      told(
        satisfies((value) => value !== 'secret', 'is known'),
        'secret',
      ),
    ).toBe('is known');
  });

  it('may answer later', async () => {
    const check = satisfies(async (value: number) => value > 1, 'too small', ['part', 0]);
    expect([await check.test(1), await check.test(2)]).toEqual([[{ message: 'too small', path: ['part', 0] }], []]);
  });
});

describe('a check that cannot work', () => {
  it('is refused where it is made', () => {
    const wrong: readonly (readonly [() => unknown, RegExp])[] = [
      [() => minLength(-1), /^minLength\(\): expected a whole number/],
      [() => maxLength(1.5), /^maxLength\(\): expected a whole number/],
      [() => range({} as { min: number }), /^range\(\): expected min, max, or both$/],
      [() => range({ min: Number.NaN }), /^range\(\): NaN is no bound$/],
      [() => range({ max: new Date(Number.NaN) }), /^range\(\): Invalid Date is no bound$/],
      [() => dayRange({ min: '1.1.2020' }), /^dayRange\(\): 1\.1\.2020 is no bound$/],
      [() => decimalRange({ min: '1e5' }), /^decimalRange\(\): 1e5 is no bound$/],
    ];
    for (const [work, message] of wrong)
      expect(refusalOf(work)).toMatchObject({ code: 'configuration', message: expect.stringMatching(message) });
  });
});
