import type { BlockCommit } from '../block-store.ts';
import { type CommitRecord, FORMAT, LOG_LIMIT, META, RECORD, recordKey, SEGMENT, type StoredMeta } from './format.ts';

/** A commit as it will be put into the object store. Made at once, because the file changes afterwards. */
export interface PreparedCommit {
  readonly commit: BlockCommit;
  readonly version: number;
  readonly records: readonly CommitRecord[];
  readonly segments: readonly (readonly [index: number, bytes: Uint8Array])[];
  readonly logBytes: number;
  readonly writer: string;
}

/** Copies the changed units out of the file: into records, or into whole segments where there are many. */
export function prepareCommit(commit: BlockCommit, writer: string): PreparedCommit {
  const bytes = commit.units.length * commit.unit;
  const version = commit.expected + 1;
  if (bytes > LOG_LIMIT) {
    const records = [{ units: commit.units, data: null, tables: commit.tables }];
    return { commit, version, records, segments: segmentsOf(commit), logBytes: 0, writer };
  }
  return { commit, version, records: recordsOf(commit), segments: [], logBytes: bytes, writer };
}

/** Puts the commit into the object store; `meta` is what is there. Returns what is there then. */
export function putCommit(store: IDBObjectStore, prepared: PreparedCommit, meta: StoredMeta | undefined): StoredMeta {
  const { commit, version } = prepared;
  for (const [index, bytes] of prepared.segments) store.put(bytes, index);
  prepared.records.forEach((record, part) => void store.put(record, [...recordKey(version, part)]));
  const next: StoredMeta = {
    format: FORMAT,
    id: meta?.id ?? randomId(),
    unit: commit.unit,
    segment: SEGMENT,
    size: commit.size,
    version,
    base: meta?.base ?? 0,
    baseSegments: meta?.baseSegments ?? 0,
    floor: meta?.floor ?? 0,
    logBytes: (meta?.logBytes ?? 0) + prepared.logBytes,
    writer: prepared.writer,
  };
  store.put(next, META);
  return next;
}

/** A text that nobody else draws. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-');
}

// At least one record per version, even where only the file's size changed: who follows counts on it.
function recordsOf({ units, unit, source, tables }: BlockCommit): CommitRecord[] {
  const perRecord = RECORD / unit;
  const records: CommitRecord[] = [];
  for (let start = 0; start === 0 || start < units.length; start += perRecord) {
    const part = units.slice(start, start + perRecord);
    const pieces = Array.from(part, (index) => source.slice(index * unit, unit));
    records.push({ units: part, data: concatenate(pieces), tables });
  }
  return records;
}

// Read from the file whole: the units beside the changed ones are as stored, because everything unstored is in `units`.
function segmentsOf({ units, unit, source }: BlockCommit): [number, Uint8Array][] {
  const indexes = new Set(Array.from(units, (index) => Math.floor((index * unit) / SEGMENT)));
  return Array.from(indexes, (index) => [index, source.slice(index * SEGMENT, SEGMENT)]);
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let position = 0;
  for (const piece of pieces) {
    bytes.set(piece, position);
    position += piece.length;
  }
  return bytes;
}
