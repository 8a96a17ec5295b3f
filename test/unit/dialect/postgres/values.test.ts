import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLUMN } from '../../../../src/codec/column.ts';
import { boolean, date, datetime, decimal, float, json, text } from '../../../../src/codec/column-builder.ts';
import { postgres, wireParserOf } from '../../../../src/dialect/postgres/index.ts';
import { instantText, parseInstant } from '../../../../src/dialect/postgres/instant.ts';

const codec = (column: ReturnType<typeof text | typeof float>) => {
  const { type, codec: standard } = column[COLUMN];
  return postgres.codec(type, standard);
};

describe('An instant', () => {
  it.each([
    ['2024-01-31 12:00:00+00', '2024-01-31T12:00:00.000Z'],
    ['2024-01-31 12:00:00.1+00', '2024-01-31T12:00:00.100Z'],
    ['2024-01-31 12:00:00.123456+00', '2024-01-31T12:00:00.123Z'],
    ['2024-01-31T12:00:00.123Z', '2024-01-31T12:00:00.123Z'],
    ['2024-01-31T12:00:00+00:00', '2024-01-31T12:00:00.000Z'],
    ['2024-03-10 03:30:00-04', '2024-03-10T07:30:00.000Z'],
    ['2024-01-31 17:45:00+05:45', '2024-01-31T12:00:00.000Z'],
    ['1849-12-31 19:03:58-04:56:02', '1850-01-01T00:00:00.000Z'],
    ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000Z'],
    ['0099-01-01 00:00:00+00', '0099-01-01T00:00:00.000Z'],
    ['0045-03-15 00:00:00+00 BC', '-000044-03-15T00:00:00.000Z'],
    ['275760-09-13 00:00:00+00', '+275760-09-13T00:00:00.000Z'],
  ])('%s is read in any zone', (written, iso) => {
    expect(new Date(parseInstant(written)).toISOString()).toBe(iso);
  });

  it.each([['infinity'], ['-infinity'], [''], ['2024-01-31'], ['31.01.2024 12:00:00 UTC'], ['2024-01-31 12:00:00']])(
    '%j is none',
    (written) => {
      expect(parseInstant(written)).toBeNaN();
      expect(() => codec(datetime() as never).decode(written)).toThrow(/an instant/);
    },
  );

  it('is written as it is read again', () => {
    const dates = fc.date({ min: new Date(-210_866_803_200_000), max: new Date(8.64e15), noInvalidDate: true });
    fc.assert(fc.property(dates, (value) => parseInstant(instantText(value)) === value.getTime()));
    expect(() => codec(datetime() as never).encode(new Date(-210_866_803_200_001))).toThrow(/4714-11-24 BC/);
  });
});

describe('Values that PostgreSQL alone has', () => {
  it.each([
    ['NaN of a decimal', decimal({ precision: 5, scale: 2 }), 'NaN'],
    ['an infinite day', date(), 'infinity'],
    ['a day of five digits', date(), '10000-01-01'],
    ['NaN of a float', float(), Number.NaN],
    ['an infinite float', float(), Infinity],
    ['a number for a boolean', boolean(), 1],
  ])('do not come out: %s', (_title, column, wire) => {
    expect(() => codec(column as never).decode(wire)).toThrow();
  });

  it('become 0 where they are negative zero, which is no change', () => {
    const floats = codec(float());
    expect(Object.is(floats.decode(-0), 0)).toBe(true);
    expect(floats.equals(0, -0)).toBe(true);
  });
});

describe('NUL and lone surrogates', () => {
  it.each([['a\0b'], ['\0']])('are refused in the text %j', (value) => {
    expect(() => codec(text()).encode(value)).toThrow(/without NUL/);
  });

  it.each([[{ a: '\0' }], [{ '\0': 1 }], [['\\\0']], ['\ud800'], [{ a: ['x\udfff'] }]])(
    'are refused in the JSON %j',
    (value) => {
      expect(() => codec(json() as never).encode(value)).toThrow(/without NUL and lone surrogates/);
    },
  );

  it.each([['\\u0000'], ['\\\\u0000'], [{ '\\ud800': '\\' }], ['😀'], ['\u0001']])(
    'are not what only looks like them: %j',
    (value) => {
      expect(codec(json() as never).encode(value)).toBe(JSON.stringify(value));
    },
  );
});

describe('The text of a value', () => {
  it.each([
    [16, 't', true],
    [16, 'f', false],
    [20, '9007199254740991', 9007199254740991],
    [20, '-9007199254740993', -9007199254740993n],
    [23, '-5', -5],
    [701, '1e+21', 1e21],
    [17, '\\x00ffAb', new Uint8Array([0, 255, 171])],
    [17, '\\x', new Uint8Array(0)],
    [17, 'a\\\\\\000\\377', new Uint8Array([97, 92, 0, 255])],
    [1700, '1.50', '1.50'],
    [114, '{"a": 1}', '{"a": 1}'],
    [999_999, 'anything', 'anything'],
  ])('of type %d, %s, becomes %s', (oid, written, value) => {
    expect(wireParserOf(oid)(written)).toEqual(value);
  });
});

describe('A list', () => {
  it.each([
    [{ name: 'integer' }, [1, 2 ** 53 - 1, null], '{1,9007199254740991,NULL}'],
    [{ name: 'bigint' }, [2n ** 63n - 1n], '{9223372036854775807}'],
    [{ name: 'text' }, ['a', 'NULL', '', '{,}', '"\\'], '{"a","NULL","","{,}","\\"\\\\"}'],
    [{ name: 'boolean' }, [true, false], '{true,false}'],
    [{ name: 'bytes' }, [new Uint8Array([0, 255])], '{"\\\\x00ff"}'],
    [{ name: 'text' }, [], '{}'],
  ] as const)('of %o is the literal of an array', (type, values, literal) => {
    expect(
      postgres.encodeList(
        values.map((value) => [value]),
        [type],
      ),
    ).toBe(literal);
  });

  it('of tuples is JSON', () => {
    const types = [{ name: 'text' }, { name: 'bytes' }, { name: 'bigint' }] as const;
    expect(postgres.encodeList([['"', new Uint8Array([1]), 2n ** 60n]], types)).toBe(
      '[["\\"","01",1152921504606846976]]',
    );
  });

  it('that was collected is read by its type', () => {
    expect(postgres.decodeList(null, { name: 'integer' })).toEqual([]);
    expect(postgres.decodeList('1,2', { name: 'integer' })).toEqual([1, 2]);
    expect(postgres.decodeList('1,9223372036854775807', { name: 'bigint' })).toEqual([1n, 2n ** 63n - 1n]);
    expect(postgres.decodeList('["a,\\"b"]', { name: 'text' })).toEqual(['a,"b']);
    expect(postgres.decodeList('["00ff"]', { name: 'bytes' })).toEqual([new Uint8Array([0, 255])]);
  });
});
