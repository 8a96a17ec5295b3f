import { describe, expect, it } from 'vitest';
import { InvalidValue } from '../../../src/codec/codec.ts';
import type { ColumnType } from '../../../src/codec/column-type.ts';
import { codecOf } from '../../support/codec-of.ts';

const deep = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
};
/** Like Node's Buffer. */
class Buffered extends Uint8Array {}

const cycle: Record<string, unknown> = {};
cycle.self = cycle;

// Type, values that are taken with what they become on the wire, values that are refused with the reason.
const cases: readonly {
  readonly type: ColumnType;
  readonly taken: readonly (readonly [value: unknown, wire: unknown])[];
  readonly refused: readonly (readonly [value: unknown, reason: string])[];
}[] = [
  {
    type: { name: 'integer' },
    taken: [
      [0, 0],
      [-0, 0],
      [2 ** 53 - 1, 2 ** 53 - 1],
      [-(2 ** 53 - 1), -(2 ** 53 - 1)],
    ],
    refused: [
      [2 ** 53, 'expected a safe integer, got an integer beyond 2^53 - 1'],
      [1.5, 'expected a safe integer, got a number with a fraction'],
      [Number.NaN, 'expected a safe integer, got NaN'],
      [Number.NEGATIVE_INFINITY, 'expected a safe integer, got an infinite number'],
      ['1', 'expected a safe integer, got a string'],
      [1n, 'expected a safe integer, got a bigint'],
      [true, 'expected a safe integer, got a boolean'],
      [null, 'expected a safe integer, got null'],
      [undefined, 'expected a safe integer, got undefined'],
      [[1], 'expected a safe integer, got an array'],
      [{ $ne: null }, 'expected a safe integer, got an object'],
      [new Date(), 'expected a safe integer, got a Date'],
      [() => 1, 'expected a safe integer, got a function'],
      [Symbol('s'), 'expected a safe integer, got a symbol'],
    ],
  },
  {
    type: { name: 'bigint' },
    taken: [
      [0n, 0n],
      [2n ** 63n - 1n, 2n ** 63n - 1n],
      [-(2n ** 63n), -(2n ** 63n)],
    ],
    refused: [
      [2n ** 63n, 'expected a bigint of 64 bits, got a larger one'],
      [-(2n ** 63n) - 1n, 'expected a bigint of 64 bits, got a larger one'],
      [5, 'expected a bigint, got a number'],
      ['5', 'expected a bigint, got a string'],
    ],
  },
  {
    type: { name: 'float' },
    taken: [
      [0, 0],
      [0.1 + 0.2, 0.1 + 0.2],
      [5e-324, 5e-324],
      [Number.MAX_VALUE, Number.MAX_VALUE],
    ],
    refused: [
      [-0, 'expected a finite number, got negative zero'],
      [Number.NaN, 'expected a finite number, got NaN'],
      [Number.POSITIVE_INFINITY, 'expected a finite number, got an infinite number'],
      ['1.5', 'expected a finite number, got a string'],
    ],
  },
  {
    type: { name: 'decimal', precision: 6, scale: 2 },
    taken: [
      ['0', '0.00'],
      ['-0', '0.00'],
      ['-0.00', '0.00'],
      ['12.5', '12.50'],
      ['12.500000', '12.50'],
      ['0012', '12.00'],
      ['-9999.99', '-9999.99'],
    ],
    refused: [
      ...['10000', '0.001', '1e3', '+1', '.5', '5.', '', ' 1', '1,5', '0x10', 'NaN', '１'].map(
        (text) =>
          [
            text,
            'expected a decimal number as a string, with at most 4 digits before and 2 after the point, got a string',
          ] as const,
      ),
      [
        12.5,
        'expected a decimal number as a string, with at most 4 digits before and 2 after the point, got a number with a fraction',
      ],
    ],
  },
  {
    type: { name: 'decimal', precision: 3, scale: 3 },
    taken: [
      ['0.5', '0.500'],
      ['-0.5', '-0.500'],
    ],
    refused: [
      ['1', 'expected a decimal number as a string, with at most 0 digits before and 3 after the point, got a string'],
    ],
  },
  { type: { name: 'decimal', precision: 30, scale: 0 }, taken: [['9'.repeat(30), '9'.repeat(30)]], refused: [] },
  {
    type: { name: 'text' },
    taken: [
      ['', ''],
      ['nul \0 in it', 'nul \0 in it'],
      ['\uFEFF😀', '\uFEFF😀'],
    ],
    refused: [
      ['a\uD800b', 'expected well-formed text, got a string'],
      ['\uDC00', 'expected well-formed text, got a string'],
      [1, 'expected well-formed text, got a number'],
      [{ toString: () => 'x' }, 'expected well-formed text, got an object'],
    ],
  },
  {
    type: { name: 'text', maxLength: 3 },
    taken: [['😀😀😀', '😀😀😀']],
    refused: [
      ['abcd', 'expected well-formed text of at most 3 characters, got a string'],
      ['😀😀😀😀', 'expected well-formed text of at most 3 characters, got a string'],
    ],
  },
  {
    type: { name: 'text', values: ["it's", 'b'] },
    taken: [["it's", "it's"]],
    refused: [
      ['B', 'expected one of the declared values, got a string'],
      ['constructor', 'expected one of the declared values, got a string'],
    ],
  },
  {
    type: { name: 'uuid' },
    taken: [['0198c0de-0000-7000-8000-00000000abcd', '0198c0de-0000-7000-8000-00000000abcd']],
    refused: [
      ['0198C0DE-0000-7000-8000-00000000ABCD', 'expected a UUID in lower case, got a string'],
      ['0198c0de-0000-7000-8000-00000000abcd\n', 'expected a UUID in lower case, got a string'],
      ['{0198c0de-0000-7000-8000-00000000abcd}', 'expected a UUID in lower case, got a string'],
    ],
  },
  {
    type: { name: 'boolean' },
    taken: [
      [true, 1],
      [false, 0],
    ],
    refused: [
      [1, 'expected a boolean, got a number'],
      ['true', 'expected a boolean, got a string'],
      [new Boolean(true), 'expected a boolean, got a Boolean'],
    ],
  },
  {
    type: { name: 'datetime' },
    taken: [
      [new Date(0), 0],
      [new Date(-1), -1],
      [new Date('0000-01-01T00:00:00Z'), -62167219200000],
      [new Date(8.64e15), 8.64e15],
    ],
    refused: [
      [new Date(Number.NaN), 'expected a valid Date, got NaN'],
      [0, 'expected a Date, got a number'],
      ['2024-01-01', 'expected a Date, got a string'],
    ],
  },
  {
    type: { name: 'date' },
    taken: [
      ['2024-02-29', '2024-02-29'],
      ['0001-01-01', '0001-01-01'],
      ['9999-12-31', '9999-12-31'],
    ],
    refused: [
      ...['2023-02-29', '2024-04-31', '2024-13-01', '2024-00-10', '0000-01-01', '2024-1-1', '2024-01-01T00:00', ''].map(
        (text) => [text, 'expected a date as YYYY-MM-DD, got a string'] as const,
      ),
      [new Date(), 'expected a date as YYYY-MM-DD, got a Date'],
    ],
  },
  {
    type: { name: 'json' },
    taken: [
      [null, 'null'],
      [{ b: 1, a: [true, 'x'] }, '{"b":1,"a":[true,"x"]}'],
      [JSON.parse('{"__proto__":{"admin":true}}'), '{"__proto__":{"admin":true}}'],
      [Object.create(null), '{}'],
      ['\uD800', '"\\ud800"'],
      [deep(1000), `${'['.repeat(1000)}1${']'.repeat(1000)}`],
    ],
    refused: [
      [undefined, 'expected JSON, got undefined'],
      [{ a: undefined }, 'expected JSON, got undefined'],
      [new Array(1), 'expected JSON, got undefined'],
      [[() => 1], 'expected JSON, got a function'],
      [{ a: Number.NaN }, 'expected JSON, got NaN'],
      [[-0], 'expected JSON, got negative zero'],
      [1n, 'expected JSON, got a bigint'],
      [new Date(0), 'expected JSON, got a Date'],
      [{ a: new Map() }, 'expected JSON, got a Map'],
      [{ toJSON: () => 1 }, 'expected JSON, got a function'],
      [new (class Money {})(), 'expected JSON, got an object'],
      [cycle, 'expected JSON, got a cycle, or values nested more than 1000 deep'],
      [deep(1001), 'expected JSON, got a cycle, or values nested more than 1000 deep'],
    ],
  },
  {
    type: { name: 'bytes' },
    taken: [
      [new Uint8Array(), new Uint8Array()],
      [new Uint8Array([0, 255]), new Uint8Array([0, 255])],
      [new Buffered([1, 2]), new Uint8Array([1, 2])],
    ],
    refused: [
      [[1, 2], 'expected a Uint8Array, got an array'],
      [new ArrayBuffer(2), 'expected a Uint8Array, got an ArrayBuffer'],
      [new Uint16Array(2), 'expected a Uint8Array, got a Uint16Array'],
      ['00', 'expected a Uint8Array, got a string'],
    ],
  },
];

for (const { type, taken, refused } of cases) {
  describe(JSON.stringify(type), () => {
    const codec = codecOf(type);

    for (const [value, wire] of taken) {
      it(`takes ${show(value)} as ${show(wire)}`, () => {
        expect(codec.encode(value)).toEqual(wire);
        expect(codec.equals(value, codec.encode(value))).toBe(true);
      });
    }

    for (const [value, reason] of refused) {
      it(`refuses ${show(value)}: ${reason}`, () => {
        expect(() => codec.encode(value)).toThrow(new InvalidValue(reason));
        for (const [, wire] of taken) expect(codec.equals(value, wire as never)).toBe(false);
      });
    }
  });
}

function show(value: unknown): string {
  if (value === cycle) return 'a cycle';
  if (typeof value === 'object' && value !== null && JSON.stringify(value)?.length > 60) return 'a long value';
  if (Object.is(value, -0)) return '-0';
  if (value instanceof Date) return `Date(${value.getTime()})`;
  return typeof value === 'string'
    ? JSON.stringify(value).slice(0, 60)
    : `${typeof value} ${String(value && (typeof value === 'object' ? JSON.stringify(value) : value.toString()))}`;
}

describe('Decoding', () => {
  it.each<[ColumnType, unknown, unknown]>([
    [{ name: 'integer' }, 5, 5],
    [{ name: 'bigint' }, 5, 5n],
    [{ name: 'bigint' }, 2n ** 63n - 1n, 2n ** 63n - 1n],
    [{ name: 'float' }, 0.5, 0.5],
    [{ name: 'decimal', precision: 4, scale: 2 }, '1.50', '1.50'],
    [{ name: 'text' }, '', ''],
    [{ name: 'boolean' }, 0, false],
    [{ name: 'boolean' }, 1, true],
    [{ name: 'datetime' }, -1, new Date(-1)],
    [{ name: 'json' }, '{"__proto__":{"x":1}}', JSON.parse('{"__proto__":{"x":1}}')],
    [{ name: 'json' }, 'null', null],
    [{ name: 'bytes' }, new Uint8Array([1]), new Uint8Array([1])],
  ])('%o takes %o', (type, wire, value) => {
    expect(codecOf(type).decode(wire as never)).toEqual(value);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it.each<[ColumnType, unknown, string]>([
    [{ name: 'integer' }, 1.5, 'expected a safe integer, got a number with a fraction'],
    [{ name: 'integer' }, 2n ** 60n, 'expected a safe integer, got a bigint'],
    [{ name: 'integer' }, 'x', 'expected a safe integer, got a string'],
    [{ name: 'bigint' }, 2 ** 60, 'expected an integer, got an integer beyond 2^53 - 1'],
    [{ name: 'bigint' }, '5', 'expected an integer, got a string'],
    [{ name: 'float' }, '1.5', 'expected a finite number, got a string'],
    [{ name: 'decimal', precision: 4, scale: 2 }, 1.5, 'expected a string, got a number with a fraction'],
    [{ name: 'text' }, 5, 'expected a string, got a number'],
    [{ name: 'text' }, new Uint8Array(), 'expected a string, got a Uint8Array'],
    [{ name: 'boolean' }, 2, 'expected 0 or 1, got a number'],
    [{ name: 'boolean' }, 'true', 'expected 0 or 1, got a string'],
    [{ name: 'datetime' }, 1.5, 'expected milliseconds, got a number with a fraction'],
    [{ name: 'datetime' }, 8.64e15 + 1, 'expected milliseconds of a Date, got a number'],
    [{ name: 'datetime' }, '2024-01-01', 'expected milliseconds, got a string'],
    [{ name: 'json' }, '{"secret', 'expected JSON text, got text that is not JSON'],
    [{ name: 'json' }, 5, 'expected JSON text, got a number'],
    [{ name: 'bytes' }, 'x', 'expected a Uint8Array, got a string'],
  ])('%o refuses %o: %s', (type, wire, reason) => {
    expect(() => codecOf(type).decode(wire as never)).toThrow(new InvalidValue(reason));
  });
});

describe('What counts as a change', () => {
  const codec = (name: 'json' | 'bytes' | 'datetime' | 'bigint' | 'text') => codecOf({ name });

  it('is the content of JSON, not the order of its keys', () => {
    const wire = codec('json').encode({ a: 1, b: [1, { c: null }] });
    const changed = [
      { a: 1 },
      { a: 1, b: [1, { c: null }], d: 1 },
      { a: 1, b: [1, { c: 0 }] },
      { a: 1, b: { 0: 1, 1: { c: null } } },
      [],
    ];
    expect(codec('json').equals({ b: [1, { c: null }], a: 1 }, wire)).toBe(true);
    for (const value of changed) expect(codec('json').equals(value, wire)).toBe(false);
    expect(codec('json').equals({ toString: 1 }, '{"valueOf":1}')).toBe(false);
    expect(codec('json').equals(JSON.parse('{"__proto__":1}'), '{"__proto__":2}')).toBe(false);
    expect(codec('json').equals({}, '{"__proto__":2}')).toBe(false);
  });

  it('shows after an edit in place, of bytes on either side of the wire', () => {
    const value = new Uint8Array([1, 2]);
    const wire = codec('bytes').encode(value);
    const loaded = codec('bytes').decode(wire) as Uint8Array;
    value[0] = 9;
    loaded[1] = 9;
    expect(wire).toEqual(new Uint8Array([1, 2]));
    expect(codec('bytes').equals(value, wire)).toBe(false);
    expect(codec('bytes').equals(loaded, wire)).toBe(false);
    expect(codec('bytes').equals(new Uint8Array([1]), wire)).toBe(false);
  });

  it('is the instant of a Date, and the number of a bigint however it came', () => {
    const date = new Date(5);
    expect(codec('datetime').equals(date, 5)).toBe(true);
    date.setTime(6);
    expect(codec('datetime').equals(date, 5)).toBe(false);
    expect(codec('bigint').equals(5n, 5)).toBe(true);
    expect(codec('bigint').equals(5n, 5n)).toBe(true);
    expect(codec('bigint').equals(6n, 5)).toBe(false);
    expect(codec('bigint').equals(5, 5n)).toBe(false);
    expect(codec('bigint').equals(2n ** 53n + 1n, 2n ** 53n)).toBe(false);
  });

  it('is not a decimal written with fewer digits', () => {
    const decimal = codecOf({ name: 'decimal', precision: 6, scale: 2 });
    expect(decimal.equals('1.5', '1.50')).toBe(true);
    expect(decimal.equals('1.51', '1.50')).toBe(false);
    expect(decimal.equals(1.5, '1.50')).toBe(false);
  });
});

describe('Long input', () => {
  // Quadratic work would take minutes here.
  it('is read in linear time', () => {
    const zeros = '0'.repeat(1_000_000);
    const decimal = codecOf({ name: 'decimal', precision: 10, scale: 2 });
    expect(() => decimal.encode(`${zeros}.${zeros}1`)).toThrow(InvalidValue);
    expect(decimal.encode(`${zeros}1.${zeros}`)).toBe('1.00');
    expect(() => decimal.encode(`${zeros}x`)).toThrow(InvalidValue);
    for (const name of ['uuid', 'date'] as const) expect(() => codecOf({ name }).encode(zeros)).toThrow(InvalidValue);
    expect(() => codecOf({ name: 'text', maxLength: 10 }).encode(zeros)).toThrow(InvalidValue);
  });
});
