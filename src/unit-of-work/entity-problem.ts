import { Reference } from '../criteria/reference.ts';
import type { ValidationProblem } from '../errors.ts';
import { decodeKey, keyOfRow, keyProperties } from '../metadata/entity-key.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import type { WrittenEntity } from './written-entities.ts';

/** What is wrong at one place of an entity. */
export function entityProblem(
  unit: UnitOfWork,
  written: Omit<WrittenEntity, 'columns'>,
  path: readonly (string | number)[],
  message: string,
): ValidationProblem {
  return Object.freeze({
    entity: written.meta.table,
    key: keyShown(unit, written),
    path: Object.freeze(path),
    message,
  });
}

function keyShown(unit: UnitOfWork, { entity, meta, row }: Omit<WrittenEntity, 'columns'>): unknown {
  if (row !== null) return decodeKey(meta, keyOfRow(meta.root.primaryKey, row));
  const parts = keyProperties(meta).map((property) => [property, partOf(unit, Reflect.get(entity, property))] as const);
  const [only] = parts;
  if (parts.some(([, value]) => value == null)) return null;
  return parts.length === 1 ? only?.[1] : Object.fromEntries(parts);
}

// A related entity without a row has no key to be shown.
function partOf(unit: UnitOfWork, value: unknown): unknown {
  if (!(value instanceof Reference)) return value;
  const held = Reference.valueOf(value);
  const isPending = typeof held === 'object' && held !== null && unit.pending.has(held);
  return isPending || Reference.stateOf(value) === 'unset' || Reference.ownerOf(value) === null ? null : value.id;
}
