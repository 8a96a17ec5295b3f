import type { Check, CheckIssue } from '../codec/check.ts';
import { countCodePoints } from '../codec/code-points.ts';
import type { ColumnTypeName } from '../codec/column-type.ts';
import { ConfigurationError } from '../errors.ts';
import type { SchemaInput, StandardIssue, StandardSchema } from './standard-schema.ts';
import { validationSupport } from './validation-support.ts';

const NONE: readonly CheckIssue[] = [];

/** The least and the most that is allowed, both included; at least one of them. */
export interface Bounds<T> {
  readonly min?: T;
  readonly max?: T;
}

function check<T>(
  columns: readonly ColumnTypeName[] | null,
  message: string,
  isRight: (value: T) => boolean,
): Check<T> {
  const issues = Object.freeze([Object.freeze({ message, path: [] })]);
  return Object.freeze({ columns, test: (value: T) => (isRight(value) ? NONE : issues), support: validationSupport });
}

/**
 * At least so many characters (Unicode code points, as `maxLength` counts them) of a text, or bytes.
 *
 * @example
 * ```ts
 * import { Entity, integer, text } from 'meshestra';
 * import { minLength, pattern, range } from 'meshestra/validation';
 *
 * class Product extends Entity('products', {
 *   id: integer().primaryKey().generated(),
 *   name: text().check(minLength(1)),
 *   sku: text().check(pattern(/^[A-Z]{3}-\d+$/)),
 *   stock: integer().check(range({ min: 0 })),
 * }) {}
 * ```
 */
export function minLength(least: number): Check<string | Uint8Array> {
  refuseLength('minLength', least);
  return check(['text', 'bytes'], `expected at least ${least} ${units(least)}`, (value) => lengthOf(value) >= least);
}

/** At most so many characters (Unicode code points) of a text, or bytes. A `maxLength` of `text()` is in the schema, too. */
export function maxLength(most: number): Check<string | Uint8Array> {
  refuseLength('maxLength', most);
  return check(['text', 'bytes'], `expected at most ${most} ${units(most)}`, (value) => lengthOf(value) <= most);
}

function units(count: number): string {
  return count === 1 ? 'character or byte' : 'characters or bytes';
}

function lengthOf(value: string | Uint8Array): number {
  return typeof value === 'string' ? countCodePoints(value) : value.length;
}

/** A text in which the expression is found; anchor it to mean the whole text. The flags `g` and `y` do not matter. */
export function pattern(expression: RegExp): Check<string> {
  // Those keep a place from one test to the next.
  const own = new RegExp(expression.source, expression.flags.replace(/[gy]/g, ''));
  return check(['text', 'uuid', 'date', 'decimal'], `expected a text that matches ${own}`, (value) => own.test(value));
}

/** One of some values. `text({ values })` is this with the values as the type and in the schema. */
export function oneOf<const T extends string | number | bigint | boolean>(values: readonly T[]): Check<Widened<T>> {
  const allowed = new Set<unknown>(values);
  return check(null, 'expected one of the allowed values', (value) => allowed.has(value));
}

type Widened<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends bigint
      ? bigint
      : T extends boolean
        ? boolean
        : never;

/** A number, a bigint or an instant between two others, both included. */
export function range(bounds: Bounds<number>): Check<number>;
export function range(bounds: Bounds<bigint>): Check<bigint>;
export function range(bounds: Bounds<Date>): Check<Date>;
export function range<T extends number | bigint | Date>({ min, max }: Bounds<T>): Check<T> {
  refuseBounds('range', min, max, isOrdered);
  const shown = (bound: T) => (bound instanceof Date ? bound.toISOString() : String(bound));
  return check(null, boundsText(min, max, shown), (value) => !(isBelow(value, min) || isBelow(max, value)));
}

const isOrdered = (value: unknown): boolean =>
  typeof value === 'bigint' || ((typeof value === 'number' || value instanceof Date) && !Number.isNaN(Number(value)));

function isBelow<T extends number | bigint | Date | string>(one: T | undefined, other: T | undefined): boolean {
  return one !== undefined && other !== undefined && one < other;
}

/** A day of a `date()` column between two others, both included: `dayRange({ min: '2000-01-01' })`. */
export function dayRange({ min, max }: Bounds<string>): Check<string> {
  refuseBounds('dayRange', min, max, (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value));
  return check(['date'], boundsText(min, max, String), (value) => !(isBelow(value, min) || isBelow(max, value)));
}

/** A number of a `decimal()` column between two others, both included, compared exactly: `decimalRange({ min: '0.01' })`. */
export function decimalRange({ min, max }: Bounds<string>): Check<string> {
  refuseBounds('decimalRange', min, max, (value) => typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
  const isLess = (one: string | undefined, other: string | undefined) =>
    one !== undefined && other !== undefined && compareDecimals(one, other) < 0;
  return check(['decimal'], boundsText(min, max, String), (value) => !(isLess(value, min) || isLess(max, value)));
}

function compareDecimals(one: string, other: string): number {
  const [whole, fraction] = [one, other].map((text) => text.replace('-', '').split('.')[1]?.length ?? 0) as [
    number,
    number,
  ];
  const scale = Math.max(whole, fraction);
  const difference = scaled(one, scale) - scaled(other, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function scaled(text: string, scale: number): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(scale, '0'));
}

/**
 * A condition of one's own, which may be asynchronous.
 *
 * @param message - what is wrong with a value that does not meet it
 *
 * @example
 * ```ts
 * import { Entity, integer, text } from 'meshestra';
 * import { satisfies } from 'meshestra/validation';
 *
 * class Booking extends Entity(
 *   'bookings',
 *   { id: integer().primaryKey().generated(), first: integer(), last: integer(), code: text() },
 *   { checks: [satisfies(({ first, last }) => first <= last, 'the last day comes before the first', ['last'])] },
 * ) {}
 * ```
 *
 * @param path - where it is wrong: for a check of a whole entity, the property
 */
export function satisfies<T>(
  condition: (value: T) => boolean | Promise<boolean>,
  message: string,
  path: readonly (string | number)[] = [],
): Check<T> {
  const issues = Object.freeze([Object.freeze({ message, path })]);
  const told = (isRight: boolean) => (isRight ? NONE : issues);
  return Object.freeze({
    columns: null,
    test: (value: T) => {
      const answer = condition(value);
      return typeof answer === 'boolean' ? told(answer) : answer.then(told);
    },
    support: validationSupport,
  });
}

/**
 * What a schema of zod, valibot, arktype or any other Standard Schema says, of a column or of a whole entity. It only judges:
 * what the schema makes of the value, trimmed or with defaults, is not taken over.
 *
 * @example
 * ```ts
 * import { Entity, integer, json, text } from 'meshestra';
 * import { schema } from 'meshestra/validation';
 * import { z } from 'zod';
 *
 * class Account extends Entity('accounts', {
 *   id: integer().primaryKey().generated(),
 *   email: text().check(schema(z.email())),
 *   settings: json<{ theme: string }>().check(schema(z.object({ theme: z.string().min(1) }))),
 * }) {}
 * ```
 */
export function schema<S extends StandardSchema>(standard: S): Check<SchemaInput<S>> {
  const props = (standard as Partial<StandardSchema> | null | undefined)?.['~standard'];
  if (props?.version !== 1 || typeof props.validate !== 'function') {
    throw new ConfigurationError(
      'schema(): expected a Standard Schema, version 1, such as those of zod, valibot and arktype',
    );
  }
  return Object.freeze({
    columns: null,
    test: (value: SchemaInput<S>) => {
      // Called on its object, as the libraries do.
      const result = props.validate(value);
      return result instanceof Promise ? result.then(({ issues }) => read(issues)) : read(result.issues);
    },
    support: validationSupport,
  });
}

// Not by map(): arktype has a path of its own kind, which would make another one.
function read(issues: readonly StandardIssue[] | undefined): readonly CheckIssue[] {
  return (issues ?? NONE).map(({ message, path = [] }) => ({ message, path: Array.from(path, segmentOf) }));
}

function segmentOf(segment: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = typeof segment === 'object' ? segment.key : segment;
  return typeof key === 'symbol' ? String(key) : key;
}

function refuseLength(name: string, length: number): void {
  if (Number.isSafeInteger(length) && length >= 0) return;
  throw new ConfigurationError(`${name}(): expected a whole number, 0 or more, got ${String(length)}`);
}

function refuseBounds<T>(name: string, min: T | undefined, max: T | undefined, isBound: (bound: T) => boolean): void {
  for (const bound of [min, max]) {
    if (bound === undefined || isBound(bound)) continue;
    throw new ConfigurationError(`${name}(): ${String(bound)} is no bound`);
  }
  if (min === undefined && max === undefined) throw new ConfigurationError(`${name}(): expected min, max, or both`);
}

function boundsText<T>(min: T | undefined, max: T | undefined, shown: (bound: T) => string): string {
  if (min === undefined) return `expected at most ${shown(max as T)}`;
  return max === undefined ? `expected at least ${shown(min)}` : `expected ${shown(min)} to ${shown(max)}`;
}
