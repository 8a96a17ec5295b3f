import { get, promisifyRequest } from 'idb-keyval';
import { StorageCorruptError } from '../../../../src/errors.ts';
import { type CommitRecord, FORMAT, META, recordRange, type StoredMeta } from './format.ts';

/** A record with its version. */
export interface VersionedRecord extends CommitRecord {
  readonly version: number;
}

/** Reads what the database says about itself, inside a transaction; refuses a format newer than this code. */
export async function readMeta(store: IDBObjectStore): Promise<StoredMeta | undefined> {
  const meta = await get<StoredMeta>(META, (_mode, callback) => Promise.resolve(callback(store)));
  if (meta !== undefined && !(meta.format <= FORMAT)) {
    throw new StorageCorruptError(`the stored database has format ${meta.format}, written by a newer Meshestra`);
  }
  return meta;
}

/** Reads the records of the versions from `first` to `last`, oldest first. */
export async function readRecords(store: IDBObjectStore, first: number, last: number): Promise<VersionedRecord[]> {
  if (first > last) return [];
  const range = recordRange(first, last);
  const [records, keys] = await Promise.all([
    promisifyRequest<CommitRecord[]>(store.getAll(range)),
    promisifyRequest(store.getAllKeys(range)),
  ]);
  return records.map((record, index) => ({ ...record, version: (keys[index] as [string, number])[1] }));
}

/** Reads a segment. */
export function readSegment(store: IDBObjectStore, index: number): Promise<Uint8Array | undefined> {
  return promisifyRequest<Uint8Array | undefined>(store.get(index));
}

/** The newest bytes of each unit in the records. */
export interface NewestUnits {
  readonly parts: { readonly position: number; readonly bytes: Uint8Array }[];
  /** Units whose newest bytes are in their segment. */
  readonly inSegments: Set<number>;
  readonly seen: Set<number>;
}

/** Picks the newest bytes of each unit that `wanted` lets pass, within the size of the file. */
export function newestUnits(
  records: readonly VersionedRecord[],
  meta: StoredMeta,
  wanted: (unit: number, version: number) => boolean,
): NewestUnits {
  const newest: NewestUnits = { parts: [], inSegments: new Set(), seen: new Set() };
  const end = Math.ceil(meta.size / meta.unit);
  for (const { units, data, version } of [...records].reverse()) {
    units.forEach((unit, index) => {
      if (unit >= end || newest.seen.has(unit) || !wanted(unit, version)) return;
      newest.seen.add(unit);
      if (data === null) newest.inSegments.add(unit);
      else {
        const bytes = data.subarray(index * meta.unit, (index + 1) * meta.unit);
        newest.parts.push({ position: unit * meta.unit, bytes: bytes.subarray(0, meta.size - unit * meta.unit) });
      }
    });
  }
  return newest;
}
