import type { AnyCheck, Check } from './check.ts';
import type { Codec } from './codec.ts';
import type { ColumnType } from './column-type.ts';

declare const VALUE: unique symbol;

/** Where the definition of a column builder is found; shared by every copy of this package. */
export const COLUMN: unique symbol = Symbol.for('meshestra.column') as never;

/**
 * A piece of SQL that goes into the schema as it is: one for every dialect, or one for each, by the dialect's name:
 * `{ sqlite: '…', postgres: '…', mysql: '…' }`. It is the programmer's; never make it of data.
 */
export type SqlText = string | Readonly<Record<string, string>>;

/**
 * What fills a column that the application leaves out: the application's side, when a new row has no value, or the
 * database, which computes the value for good, or gives it to a new row only (`computed` is null).
 */
export type DefaultDefinition =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'function'; readonly make: () => unknown }
  | { readonly kind: 'now' }
  | { readonly kind: 'database'; readonly sql: SqlText; readonly computed: 'stored' | 'virtual' | null };

/** See {@link ColumnDefinition.nextVersion}; `previous` is undefined for a new row. */
export type NextVersion = (previous: unknown, now: number) => unknown;

/** A column of a custom type at its place in one registry. */
export interface CustomPlace {
  readonly table: string;
  readonly property: string;
  /** The dialect's name. */
  readonly dialect: string;
  readonly primary: boolean;
  /** The type of the wire values, and their codec on this dialect. */
  readonly type: ColumnType;
  readonly codec: Codec;
}

/** What makes a column one of a custom type. */
export interface CustomDefinition {
  /** How a dialect stores it. Throws `configuration` where it cannot. */
  at(place: CustomPlace): { readonly type: ColumnType; readonly codec: Codec };
}

/** What a column was declared as. */
export interface ColumnDefinition {
  readonly type: ColumnType;
  /**
   * How an engine without a type of its own for it stores the values. The builder brings it, so that a program holds the
   * codecs of the columns it has; a dialect may put another one in its place.
   */
  readonly codec: Codec;
  /** Null for the types that are built in. */
  readonly custom: CustomDefinition | null;
  readonly nullable: boolean;
  readonly primary: boolean;
  readonly generated: boolean;
  readonly unique: boolean;
  readonly version: boolean;
  /** The value of a version column after `previous`, at an instant in milliseconds; null where the type cannot be one. */
  readonly nextVersion: NextVersion | null;
  /** Whether each update of the row sets the column to the present instant. */
  readonly onUpdateNow: boolean;
  readonly hidden: boolean;
  readonly indexed: boolean;
  readonly name: string | null;
  readonly default: DefaultDefinition | null;
  readonly checks: readonly AnyCheck[];
  /** What `embedded()` brings along to map a value of several columns, or of JSON; a room above knows what it is. */
  readonly embedded?: object;
  /** What `softDelete()` brings along; rooms above know what it is. */
  readonly softDelete?: object;
  /** What `lazy()` brings along; rooms above know what it is. */
  readonly lazy?: object;
  /** See {@link Column.renamedFrom}. */
  readonly renamedFrom?: string;
  /** Puts a codec around the one that the dialect chose. */
  readonly wrap?: (codec: Codec) => Codec;
}

/** Whether a new entity may leave a column out; of a `computed` one it has to. */
export type Optionality = boolean | 'computed';

type MayBeLeftOut<O extends Optionality> = O extends 'computed' ? O : true;

/**
 * A column of an entity, as the builders (`integer()`, `text()`, …) make it. Immutable: each method returns a new one.
 * `T` is the property's type, `Optional` whether a new entity may leave it out, `Primary` whether it is part of the key.
 */
export interface Column<T, Optional extends Optionality = false, Primary extends boolean = false> {
  readonly [VALUE]: { readonly type: T; readonly optional: Optional; readonly primary: Primary };
  readonly [COLUMN]: ColumnDefinition;
  /** The column may be NULL; the property is then `T | null`, and `null` where a new entity leaves it out. */
  nullable(): Column<T | null, MayBeLeftOut<Optional>, Primary>;
  /** The column is the primary key, or a part of it in the order of declaration. */
  primaryKey(): Column<T, Optional, true>;
  /** The database makes the value, and it is read back after the insert. */
  generated(): Column<T, true, Primary>;
  /** The value, or the result of the function, for a new entity that leaves the property out. */
  default(value: T | (() => T)): Column<T, true, Primary>;
  /**
   * The database gives the value of this expression to a new row whose entity leaves the property out: the INSERT leaves the
   * column out, and the flush reads back what was stored. `createSchema` writes it as the DEFAULT of the column.
   *
   * @example
   * ```ts
   * import { Entity, integer, text } from 'meshestra';
   *
   * class Ticket extends Entity('tickets', {
   *   id: integer().primaryKey().generated(),
   *   code: text().databaseDefault({
   *     sqlite: 'lower(hex(randomblob(8)))', // "code" TEXT NOT NULL DEFAULT (lower(hex(randomblob(8))))
   *     postgres: "encode(sha256(random()::text::bytea), 'hex')",
   *     mysql: 'uuid()',
   *   }),
   * }) {}
   * ```
   */
  databaseDefault(expression: SqlText): Column<T, true, Primary>;
  /**
   * The database computes the value of this expression over other columns of the row: nobody writes it, and the flush reads
   * it back after each insert and update of the row. The property is read-only; what is assigned to it all the same is a
   * `validation` error at the flush. `createSchema` writes it as GENERATED ALWAYS AS, stored unless `stored` is false, which
   * has it computed with each read (SQLite, MySQL and MariaDB).
   *
   * @example
   * ```ts
   * import { Entity, integer } from 'meshestra';
   *
   * class Line extends Entity('lines', {
   *   id: integer().primaryKey().generated(),
   *   price: integer(),
   *   amount: integer(),
   *   total: integer().generatedAs('price * amount'), // "total" INTEGER NOT NULL GENERATED ALWAYS AS (price * amount) STORED
   * }) {}
   * ```
   */
  generatedAs(expression: SqlText, options?: { readonly stored?: boolean }): Column<T, 'computed', Primary>;
  /** No two rows have the same value. */
  unique(): Column<T, Optional, Primary>;
  /** An index over this column. */
  index(): Column<T, Optional, Primary>;
  /**
   * The optimistic lock, which each update changes: an `integer()` counts up from 1, a `datetime()` is the instant of the
   * flush, and at least a millisecond after the one before, a `uuid()` is a new random one. A row whose version changed
   * since it was loaded makes the flush fail with `stale-entity`.
   */
  version(): Column<T, true, Primary>;
  /** Left out of `JSON.stringify(entity)`. */
  hidden(): Column<T, Optional, Primary>;
  /**
   * What values must meet besides: functions of `meshestra/validation`, and schemas. A flush asks them of new entities, and of
   * changed columns, before it sends anything; NULL meets all.
   */
  check(...checks: readonly Check<NonNullable<T>>[]): Column<T, Optional, Primary>;
  /** The database name, where the naming strategy's is not wanted. */
  column(name: string): Column<T, Optional, Primary>;
  /**
   * The database name that the column had before: `planMigration` renames such a column of the database, instead of asking. It
   * may stay when that is done.
   */
  renamedFrom(name: string): Column<T, Optional, Primary>;
}

/** A column that holds an instant. */
export interface DatetimeColumn<Optional extends Optionality = false> extends Column<Date, Optional> {
  /** The instant of the insert, for a new entity that leaves the property out. */
  defaultNow(): DatetimeColumn<true>;
  /**
   * The instant of the last flush that wrote the row, by the clock of the driver: of the insert, for a new entity that leaves
   * the property out and has no other default, and of each update, unless that sets the property itself. An entity of which
   * nothing changed is not written.
   */
  onUpdateNow(): DatetimeColumn<true>;
}

/** A column that holds JSON; it is compared with `eq(...)` only. */
export interface JsonColumn<T> extends Column<T> {
  readonly isJson: true;
}

/** Any column. */
export type AnyColumn = Column<unknown, Optionality, boolean>;

/** The columns of an entity by property name. */
export type Columns = Readonly<Record<string, AnyColumn>>;

/** The type of a column's property. */
export type ValueOf<C> = C extends { readonly [VALUE]: { readonly type: infer T } } ? T : never;

/** Whether a new entity may leave the column out. */
export type IsOptional<C> = C extends { readonly [VALUE]: { readonly optional: infer O } } ? O : never;

/** Whether the column is part of the key. */
export type IsPrimary<C> = C extends { readonly [VALUE]: { readonly primary: infer P } } ? P : never;
