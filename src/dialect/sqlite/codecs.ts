import { bigintCodec } from '../../codec/bigint.ts';
import { booleanAsInteger } from '../../codec/boolean.ts';
import { bytesCodec } from '../../codec/bytes.ts';
import type { Codec } from '../../codec/codec.ts';
import type { ColumnType } from '../../codec/column-type.ts';
import { dateCodec } from '../../codec/date.ts';
import { datetimeAsMilliseconds } from '../../codec/datetime.ts';
import { decimalCodec } from '../../codec/decimal.ts';
import { finiteFloatCodec } from '../../codec/float.ts';
import { integerCodec } from '../../codec/integer.ts';
import { jsonCodec } from '../../codec/json.ts';
import { textCodec } from '../../codec/text.ts';
import { uuidCodec } from '../../codec/uuid.ts';

const codecs = {
  integer: integerCodec,
  bigint: bigintCodec,
  float: finiteFloatCodec,
  uuid: uuidCodec,
  boolean: booleanAsInteger,
  datetime: datetimeAsMilliseconds,
  date: dateCodec,
  json: jsonCodec,
  bytes: bytesCodec,
} as const;

/** How SQLite stores each type. */
export function codecOf(type: ColumnType): Codec {
  if (type.name === 'text') return textCodec(type);
  return type.name === 'decimal' ? decimalCodec(type) : codecs[type.name];
}
