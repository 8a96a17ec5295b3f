import { StorageCorruptError } from '../../../../src/errors.ts';
import type { BlockChanges } from '../block-store.ts';
import type { StoredMeta } from './format.ts';
import { loadAll } from './load.ts';
import { type NewestUnits, newestUnits, readRecords, readSegment, type VersionedRecord } from './stored-database.ts';

type Part = BlockChanges['parts'][number];

/** Reads the whole file as changes, where the records that would tell them are gone. */
export async function readWhole(store: IDBObjectStore, meta: StoredMeta): Promise<BlockChanges> {
  const parts: Part[] = [];
  await loadAll(store, { put: (position, bytes) => parts.push({ position, bytes }) });
  return { version: meta.version, size: meta.size, whole: true, parts, tables: null };
}

/** Reads the units that changed after `since`, and those in `again`, inside one transaction. */
export async function readChanges(
  store: IDBObjectStore,
  meta: StoredMeta,
  since: number,
  again: ReadonlySet<number>,
): Promise<BlockChanges> {
  // What is read again may have changed last in a commit that is known already.
  const first = again.size > 0 ? Math.min(meta.base, since) + 1 : since + 1;
  const records = await readRecords(store, first, meta.version);
  const newest = newestUnits(records, meta, (unit, version) => version > since || again.has(unit));
  for (const unit of again) {
    if (!newest.seen.has(unit) && unit * meta.unit < meta.size) newest.inSegments.add(unit);
  }
  const parts = [...(await partsInSegments(store, meta, newest)), ...newest.parts];
  const fresh = records.filter(({ version }) => version > since);
  return { version: meta.version, size: meta.size, whole: false, parts, tables: tablesOf(fresh) };
}

async function partsInSegments(store: IDBObjectStore, meta: StoredMeta, newest: NewestUnits): Promise<Part[]> {
  const perSegment = meta.segment / meta.unit;
  const wanted = groupBySegment(newest.inSegments, perSegment);
  const read = [...wanted].map(async ([index, units]) => {
    const segment = await readSegment(store, index);
    if (segment === undefined) throw new StorageCorruptError(`segment ${index} of the database is missing`);
    return units.map((unit) => {
      const position = unit * meta.unit;
      const start = position - index * meta.segment;
      const length = Math.min(meta.unit, meta.size - position);
      return { position, bytes: segment.subarray(start, start + length) };
    });
  });
  return (await Promise.all(read)).flat();
}

function groupBySegment(units: Iterable<number>, perSegment: number): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (const unit of units) {
    const index = Math.floor(unit / perSegment);
    const group = groups.get(index);
    if (group === undefined) groups.set(index, [unit]);
    else group.push(unit);
  }
  return groups;
}

function tablesOf(records: readonly VersionedRecord[]): readonly string[] | null {
  const names = new Set<string>();
  for (const { tables } of records) {
    if (tables === null) return null;
    for (const table of tables) names.add(table);
  }
  return [...names];
}
