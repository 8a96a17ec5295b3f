import type { Codec } from '../../src/codec/codec.ts';
import { type AnyColumn, COLUMN } from '../../src/codec/column.ts';
import {
  bigint,
  boolean,
  bytes,
  date,
  datetime,
  decimal,
  float,
  integer,
  json,
  text,
  uuid,
} from '../../src/codec/column-builder.ts';
import type { ColumnType, ColumnTypeName } from '../../src/codec/column-type.ts';
import { sqlite } from '../../src/dialect/sqlite/index.ts';

const builders: Readonly<Record<ColumnTypeName, (options: never) => AnyColumn>> = {
  integer,
  bigint,
  float,
  decimal,
  text,
  uuid,
  boolean,
  datetime,
  date,
  json,
  bytes,
};

/** The codec that a column of the type has on SQLite. */
export function codecOf(type: ColumnType): Codec {
  return sqlite.codec(type, builders[type.name](type as never)[COLUMN].codec);
}
