import type { BuiltQuery } from './built-query.ts';

// Values of one type to the database, whether or not they may be NULL or are declared one by one.
type Loose<V> = V extends string
  ? string
  : V extends number
    ? number
    : V extends bigint
      ? bigint
      : V extends boolean
        ? boolean
        : V extends Date | Uint8Array | null
          ? V
          : { [K in keyof V]: Loose<Exclude<V[K], null>> };

type Same<A, B> = [Loose<Exclude<A, null>>, Loose<Exclude<B, null>>] extends [
  Loose<Exclude<B, null>>,
  Loose<Exclude<A, null>>,
]
  ? unknown
  : 'the queries select different properties, or properties of different types';

/** A query with rows `B`, which have the properties of `A` in the same types; what is NULL in one of them only may be so in both. */
export type Matching<A, B> = BuiltQuery<B> & Same<A, B>;

/** What is a row of either of two queries. */
export type Either<A, B> = [A] extends [B]
  ? B
  : [B] extends [A]
    ? A
    : A extends object
      ? B extends object
        ? { [K in keyof A & keyof B]: Either<A[K], B[K]> }
        : A | B
      : A | B;
