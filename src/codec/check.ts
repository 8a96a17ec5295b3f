import type { ColumnTypeName } from './column-type.ts';

/** What is wrong with a value. The message never shows the value, because it may be a secret. */
export interface CheckIssue {
  readonly message: string;
  /** Where in the value, for one that has parts; empty for the value itself. */
  readonly path: readonly (string | number)[];
}

/**
 * A condition that values have to meet before a flush sends them, as the functions of `meshestra/validation` make it. `T` is
 * what it can judge: a check of texts cannot be given to a column of numbers.
 */
export interface Check<in T> {
  /** The types of columns it is for, where the type of its values does not say so; null for all. */
  readonly columns: readonly ColumnTypeName[] | null;
  /** What is wrong with a value, which is never null or undefined. */
  readonly test: (value: T) => readonly CheckIssue[] | Promise<readonly CheckIssue[]>;
  /** What runs checks: the functions that make them bring it, so that a program without does not hold it. */
  readonly support: object;
}

/** A check of values that only the checked column knows. */
export type AnyCheck = Check<never>;
