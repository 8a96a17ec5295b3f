import type { EntityManager } from 'meshestra';

/** What a form control holds. Many-valued ones hold keys as texts, a relation by name holds the name. */
export type FieldValue = string | number | null | readonly string[];
/** The values of a form, by field name. */
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** How a field is shown and what it accepts. */
export type FieldKind =
  | { readonly kind: 'text'; readonly maxLength: number }
  | { readonly kind: 'notes'; readonly maxLength: number }
  | { readonly kind: 'year' }
  | { readonly kind: 'whole'; readonly min: number; readonly max: number }
  | { readonly kind: 'duration' }
  | { readonly kind: 'rating' }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  /** A to-one relation, chosen or made anew by its name. */
  | { readonly kind: 'one'; suggest(em: EntityManager, part: string): Promise<readonly string[]> }
  /** A to-many relation, chosen from all there are: key as text -> name. */
  | { readonly kind: 'many'; options(em: EntityManager): Promise<ReadonlyMap<string, string>> };

/** One field of a form. */
export type Field = FieldKind & {
  readonly name: string;
  readonly label: string;
  readonly required?: boolean;
  readonly hint?: string;
};

/** An entity that a form can edit: it has a generated key and, where it can go stale, a version. */
export interface Editable {
  readonly id: number;
  readonly version?: number;
}

/** What the edit dialog needs to know of one kind of entity. */
export interface FormSpec<T extends Editable> {
  /** `album`, as in "Edit album". */
  readonly noun: string;
  readonly table: string;
  readonly fields: readonly Field[];
  /** The name of one entity, for messages. */
  name(values: FieldValues): string;
  /** Loads one entity with the relations its fields show; null where it is gone. */
  load(em: EntityManager, id: number): Promise<T | null>;
  /** The fields' values of a loaded entity. */
  read(entity: T): FieldValues;
  /** Puts one field's value into the entity; resolves with the entities it had to make for it. */
  write(em: EntityManager, entity: T, name: string, value: FieldValue): Promise<readonly Editable[]>;
  /** Schedules a new entity. */
  create(em: EntityManager, values: FieldValues): Promise<{ readonly entity: T; readonly made: readonly Editable[] }>;
}

/** Whether two values of a field are the same; the order of a many-valued one says nothing. */
export function sameValue(a: FieldValue, b: FieldValue): boolean {
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    return a.length === b.length && a.every((value) => b.includes(value));
  }
  return a === b;
}

/** A text field's value: trimmed, and null instead of nothing. */
export function textOrNull(value: FieldValue): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? null : text;
}

/** A required text field's value, trimmed. */
export const textOf = (value: FieldValue): string => textOrNull(value) ?? '';

/** A number field's value. */
export const numberOrNull = (value: FieldValue): number | null => (typeof value === 'number' ? value : null);
