import { ConfigurationError } from '../errors.ts';
import { bigintCodec } from './bigint.ts';
import { bytesCodec } from './bytes.ts';
import { type Codec, InvalidValue } from './codec.ts';
import type { Column, CustomDefinition, SqlText } from './column.ts';
import { builder } from './column-builder.ts';
import { finiteFloatCodec } from './float.ts';
import { integerCodec } from './integer.ts';
import { describeKind } from './refuse.ts';
import { textCodec } from './text.ts';

/** What the values of a custom type may be between the application and the driver, and what they are in JavaScript. */
export interface CustomWires {
  readonly text: string;
  readonly integer: number;
  readonly bigint: bigint;
  readonly float: number;
  readonly bytes: Uint8Array;
}

/** How the SQL of one dialect converts the values of a custom type. */
export interface SqlConversion {
  /** The stored value, over the SQL of a wire value, which has to stand in it exactly once. */
  write?(wire: string): string;
  /** The wire value, over the SQL of a stored one. */
  read?(stored: string): string;
}

/** What makes a custom type; see {@link customType}. */
export interface CustomTypeOptions<T, W extends keyof CustomWires> {
  /** What a value is called in messages, with its article: `a point`. */
  readonly name: string;
  /** As what the values travel between application and driver: `text` unless said otherwise. */
  readonly wire?: W;
  /** The type of the column in the schema. */
  readonly sqlType: SqlText;
  /** The wire value of a value. Throw for what is none; one value should have one wire value only. */
  encode(value: T): CustomWires[W];
  /** The value of a wire value. */
  decode(wire: CustomWires[W]): T;
  /** Whether two values are the same; where it is left out, their wire values are compared. */
  equals?(left: T, right: T): boolean;
  /** What has to stand around the values in SQL: the same for every dialect, or by the dialect's name. */
  readonly sql?: SqlConversion | Readonly<Record<string, SqlConversion>>;
  /** Whether the type may be part of a primary or foreign key: equal keys must have equal wire values, as the database gives them. */
  readonly key?: boolean;
}

/**
 * A column of a type of one's own: `encode` and `decode` convert in the application, `sql` in the database, wherever values
 * are written, compared or read. Changes are found by value, in place as well. In criteria, a value that is an object stands
 * in `eq(…)`; what `=` and an order mean is the engine's matter. Throws `configuration` for a conversion that does not hold its
 * argument exactly once.
 *
 * @example
 * ```ts
 * import { customType, Entity, integer } from 'meshestra';
 *
 * interface Point { readonly x: number; readonly y: number }
 *
 * const point = () =>
 *   customType<Point>({
 *     name: 'a point',
 *     sqlType: { postgres: 'point', sqlite: 'TEXT', mysql: 'POINT' },
 *     encode: ({ x, y }) => `${x} ${y}`,
 *     decode: (wire) => ({ x: Number(wire.split(' ')[0]), y: Number(wire.split(' ')[1]) }),
 *     sql: {
 *       postgres: { write: (wire) => `replace(${wire}, ' ', ',')::point`, read: (at) => `${at}[0] || ' ' || ${at}[1]` },
 *       mysql: { write: (wire) => `ST_PointFromText(concat('POINT(', ${wire}, ')'))`, read: (at) => `concat(ST_X(${at}), ' ', ST_Y(${at}))` },
 *     },
 *   });
 *
 * class Place extends Entity('places', { id: integer().primaryKey(), at: point() }) {}
 * // INSERT INTO `places` (`id`, `at`) VALUES (?, ST_PointFromText(concat('POINT(', ?, ')')))
 * ```
 */
export function customType<T, W extends keyof CustomWires = 'text'>(options: CustomTypeOptions<T, W>): Column<T> {
  const { wire = 'text', key = false } = options as CustomTypeOptions<T, keyof CustomWires>;
  const conversions = conversionsOf(options.name, options.sql);
  const custom: CustomDefinition = {
    at({ table, property, dialect, primary, type, codec }) {
      const own = sqlTypeOf(options.sqlType, dialect);
      const problem =
        own === undefined
          ? `the type has no sqlType for the dialect '${dialect}'; add it by that name`
          : 'a custom type needs `key: true` to be part of a primary key';
      if (own === undefined || (primary && !key)) {
        throw new ConfigurationError(`${table}.${property}: ${problem}`, { entity: table, property });
      }
      const { write = null, read = null } = conversions(dialect);
      return {
        type: { ...type, custom: { sqlType: own, write, read } },
        codec: customCodec(options as unknown as CustomTypeOptions<unknown, 'text'>, codec),
      };
    },
  };
  return builder({ name: wire }, WIRES[wire], null, { custom });
}

const WIRES: Readonly<Record<keyof CustomWires, Codec>> = {
  text: textCodec({ name: 'text' }),
  integer: integerCodec,
  bigint: bigintCodec,
  float: finiteFloatCodec,
  bytes: bytesCodec,
};

function sqlTypeOf(sqlType: SqlText, dialect: string): string | undefined {
  if (typeof sqlType === 'string') return sqlType;
  return Object.hasOwn(sqlType, dialect) ? sqlType[dialect] : undefined;
}

/** The conversion of each dialect. Throws `configuration` for one that cannot be. */
function conversionsOf(
  name: string,
  sql: CustomTypeOptions<unknown, 'text'>['sql'] = {},
): (dialect: string) => SqlConversion {
  const { write, read } = sql as SqlConversion;
  const isOne = typeof write === 'function' || typeof read === 'function';
  const each = new Map(isOne ? [] : Object.entries(sql as Readonly<Record<string, SqlConversion>>));
  for (const conversion of isOne ? [sql as SqlConversion] : each.values()) checkOnce(name, conversion);
  return (dialect) => (isOne ? (sql as SqlConversion) : (each.get(dialect) ?? {}));
}

// A parameter that stands nowhere, or twice, would shift all others of the statement.
function checkOnce(name: string, { write }: SqlConversion): void {
  if (write === undefined || write('\0').split('\0').length === 2) return;
  throw new ConfigurationError(`${name}: the SQL that write() makes has to hold its argument exactly once`);
}

function customCodec(options: CustomTypeOptions<unknown, 'text'>, base: Codec): Codec {
  const { name, equals } = options;
  // What an application's function throws may show the value.
  const attempt = <R>(expected: string, value: unknown, work: () => R): R => {
    try {
      return work();
    } catch (cause) {
      throw new InvalidValue(`expected ${expected}, got ${describeKind(value)}`, { cause });
    }
  };
  const encode: Codec['encode'] = (value) => attempt(name, value, () => base.encode(options.encode(value)));
  const decode: Codec['decode'] = (wire) =>
    attempt(`${name} as it is stored`, wire, () => options.decode(base.decode(wire) as string));
  return {
    identity: false,
    wireType: base.wireType,
    encode,
    decode,
    equals(value, wire) {
      try {
        if (equals !== undefined) return equals(value, decode(wire));
        const own = base.encode(options.encode(value));
        // The database may write one value in another way.
        return base.equals(base.decode(own), wire) || base.equals(base.decode(own), encode(decode(wire)));
      } catch {
        // No value of the type: the flush says so.
        return false;
      }
    },
  };
}
