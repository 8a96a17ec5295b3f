import { InvalidValue } from '../codec/codec.ts';
import type { ValidationError } from '../errors.ts';
import type { WireKey, WireRow, WireValue } from '../wire/wire-value.ts';
import { invalid } from './entity-error.ts';
import { type ColumnMetadata, type EntityMetadata, isComputed } from './entity-metadata.ts';

/** Encodes a value for a column. Throws `validation` that names entity and property, and never shows the value. */
export function encodeColumn(meta: EntityMetadata, column: ColumnMetadata, value: unknown): WireValue {
  try {
    return column.codec.encode(value);
  } catch (cause) {
    if (!(cause instanceof InvalidValue)) throw cause;
    throw invalid(meta.table, column.property, `${cause.message}`);
  }
}

/** Throws `validation` where a column that was given a value is one that the database computes. */
export function refuseComputed({ table }: EntityMetadata, column: ColumnMetadata): void {
  if (isComputed(column)) throw invalid(table, column.property, 'the database computes it, so that it cannot be set');
}

/**
 * The wire values of a key as the application writes it: one value, or an object of the key's properties, in which a
 * relation stands with its own key. Throws `validation` for anything else.
 */
export function encodeKey(meta: EntityMetadata, key: unknown): WireKey {
  const [only] = meta.root.primaryKey;
  if (meta.root.primaryKey.length === 1 && only !== undefined) return encodeKeyPart(meta, only, key);
  const members = keyMembers(meta);
  const [member] = members;
  if (members.length === 1 && member !== undefined) return encodeMember(meta, member, key);
  if (typeof key !== 'object' || key === null) throw halfKey(meta);
  return members.flatMap((part) => {
    if (!Object.hasOwn(key, part.property)) throw halfKey(meta);
    return keyParts(encodeMember(meta, part, Reflect.get(key, part.property)));
  });
}

/** A property of a key: a column, or a relation whose foreign key is part of the key. */
interface KeyMember {
  readonly property: string;
  readonly columns: readonly [ColumnMetadata, ...ColumnMetadata[]];
  readonly target: EntityMetadata | null;
}

function keyMembers({ root }: EntityMetadata): KeyMember[] {
  const members = new Map<string, KeyMember>();
  for (const column of root.primaryKey) {
    const { property } = column;
    const known = members.get(property);
    const columns: KeyMember['columns'] = known === undefined ? [column] : [...known.columns, column];
    members.set(property, { property, columns, target: root.relations.get(property)?.target ?? null });
  }
  return [...members.values()];
}

function encodeMember(meta: EntityMetadata, { columns, target }: KeyMember, value: unknown): WireKey {
  return target === null || columns.length === 1 ? encodeKeyPart(meta, columns[0], value) : encodeKey(target, value);
}

/** The properties of a key, each once: for a composite key those of the object that it is. */
export function keyProperties(meta: EntityMetadata): readonly string[] {
  return keyMembers(meta).map(({ property }) => property);
}

function encodeKeyPart(meta: EntityMetadata, column: ColumnMetadata, value: unknown): WireValue {
  if (value === null || value === undefined) {
    throw invalid(meta.table, column.property, `a key cannot be ${value === null ? 'null' : 'undefined'}`);
  }
  return encodeColumn(meta, column, value);
}

function halfKey(meta: EntityMetadata): ValidationError {
  const names = keyProperties(meta).join(', ');
  return invalid(meta.table, null, `the key is composite; give an object of all its parts: ${names}`);
}

/** The key as the application sees it. */
export function decodeKey(meta: EntityMetadata, wire: WireKey): unknown {
  const [only] = meta.root.primaryKey;
  if (!Array.isArray(wire)) return only?.codec.decode(wire as WireValue);
  const parts = wire as readonly WireValue[];
  const members = keyMembers(meta);
  const [member] = members;
  if (members.length === 1 && member !== undefined) return decodeMember(member, parts);
  let from = 0;
  const entries = members.map((part) => {
    const to = from + part.columns.length;
    const entry = [part.property, decodeMember(part, parts.slice(from, to))] as const;
    from = to;
    return entry;
  });
  return Object.fromEntries(entries);
}

function decodeMember({ columns, target }: KeyMember, parts: readonly WireValue[]): unknown {
  if (target === null || columns.length === 1) return columns[0].codec.decode(parts[0] ?? null);
  return decodeKey(target, parts);
}

/** The key in some columns of a row: the value itself where it is one column, null where any part of several is NULL. */
export function keyOfRow(columns: readonly ColumnMetadata[], row: WireRow): WireKey {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) return row[only.index] ?? null;
  const parts = columns.map((column) => row[column.index] ?? null);
  return parts.includes(null) ? null : parts;
}

/** A key as a list of its parts. */
export function keyParts(wire: WireKey): readonly WireValue[] {
  return Array.isArray(wire) ? (wire as readonly WireValue[]) : [wire as WireValue];
}
