import { COLUMN, type Columns } from '../codec/column.ts';
import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import type { Embedding } from './embedding.ts';
import { allColumns, declarationOf } from './entity-declaration.ts';

/**
 * What `JSON.stringify(entity)` shows: columns without hidden ones, and the keys of relations as far as they are known.
 * A bigint is shown as a string and bytes as base64, because JSON has neither.
 */
export function entityToJson(entity: object): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const [property, value] of visibleProperties(entity)) {
    const relation = value instanceof Reference || value instanceof EntityCollection;
    const json = relation ? jsonKey(value.toJSON()) : jsonValue(value);
    if (json !== undefined) shown[property] = json;
  }
  return shown;
}

/**
 * A plain copy of an entity for `structuredClone`, `postMessage` or a template: columns without hidden ones as they are,
 * relations as keys (a to-one) or arrays of keys (a loaded to-many).
 */
export function toPlain(entity: object): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  const columns = columnsOf(entity);
  for (const [property, value] of visibleProperties(entity)) {
    const relation = value instanceof Reference || value instanceof EntityCollection;
    const embedding = columns[property]?.[COLUMN].embedded as Embedding | undefined;
    const shown = relation ? value.toJSON() : embedding === undefined ? value : embedding.toPlain(value);
    if (shown !== undefined) plain[property] = shown;
  }
  return plain;
}

function columnsOf(entity: object): Columns {
  const declaration = declarationOf(entity.constructor);
  return declaration === undefined ? {} : allColumns(declaration);
}

function visibleProperties(entity: object): [string, unknown][] {
  const columns = columnsOf(entity);
  const visible = Object.entries(entity).filter(([property]) => columns[property]?.[COLUMN].hidden !== true);
  // Columns first, however the fields were initialized.
  const isColumn = ([property]: [string, unknown]): boolean => Object.hasOwn(columns, property);
  return [...visible.filter(isColumn), ...visible.filter((entry) => !isColumn(entry))];
}

/** What JSON shows of a value that it has no form for. */
export function jsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Uint8Array ? base64(value) : value;
}

/** What JSON shows of the keys that a relation tells: one, or a list of them, each a value or an object of its parts. */
function jsonKey(key: unknown): unknown {
  if (Array.isArray(key)) return key.map(jsonKey);
  if (typeof key !== 'object' || key === null || key instanceof Date || key instanceof Uint8Array)
    return jsonValue(key);
  return Object.fromEntries(Object.entries(key).map(([property, part]) => [property, jsonKey(part)]));
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

// btoa is no part of the language, and the core runs where nothing else is.
function base64(bytes: Uint8Array): string {
  let encoded = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second = 0, third = 0] = bytes.subarray(index, index + 3);
    const group = (first << 16) | (second << 8) | third;
    for (let shift = 18; shift >= 0; shift -= 6) encoded += DIGITS[(group >> shift) & 63];
  }
  const padding = (3 - (bytes.length % 3)) % 3;
  return encoded.slice(0, encoded.length - padding) + '='.repeat(padding);
}
