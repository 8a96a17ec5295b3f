import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ExpressionNode } from '../../../src/ast/query-node.ts';
import type { ColumnType } from '../../../src/codec/column-type.ts';
import { bindStatement } from '../../../src/compiler/bind-statement.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { createSchema as schemaStatements } from '../../../src/dialect/sqlite/create-schema.ts';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import type { WireValue } from '../../../src/wire/wire-value.ts';
import { codecOf } from '../../support/codec-of.ts';
import { naughtyStrings } from '../../support/naughty-strings.ts';
import { openRawSqljs, type RawSqljs } from '../../support/raw-sqljs.ts';

const notNegativeZero = (value: unknown): boolean =>
  !JSON.stringify(value, (_, v) => (Object.is(v, -0) ? 'NEG' : v)).includes('NEG');
const decimal = (digits: number, scale: number): fc.Arbitrary<string> =>
  fc.bigInt({ min: -(10n ** BigInt(digits)) + 1n, max: 10n ** BigInt(digits) - 1n }).map((units) => {
    const text = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
    return `${units < 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`;
  });

// Values of each type; the fixed ones are in every run.
const types: readonly { type: ColumnType; values: fc.Arbitrary<unknown>; fixed: readonly unknown[] }[] = [
  {
    type: { name: 'integer' },
    values: fc.maxSafeInteger().map((n) => n + 0),
    fixed: [0, 1, -1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53 - 1, -(2 ** 53 - 1)],
  },
  {
    type: { name: 'bigint' },
    values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fixed: [0n, 5n, -5n, 2n ** 31n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)],
  },
  {
    type: { name: 'float' },
    values: fc.double({ noNaN: true, noDefaultInfinity: true }).filter(notNegativeZero),
    fixed: [0, 1, 0.1, 0.1 + 0.2, 1 / 3, 5e-324, Number.MAX_VALUE, 2 ** 53, 2 ** 63, 1e21, -1e-7, 123456789.12345679],
  },
  {
    type: { name: 'decimal', precision: 18, scale: 6 },
    values: decimal(18, 6),
    fixed: ['0.000000', '-0.000001', '0.100000', '-999999999999.999999', '999999999999.999999'],
  },
  {
    type: { name: 'decimal', precision: 30, scale: 10 },
    values: decimal(30, 10),
    fixed: ['12345678901234567890.1234567890'],
  },
  { type: { name: 'text' }, values: fc.string({ unit: 'binary' }), fixed: naughtyStrings },
  { type: { name: 'uuid' }, values: fc.uuid(), fixed: ['00000000-0000-0000-0000-000000000000'] },
  { type: { name: 'boolean' }, values: fc.boolean(), fixed: [true, false] },
  {
    type: { name: 'datetime' },
    values: fc.date({ noInvalidDate: true }),
    fixed: [
      new Date(0),
      new Date(-1),
      new Date('1969-07-20T20:17:40.123Z'),
      new Date('0001-01-01T00:00:00Z'),
      new Date('-000001-01-01T00:00:00Z'),
      new Date('2024-03-10T07:30:00Z'),
      new Date(8.64e15),
      new Date(-8.64e15),
    ],
  },
  {
    type: { name: 'date' },
    values: fc
      .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
    fixed: ['2024-02-29', '0001-01-01', '9999-12-31', '2024-03-10', '2011-12-30'],
  },
  {
    type: { name: 'json' },
    values: fc
      .jsonValue({ depthSize: 'medium', stringUnit: 'binary' })
      .filter((value) => value !== null && notNegativeZero(value)),
    fixed: [
      0,
      '',
      'null',
      [],
      {},
      [null],
      { a: { b: [1, '\0', '\uD800'] } },
      JSON.parse('{"__proto__":{"x":1},"constructor":1,"":2}'),
      [1e300, 5e-324],
      JSON.parse('['.repeat(1000) + ']'.repeat(1000)),
      ...naughtyStrings,
    ],
  },
  {
    type: { name: 'bytes' },
    values: fc.uint8Array(),
    fixed: [new Uint8Array(), new Uint8Array([0]), Uint8Array.from({ length: 256 }, (_, byte) => byte)],
  },
];

const keyed = types.filter(({ type }) => type.name !== 'json');
const id = { name: 'id', type: { name: 'integer' } } as const;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

let raw: RawSqljs;
beforeEach(async () => {
  raw = await openRawSqljs();
});

function createTable(type: ColumnType): void {
  raw.db.run('DROP TABLE IF EXISTS "t"');
  const column = { generated: false, nullable: true, default: null };
  const table = {
    name: 't',
    columns: [
      { ...column, name: 'id', type: id.type, generated: true },
      { ...column, name: 'v', type },
    ],
    primaryKey: ['id'],
    uniques: [],
    indexes: [{ name: 't_v_idx', columns: ['v'] }],
    foreignKeys: [],
  };
  for (const { sql } of schemaStatements({ tables: [table] })) raw.db.run(sql);
}

function insert(type: ColumnType, wires: readonly WireValue[]): void {
  for (let start = 0; start < wires.length; start += 100) {
    const chunk = wires.slice(start, start + 100);
    const columns = [id, { name: 'v', type }];
    const node = {
      kind: 'insert',
      table: 't',
      columns,
      rows: chunk.length,
      key: null,
      ignoreConflicts: false,
    } as const;
    raw.all(
      bindStatement(
        compile(node, sqlite),
        chunk.flatMap((wire, row) => [start + row, wire]),
      ),
    );
  }
}

function select(
  columns: readonly ExpressionNode[],
  where: ExpressionNode | null,
  values: readonly WireValue[],
): WireValue[][] {
  const from = { kind: 'table', name: 't', alias: 'a' } as const;
  const order = { kind: 'order', operand: column('id'), direction: 'asc' } as const;
  const node = {
    kind: 'select',
    columns,
    from,
    joins: [],
    where,
    orderBy: [order],
    limit: null,
    offset: null,
  } as const;
  return raw.all(bindStatement(compile(node, sqlite), values));
}

function column(name: string): ExpressionNode {
  return { kind: 'column', alias: 'a', name };
}

// Plain sql.js drops a BOM at the start of a text that it reads; that is the adapter's to mend, so text is read as bytes.
function read(type: ColumnType): WireValue[] {
  const text = raw.all('SELECT typeof("a"."v") FROM "t" AS "a" LIMIT 1')[0]?.[0] === 'text';
  const rows = text
    ? raw.all('SELECT CAST("a"."v" AS BLOB) FROM "t" AS "a" ORDER BY "a"."id"')
    : select([column('v')], null, []);
  return rows
    .map(([wire = null]) => (text && wire instanceof Uint8Array ? decoder.decode(wire) : wire))
    .map((wire) => {
      expect(type.name === 'bytes' || !(wire instanceof Uint8Array)).toBe(true);
      return wire;
    });
}

describe('A value comes back from SQLite as it was', () => {
  for (const { type, values, fixed } of types) {
    it(JSON.stringify(type), () => {
      const codec = codecOf(type);
      fc.assert(
        fc.property(fc.array(values, { maxLength: 200 }), (random) => {
          const originals = [...fixed, ...random];
          createTable(type);
          insert(
            type,
            originals.map((value) => codec.encode(value)),
          );
          const wires = read(type);
          expect(wires.map((wire) => (wire === null ? null : codec.decode(wire)))).toStrictEqual(originals);
          expect(originals.every((value, row) => codec.equals(value, wires[row] ?? null))).toBe(true);
          expect(raw.all('SELECT COUNT(*) FROM "t" WHERE "t"."v" IS NULL')).toEqual([[0]]);
        }),
        { numRuns: 25 },
      );
    });
  }
});

describe('Equality finds exactly the rows with the value', () => {
  for (const { type, values, fixed } of keyed) {
    it(JSON.stringify(type), () => {
      const codec = codecOf(type);
      const where: ExpressionNode = {
        kind: 'comparison',
        operator: '=',
        left: column('v'),
        right: { kind: 'slot', index: 0, type },
      };
      const originals = [...fixed, ...fc.sample(values, 50)].map((value) => codec.encode(value));
      createTable(type);
      insert(type, originals);
      for (const wire of originals) {
        const expected = originals.flatMap((other, row) => (same(other, wire) ? [[row]] : []));
        expect(select([column('id')], where, [wire])).toEqual(expected);
      }
    });
  }
});

describe('Membership in a list finds exactly the rows with one of the values', () => {
  for (const { type, values, fixed } of keyed) {
    for (const tuple of [false, true]) {
      it(`${JSON.stringify(type)}${tuple ? ' together with another column' : ''}`, () => {
        const codec = codecOf(type);
        const operands = tuple ? [column('id'), column('v')] : [column('v')];
        const listTypes = tuple ? [id.type, type] : [type];
        const where = (negated: boolean): ExpressionNode => ({
          kind: 'in-list',
          operands,
          types: listTypes,
          list: { kind: 'slot', index: 0, type: null },
          negated,
        });
        fc.assert(
          fc.property(fc.array(values, { maxLength: 60 }), fc.infiniteStream(fc.boolean()), (random, picks) => {
            const stored = [...fixed, ...random].map((value) => codec.encode(value));
            createTable(type);
            insert(type, stored);
            const chosen = stored.map((wire, row) => ({ wire, row })).filter(() => picks.next().value === true);
            const list = sqlite.encodeList(
              chosen.map(({ wire, row }) => (tuple ? [row, wire] : [wire])),
              listTypes,
            );
            const rowsOf = (member: boolean): WireValue[][] =>
              stored.flatMap((wire, row) =>
                chosen.some((key) => same(key.wire, wire) && (!tuple || key.row === row)) === member ? [[row]] : [],
              );
            expect(select([column('id')], where(false), [list])).toEqual(rowsOf(true));
            expect(select([column('id')], where(true), [list])).toEqual(rowsOf(false));
          }),
          { numRuns: 20 },
        );
      });
    }
  }
});

describe('A collected column comes back value by value, NULL included', () => {
  for (const { type, values, fixed } of keyed) {
    it(JSON.stringify(type), () => {
      const codec = codecOf(type);
      fc.assert(
        fc.property(fc.array(fc.option(values), { maxLength: 60 }), (random) => {
          const originals = [...fixed, null, ...random];
          createTable(type);
          insert(
            type,
            originals.map((value) => (value === null ? null : codec.encode(value))),
          );
          const collect = { kind: 'collect', operand: column('v'), type } as const;
          const from = { kind: 'table', name: 't', alias: 'a' } as const;
          const node = {
            kind: 'select',
            columns: [collect],
            from,
            joins: [],
            where: null,
            orderBy: [],
            limit: null,
            offset: null,
          } as const;
          const [[list = null] = []] = raw.all(bindStatement(compile(node, sqlite), []));
          const decoded = sqlite.decodeList(list, type).map((wire) => (wire === null ? null : codec.decode(wire)));
          expect(decoded).toStrictEqual(originals);
        }),
        { numRuns: 20 },
      );
    });
  }

  it('is an empty list for an empty table', () => {
    createTable({ name: 'text' });
    expect(
      sqlite.decodeList(raw.all('SELECT json_group_array("v") FROM "t"')[0]?.[0] ?? null, { name: 'text' }),
    ).toEqual([]);
  });
});

describe('Decimals of up to 18 digits', () => {
  it('are ordered and compared by value, not as text', () => {
    const type = { name: 'decimal', precision: 18, scale: 6 } as const;
    const codec = codecOf(type);
    const ordered: ExpressionNode = { kind: 'ordered', operand: { kind: 'column', alias: 'a', name: 'v' }, type };
    fc.assert(
      fc.property(fc.array(decimal(18, 6), { minLength: 1, maxLength: 50 }), (random) => {
        const wires = ['-2.000000', '-10.000000', '10.000000', '9.000000', ...random].map((value) =>
          codec.encode(value),
        );
        createTable(type);
        insert(type, wires);
        const units = (wire: WireValue): bigint => BigInt(String(wire).replace('.', ''));
        const byValue = (a: WireValue, b: WireValue): number =>
          units(a) < units(b) ? -1 : units(a) > units(b) ? 1 : 0;
        const from = { kind: 'table', name: 't', alias: 'a' } as const;
        const limit = units(wires[0] ?? null);
        const node = {
          kind: 'select',
          columns: [column('v')],
          from,
          joins: [],
          where: {
            kind: 'comparison',
            operator: '>=',
            left: ordered,
            right: { kind: 'ordered', operand: { kind: 'slot', index: 0, type }, type },
          },
          orderBy: [{ kind: 'order', operand: ordered, direction: 'asc' }],
          limit: null,
          offset: null,
        } as const;
        const rows = raw.all(bindStatement(compile(node, sqlite), [wires[0] ?? null]));
        expect(rows.flat()).toEqual(wires.filter((wire) => units(wire) >= limit).sort(byValue));
      }),
      { numRuns: 25 },
    );
  });
});

function same(left: WireValue, right: WireValue): boolean {
  if (left instanceof Uint8Array && right instanceof Uint8Array)
    return left.length === right.length && left.every((byte, index) => byte === right[index]);
  return left === right;
}
