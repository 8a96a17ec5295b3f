import { parseDuration } from '../ui/format.ts';
import type { Field, FieldValue, FieldValues } from './form-spec.ts';

/** What is wrong with a form, by field name; empty where nothing is. */
export function validate(fields: readonly Field[], values: FieldValues): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  for (const field of fields) {
    const problem = problemOf(field, values[field.name] ?? null);
    if (problem !== null) problems.set(field.name, problem);
  }
  return problems;
}

function problemOf(field: Field, value: FieldValue): string | null {
  if (value === null || (typeof value === 'string' && value.trim() === '')) {
    return field.required ? `${field.label} is needed.` : null;
  }
  switch (field.kind) {
    case 'text':
    case 'notes':
      return String(value).length > field.maxLength ? `At most ${field.maxLength} characters.` : null;
    case 'year':
      return isWhole(value, 1000, 2999) ? null : 'A year of four digits.';
    case 'whole':
      return isWhole(value, field.min, field.max) ? null : `A whole number from ${field.min} to ${field.max}.`;
    case 'duration':
      return parseDuration(String(value)) === null ? 'Minutes and seconds, such as 3:45.' : null;
    default:
      return null;
  }
}

function isWhole(value: FieldValue, min: number, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}
