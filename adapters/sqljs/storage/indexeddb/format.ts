/**
 * What the one object store of a database holds, under out-of-line keys:
 *
 * - `n`, a number: segment n of the file, {@link StoredMeta.segment} bytes. Segments are the image of version `base`, and
 *   parts of them may be newer.
 * - `['w', version, part]`: a {@link CommitRecord}, the units that a commit changed.
 * - `'meta'`: {@link StoredMeta}.
 *
 * Every unit that changed since `base` is in a record newer than `base`. So the newest record of a unit wins over the
 * segment, and a segment may be rewritten at any time with what is stored by then.
 */
export interface StoredMeta {
  readonly format: number;
  /** Drawn at the first commit: tells a database from another that took its name later. */
  readonly id: string;
  readonly unit: number;
  readonly segment: number;
  readonly size: number;
  readonly version: number;
  readonly base: number;
  /** How many segments belong to the image of `base`; these must be there. */
  readonly baseSegments: number;
  /** Records up to this version are gone; who knows less must load anew. */
  readonly floor: number;
  /** Bytes in the records newer than `base`. */
  readonly logBytes: number;
  /** Drawn for every commit: tells whether a commit whose answer was lost got through. */
  readonly writer: string;
}

/** A part of one commit. */
export interface CommitRecord {
  readonly units: Uint32Array;
  /** The units' bytes one after the other, or null where the commit wrote whole segments instead. */
  readonly data: Uint8Array | null;
  /** The tables of the commit, or null where they are not known. */
  readonly tables: readonly string[] | null;
}

/** The newest format that this code reads and writes. */
export const FORMAT = 1;
/** The key of {@link StoredMeta}. */
export const META = 'meta';
/** The object store's name. */
export const STORE = 'blocks';
/** Bytes of a segment. Values of 64 KiB and more cost Chromium a file each; smaller ones cost more requests on load. */
export const SEGMENT = 32_768;
/** Bytes of data in one record, below 64 KiB for the same reason. */
export const RECORD: number = 15 * 4096;
/** Bytes of the log that call for a checkpoint, and of a commit that goes to the segments at once. */
export const LOG_LIMIT: number = 2 << 20;
/** Bytes of records that stay behind a checkpoint for tabs that have not read them yet. */
export const KEEP: number = 1 << 20;

/** The key of a record. */
export function recordKey(version: number, part: number): readonly [string, number, number] {
  return ['w', version, part];
}

/** The records of the versions from `first` to `last`; of none where `first` is larger. */
export function recordRange(first: number, last: number): IDBKeyRange {
  return IDBKeyRange.bound(['w', first], ['w', Math.max(first, last), Number.POSITIVE_INFINITY]);
}
