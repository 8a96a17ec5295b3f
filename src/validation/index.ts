/**
 * Checks of columns and entities that a flush makes before it sends anything: `text().check(minLength(1))`, and schemas of
 * zod, valibot, arktype and others.
 *
 * @module
 */
export type { Check, CheckIssue } from '../codec/check.ts';
export {
  type Bounds,
  dayRange,
  decimalRange,
  maxLength,
  minLength,
  oneOf,
  pattern,
  range,
  satisfies,
  schema,
} from './checks.ts';
export type { SchemaInput, StandardIssue, StandardResult, StandardSchema } from './standard-schema.ts';
