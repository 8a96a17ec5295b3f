declare const EMBEDDED: unique symbol;

/** Marks a property that holds an embedded value; there for the compiler only. */
export interface EmbeddedMark<A extends 'columns' | 'json'> {
  readonly [EMBEDDED]?: A;
}

/** An embedded value with columns of its own; what `embedded(Address)` gives, and what a decorated field is declared as. */
export type Embedded<T extends object> = T & EmbeddedMark<'columns'>;

/** An embedded value in one JSON column; what `embedded(Address, { as: 'json' })` gives. */
export type EmbeddedJson<T extends object> = T & EmbeddedMark<'json'>;

/** How a property's value is embedded; never where it is not. */
export type EmbeddedAs<V> = V extends object
  ? typeof EMBEDDED extends keyof V
    ? V extends EmbeddedMark<infer A>
      ? A
      : never
    : never
  : never;
