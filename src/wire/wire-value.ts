/**
 * The only values that cross between the core and a driver. An integer beyond ±(2^53 - 1) crosses as a `bigint` in both
 * directions; a driver never rounds one.
 */
export type WireValue = null | string | number | bigint | boolean | Uint8Array;

/** One row as the driver returned it, in the order of {@link ResultSet.columns}. */
export type WireRow = readonly WireValue[];

/** A key, or a foreign key: the one value, or the values in key order where there are several columns. */
export type WireKey = WireValue | readonly WireValue[];
