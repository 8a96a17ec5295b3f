import { ConfigurationError } from '../errors.ts';
import { bigintCodec } from './bigint.ts';
import { booleanAsInteger } from './boolean.ts';
import { bytesCodec } from './bytes.ts';
import type { AnyCheck } from './check.ts';
import type { Codec } from './codec.ts';
import {
  COLUMN,
  type Column,
  type ColumnDefinition,
  type DatetimeColumn,
  type JsonColumn,
  type NextVersion,
  type SqlText,
} from './column.ts';
import type { ColumnType } from './column-type.ts';
import { dateCodec } from './date.ts';
import { datetimeAsMilliseconds } from './datetime.ts';
import { decimalCodec } from './decimal.ts';
import { finiteFloatCodec } from './float.ts';
import { integerCodec } from './integer.ts';
import { jsonCodec } from './json.ts';
import { textCodec } from './text.ts';
import { uuidCodec } from './uuid.ts';

const NOW = { kind: 'now' } as const;

class ColumnBuilder {
  readonly [COLUMN]: ColumnDefinition;

  constructor(definition: ColumnDefinition) {
    this[COLUMN] = definition;
  }

  #with(change: Partial<ColumnDefinition>): ColumnBuilder {
    return new ColumnBuilder({ ...this[COLUMN], ...change });
  }
  nullable(): ColumnBuilder {
    return this.#with({ nullable: true });
  }
  primaryKey(): ColumnBuilder {
    return this.#with({ primary: true });
  }
  generated(): ColumnBuilder {
    return this.#with({ generated: true });
  }
  default(value: unknown): ColumnBuilder {
    const made = typeof value === 'function';
    return this.#with({
      default: made ? { kind: 'function', make: value as () => unknown } : { kind: 'value', value },
    });
  }
  databaseDefault(sql: SqlText): ColumnBuilder {
    return this.#with({ default: { kind: 'database', sql, computed: null } });
  }
  generatedAs(sql: SqlText, { stored = true }: { readonly stored?: boolean } = {}): ColumnBuilder {
    return this.#with({ default: { kind: 'database', sql, computed: stored ? 'stored' : 'virtual' } });
  }
  defaultNow(): ColumnBuilder {
    return this.#with({ default: NOW });
  }
  onUpdateNow(): ColumnBuilder {
    return this.#with({ onUpdateNow: true, default: this[COLUMN].default ?? NOW });
  }
  unique(): ColumnBuilder {
    return this.#with({ unique: true });
  }
  index(): ColumnBuilder {
    return this.#with({ indexed: true });
  }
  version(): ColumnBuilder {
    return this.#with({ version: true });
  }
  hidden(): ColumnBuilder {
    return this.#with({ hidden: true });
  }
  check(...checks: readonly AnyCheck[]): ColumnBuilder {
    return this.#with({ checks: [...this[COLUMN].checks, ...checks] });
  }
  column(name: string): ColumnBuilder {
    return this.#with({ name });
  }
  renamedFrom(renamedFrom: string): ColumnBuilder {
    return this.#with({ renamedFrom });
  }
}

/** Makes the builder of a column type; `more` is what a kind of column says beside. */
export function builder<C>(
  type: ColumnType,
  codec: Codec,
  nextVersion: NextVersion | null = null,
  more?: Partial<ColumnDefinition>,
): C {
  const definition: ColumnDefinition = {
    type,
    codec,
    custom: null,
    nullable: false,
    primary: false,
    generated: false,
    unique: false,
    version: false,
    nextVersion,
    onUpdateNow: false,
    hidden: false,
    indexed: false,
    name: null,
    default: null,
    checks: [],
    ...more,
  };
  // The builder has no type parameters at run time; the interface it stands for has them.
  return new ColumnBuilder(definition) as unknown as C;
}

/** A whole number within ±(2^53 - 1). */
export function integer(): Column<number> {
  return builder({ name: 'integer' }, integerCodec, (previous = 0) => Number(previous) + 1);
}

/** A whole number of 64 bits, as a `bigint` on every engine. */
export function bigint(): Column<bigint> {
  return builder({ name: 'bigint' }, bigintCodec);
}

/** A finite floating-point number of 64 bits. */
export function float(): Column<number> {
  return builder({ name: 'float' }, finiteFloatCodec);
}

/** An exact decimal number as a string, with `scale` digits after the point and `precision` digits in all. */
export function decimal(options: { readonly precision: number; readonly scale: number }): Column<string> {
  const type = { name: 'decimal', precision: options.precision, scale: options.scale } as const;
  return builder(type, decimalCodec(type));
}

/** How long a text may be, and which texts are allowed. */
export interface TextOptions<V extends string = string> {
  /** Most characters (Unicode code points). */
  readonly maxLength?: number;
  /** The only values allowed; the property's type is their union. */
  readonly values?: readonly V[];
}

/** A well-formed Unicode text. */
export function text<const V extends string = string>(options: TextOptions<V> = {}): Column<V> {
  const type = { name: 'text', ...options } as const;
  return builder(type, textCodec(type));
}

/**
 * One of some texts; the property's type is their union. Another value is a `validation` error before any SQL, and a CHECK of
 * the schema keeps it out of the database. The same as `text({ values })`. Throws `configuration` for no values, or one twice.
 *
 * @example
 * ```ts
 * import { Entity, enumeration, integer } from 'meshestra';
 *
 * class Record extends Entity('records', { id: integer().primaryKey(), format: enumeration('cd', 'lp') }) {}
 * // "format" TEXT NOT NULL CHECK ("format" IN ('cd', 'lp'))
 * ```
 */
export function enumeration<const V extends string>(...values: readonly [V, ...V[]]): Column<V> {
  if (values.length > 0 && new Set(values).size === values.length) return text({ values });
  throw new ConfigurationError('enumeration() takes one text at least, and each once');
}

/** A UUID as a string in lower case. */
export function uuid(): Column<string> {
  return builder({ name: 'uuid' }, uuidCodec, () => crypto.randomUUID());
}

/** True or false. */
export function boolean(): Column<boolean> {
  return builder({ name: 'boolean' }, booleanAsInteger);
}

/** An instant, in whole milliseconds. */
export function datetime(): DatetimeColumn {
  const next: NextVersion = (previous, now) =>
    new Date(previous === undefined ? now : Math.max(now, Number(previous) + 1));
  return builder({ name: 'datetime' }, datetimeAsMilliseconds, next);
}

/** A day of the calendar without time or zone, as a string `YYYY-MM-DD`. */
export function date(): Column<string> {
  return builder({ name: 'date' }, dateCodec);
}

/** Any value that JSON can carry. */
export function json<T>(): JsonColumn<T> {
  return builder({ name: 'json' }, jsonCodec);
}

/** Bytes. */
export function bytes(): Column<Uint8Array> {
  return builder({ name: 'bytes' }, bytesCodec);
}
