import * as z from 'zod';

/** A whole number in a URL. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));

const bytes = new TextEncoder();

/** Part of a name. D1 takes patterns of 50 bytes: two are the wildcards, and each other one may have to be escaped. */
export const partOfName = z
  .string()
  .min(1)
  .refine((text) => bytes.encode(text).length <= 24, 'must have 24 bytes at most');

/** Which part of a list is wanted. */
export const page = {
  limit: wholeNumber(1, 100).default(20),
  offset: wholeNumber(0, 100_000).default(0),
};

/** The version that is to be removed, as it was read. */
export const RemovedVersion = z.strictObject({ version: wholeNumber(1, 999_999_999) });
