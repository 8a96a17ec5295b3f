import { StorageCorruptError } from '../../../../src/errors.ts';
import type { ByteTarget } from '../block-store.ts';
import type { StoredMeta } from './format.ts';
import { newestUnits, readMeta, readRecords, readSegment } from './stored-database.ts';

/**
 * Reads the whole file inside one transaction; with two, a VACUUM in between would mix two states. Many single gets are
 * twice as fast as getAll.
 */
export async function loadAll(store: IDBObjectStore, target: ByteTarget): Promise<StoredMeta | undefined> {
  const meta = await readMeta(store);
  if (meta === undefined) return undefined;
  const reading = readRecords(store, meta.base + 1, meta.version);
  const segments = Array.from({ length: Math.ceil(meta.size / meta.segment) }, async (_, index) => {
    const bytes = await readSegment(store, index);
    if (bytes !== undefined) put(target, meta, index, bytes);
    else if (index < meta.baseSegments) throw new StorageCorruptError(`segment ${index} of the database is missing`);
  });
  const [records] = await Promise.all([reading, ...segments]);
  for (const { position, bytes } of newestUnits(records, meta, () => true).parts) target.put(position, bytes);
  return meta;
}

// A segment may be longer than the file, which was cut since.
function put(target: ByteTarget, meta: StoredMeta, index: number, bytes: Uint8Array): void {
  const position = index * meta.segment;
  target.put(position, bytes.subarray(0, meta.size - position));
}
