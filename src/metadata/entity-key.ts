import { InvalidValue } from '../codec/codec.ts';
import { ValidationError } from '../errors.ts';
import type { WireKey, WireRow, WireValue } from '../wire/wire-value.ts';
import type { ColumnMetadata, EntityMetadata } from './entity-metadata.ts';

/** Encodes a value for a column. Throws `validation` that names entity and property, and never shows the value. */
export function encodeColumn(meta: EntityMetadata, column: ColumnMetadata, value: unknown): WireValue {
  try {
    return column.codec.encode(value);
  } catch (cause) {
    if (!(cause instanceof InvalidValue)) throw cause;
    throw new ValidationError(`${meta.table}.${column.property}: ${cause.message}`, {
      entity: meta.table,
      property: column.property,
    });
  }
}

/**
 * The wire values of a key as the application writes it: one value, or an object of the key's properties. Throws
 * `validation` for anything else.
 */
export function encodeKey(meta: EntityMetadata, key: unknown): WireKey {
  const columns = meta.root.primaryKey;
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) return encodeKeyPart(meta, only, key);
  if (typeof key !== 'object' || key === null) throw halfKey(meta);
  return columns.map((column) => {
    if (!Object.hasOwn(key, column.property)) throw halfKey(meta);
    const part: unknown = Reflect.get(key, column.property);
    return encodeKeyPart(meta, column, part);
  });
}

function encodeKeyPart(meta: EntityMetadata, column: ColumnMetadata, value: unknown): WireValue {
  if (value === null || value === undefined) {
    throw new ValidationError(
      `${meta.table}.${column.property}: a key cannot be ${value === null ? 'null' : 'undefined'}`,
      {
        entity: meta.table,
        property: column.property,
      },
    );
  }
  return encodeColumn(meta, column, value);
}

function halfKey(meta: EntityMetadata): ValidationError {
  const names = meta.root.primaryKey.map((column) => column.property).join(', ');
  return new ValidationError(`${meta.table}: the key is composite; give an object of all its parts: ${names}`, {
    entity: meta.table,
  });
}

/** The key as the application sees it. */
export function decodeKey(meta: EntityMetadata, wire: WireKey): unknown {
  const columns = meta.root.primaryKey;
  const [only] = columns;
  if (!Array.isArray(wire)) return only?.codec.decode(wire as WireValue);
  const parts = wire as readonly WireValue[];
  return Object.fromEntries(
    columns.map((column, index) => [column.property, column.codec.decode(parts[index] ?? null)]),
  );
}

/** The values of some columns of a row: the value itself where it is one column, as everywhere for keys. */
export function keyOfRow(columns: readonly ColumnMetadata[], row: WireRow): WireKey {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) return row[only.index] ?? null;
  return columns.map((column) => row[column.index] ?? null);
}

/** A key as a list of its parts. */
export function keyParts(wire: WireKey): readonly WireValue[] {
  return Array.isArray(wire) ? (wire as readonly WireValue[]) : [wire as WireValue];
}
