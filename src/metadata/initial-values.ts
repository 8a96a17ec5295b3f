import { COLUMN, type Columns, type DefaultDefinition } from '../codec/column.ts';
import type { Embedding } from './embedding.ts';
import { invalid } from './entity-error.ts';

/**
 * Gives a new entity its columns' values: those of `values`, else defaults, else null where a column may be NULL, else
 * undefined. `now` gives the instant for `defaultNow()`; without it such a column stays undefined until the flush.
 */
export function assignInitialValues(
  entity: object,
  table: string,
  columns: Columns,
  values: Readonly<Record<string, unknown>>,
): void {
  for (const property of Object.keys(values)) {
    if (!Object.hasOwn(columns, property)) {
      throw invalid(table, property, 'no such column; relations are set by em.create or by their own set() and add()');
    }
  }
  const target = entity as Record<string, unknown>;
  for (const property in columns) {
    const definition = columns[property]?.[COLUMN];
    if (definition === undefined) continue;
    const given = Object.hasOwn(values, property) ? values[property] : undefined;
    const value = given === undefined ? initialValue(definition.default, definition.nullable) : given;
    const embedding = definition.embedded as Embedding | undefined;
    target[property] = embedding?.take(table, property, value) ?? value;
  }
}

/** The value of a property that was left out. */
export function initialValue(initial: DefaultDefinition | null, nullable: boolean): unknown {
  if (initial?.kind === 'value') return copyOf(initial.value);
  if (initial?.kind === 'function') return initial.make();
  // `now` is the driver's clock's, which is known at the flush.
  return nullable && initial === null ? null : undefined;
}

// An entity may change its value in place, which must not change the default of all others.
function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return new Date(value);
  if (value instanceof Uint8Array) return value.slice();
  return JSON.parse(JSON.stringify(value));
}
