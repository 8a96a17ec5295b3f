import type { ByteSource } from '../block-store.ts';
import { KEEP, META, recordRange, SEGMENT, type StoredMeta } from './format.ts';
import { readRecords, type VersionedRecord } from './stored-database.ts';

/** Segments per transaction: 1 MiB. */
const SLICE = 32;

/**
 * A checkpoint on its way: the segments that the log changed are written anew, slice by slice, and the last slice makes
 * them the base. Commits may come in between; the log covers what they change.
 */
export interface Checkpoint {
  /** The version that becomes the base. */
  readonly base: number;
  readonly segments: readonly number[];
  readonly done: number;
  readonly floor: number;
  /** Bytes of the log that the checkpoint makes needless. */
  readonly bytes: number;
  readonly baseSegments: number;
}

/** Plans a checkpoint at the newest version. */
export async function planCheckpoint(store: IDBObjectStore, meta: StoredMeta): Promise<Checkpoint> {
  const records = await readRecords(store, meta.floor + 1, meta.version);
  const segments = new Set<number>();
  for (const { version, units } of records) {
    if (version > meta.base) for (const unit of units) segments.add(Math.floor((unit * meta.unit) / meta.segment));
  }
  return {
    base: meta.version,
    segments: [...segments],
    done: 0,
    floor: floorOf(records, meta),
    bytes: meta.logBytes,
    baseSegments: Math.ceil(meta.size / meta.segment),
  };
}

/** The segments of the next slice, read out of the file at once. */
export function nextSlice(checkpoint: Checkpoint, source: ByteSource): readonly (readonly [number, Uint8Array])[] {
  return checkpoint.segments
    .slice(checkpoint.done, checkpoint.done + SLICE)
    .filter((index) => index * SEGMENT < source.size)
    .map((index) => [index, source.slice(index * SEGMENT, SEGMENT)]);
}

/** The checkpoint after its next slice, or undefined where that was the last. */
export function afterSlice(checkpoint: Checkpoint): Checkpoint | undefined {
  const done = checkpoint.done + SLICE;
  return done < checkpoint.segments.length ? { ...checkpoint, done } : undefined;
}

/** Makes the segments the base, and drops the records that nobody needs. Returns what is stored then. */
export function putBase(store: IDBObjectStore, checkpoint: Checkpoint, meta: StoredMeta): StoredMeta {
  const segments = Math.ceil(meta.size / meta.segment);
  const floor = Math.max(meta.floor, checkpoint.floor);
  store.delete(IDBKeyRange.bound(segments, Number.POSITIVE_INFINITY));
  if (floor > meta.floor) store.delete(recordRange(meta.floor, floor));
  const next: StoredMeta = {
    ...meta,
    base: checkpoint.base,
    baseSegments: Math.min(checkpoint.baseSegments, segments),
    floor,
    logBytes: Math.max(0, meta.logBytes - checkpoint.bytes),
  };
  store.put(next, META);
  return next;
}

// The newest records stay for the tabs that follow, up to KEEP bytes.
function floorOf(records: readonly VersionedRecord[], meta: StoredMeta): number {
  let kept = 0;
  let floor = meta.version;
  for (const { version, data, units } of [...records].reverse()) {
    kept += (data?.length ?? 0) + 4 * units.length + 64;
    if (kept > KEEP) break;
    floor = version - 1;
  }
  return floor;
}
