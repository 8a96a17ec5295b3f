import { type ColumnMetadata, isComputed } from '../metadata/entity-metadata.ts';
import type { WireValue } from '../wire/wire-value.ts';

/**
 * A value that a row can have for the time between two statements of a flush, because no other row has it: NULL where the
 * column takes it, else one by chance out of a range so wide that it meets none, and that applications do not use. Gives
 * undefined where there is no such value: a column of few values, or a foreign key that may not be NULL.
 */
export function parkedValue(column: ColumnMetadata): WireValue | undefined {
  if (column.version || column.role === 'discriminator' || isComputed(column)) return undefined;
  if (column.nullable) return null;
  const value = column.role === 'scalar' && column.type.custom === undefined ? freeValue(column) : undefined;
  return value === undefined ? undefined : column.codec.encode(value);
}

/** Whether {@link parkedValue} has one. */
export function canPark(column: ColumnMetadata): boolean {
  return parkedValue(column) !== undefined;
}

function freeValue({ type }: ColumnMetadata): unknown {
  switch (type.name) {
    case 'integer':
      return -(1 + randomBelow(Number.MAX_SAFE_INTEGER));
    case 'bigint':
      return -BigInt(1 + randomBelow(Number.MAX_SAFE_INTEGER)) * 512n;
    case 'float':
      return -(1 + randomBelow(Number.MAX_SAFE_INTEGER)) * 1e200;
    case 'decimal':
      return type.precision - type.scale < 12 ? undefined : String(-(1 + randomBelow(10 ** 12 - 1)));
    case 'text':
      return type.values === undefined ? freeText(type.maxLength ?? 36) : undefined;
    case 'uuid':
      return crypto.randomUUID();
    case 'bytes':
      return crypto.getRandomValues(new Uint8Array(16));
    case 'datetime':
      return new Date(FAR_FUTURE + randomBelow(3000 * 365 * DAY));
    case 'date':
      return new Date(FAR_FUTURE + randomBelow(3000 * 365) * DAY).toISOString().slice(0, 10);
    default:
      return undefined;
  }
}

const DAY = 86_400_000;
const FAR_FUTURE = Date.UTC(6000, 0, 1);
const PRIVATE_USE = 0xe000;

// Where a UUID does not fit: characters that mean nothing in any language.
function freeText(maxLength: number): string {
  if (maxLength >= 36) return crypto.randomUUID();
  const codes = Array.from({ length: Math.min(maxLength, 12) }, () => PRIVATE_USE + randomBelow(6400));
  return String.fromCharCode(...codes);
}

function randomBelow(limit: number): number {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return Math.floor((((high & 0x1fffff) * 2 ** 32 + low) / 2 ** 53) * limit);
}
