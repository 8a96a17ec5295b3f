import { toHex } from '../codec/hex.ts';
import type { ColumnMetadata } from '../metadata/entity-metadata.ts';
import type { WireKey, WireRow, WireValue } from '../wire/wire-value.ts';

/** A key as the identity map looks it up: numbers and texts are themselves, so that nothing is hashed twice. */
export type IdentityKey = string | number | bigint | boolean | null;

/**
 * The identity of a key: two keys are the same row's exactly when their identities are equal. Parts of a composite key
 * carry their type and length; a separator alone would let `('x~', 'y')` and `('x', '~y')` meet.
 */
export function identityKey(columns: readonly ColumnMetadata[], key: WireKey): IdentityKey {
  if (Array.isArray(key)) {
    return columns.map((column, index) => sized(part(column, (key as readonly WireValue[])[index] ?? null))).join('');
  }
  const [only] = columns;
  return only === undefined ? null : part(only, key as WireValue);
}

/** Reads the identity of a row that begins at an offset of a longer one; null where a part of it is NULL. */
export function createKeyReader(columns: readonly ColumnMetadata[]): (row: WireRow, offset: number) => IdentityKey {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) {
    const { index } = only;
    if (only.type.name !== 'bigint' && only.type.name !== 'bytes')
      return (row, offset) => row[offset + index] as IdentityKey;
    return (row, offset) => part(only, row[offset + index] ?? null);
  }
  return (row, offset) => {
    const key = columns.map((column) => row[offset + column.index] ?? null);
    // A row that an outer join left empty, or a foreign key that refers to nothing.
    return key.includes(null) ? null : identityKey(columns, key);
  };
}

// A driver may hand the same 64-bit key out as a number here and a bigint there.
function part(column: ColumnMetadata, value: WireValue): IdentityKey {
  if (value instanceof Uint8Array) return toHex(value);
  if (column.type.name === 'bigint' && typeof value === 'number') return BigInt(value);
  return value;
}

function sized(value: IdentityKey): string {
  const text = String(value);
  return `${text.length}:${text}`;
}
