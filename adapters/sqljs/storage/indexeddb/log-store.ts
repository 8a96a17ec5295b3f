import { StorageBlockedError, StorageConflictError } from '../../../../src/errors.ts';
import type {
  BlockChanges,
  BlockCommit,
  BlockStore,
  ByteSource,
  ByteTarget,
  StorageContext,
  StoredState,
} from '../block-store.ts';
import { afterSlice, type Checkpoint, nextSlice, planCheckpoint, putBase } from './checkpoint.ts';
import { DurableStore } from './durable-store.ts';
import { LOG_LIMIT, type StoredMeta } from './format.ts';
import { loadAll } from './load.ts';
import { readChanges, readWhole } from './read-changes.ts';
import { readMeta } from './stored-database.ts';
import { type PreparedCommit, prepareCommit, putCommit, randomId } from './write-commit.ts';

/** A database in IndexedDB: a log of commits over an image in segments. Each method is one transaction. */
export class LogStore implements BlockStore {
  readonly #store: DurableStore;
  /** What is stored, as last seen or written here. */
  #meta: StoredMeta | undefined;
  #checkpoint: Checkpoint | undefined;

  constructor(name: string, { durability, onDataLoss }: StorageContext) {
    // Deferred commits have no caller who waits for the disk.
    this.#store = new DurableStore(name, durability === 'strict' ? 'strict' : 'relaxed', onDataLoss);
  }

  async load(target: ByteTarget): Promise<StoredState> {
    const meta = await this.#store.read((store) => loadAll(store, target));
    this.#meta = meta;
    return { version: meta?.version ?? 0, size: meta?.size ?? 0 };
  }

  async changes(since: number, again: Uint32Array): Promise<BlockChanges | null> {
    let seen = this.#meta;
    const changes = await this.#store.read(async (store) => {
      const meta = await readMeta(store);
      seen = meta;
      if (meta === undefined) return this.#gone(since, again);
      if (meta.id !== (this.#meta?.id ?? meta.id) || since < meta.floor || since > meta.version) {
        return readWhole(store, meta);
      }
      if (meta.version === since && again.length === 0) return null;
      return readChanges(store, meta, since, new Set(again));
    });
    this.#meta = seen;
    return changes;
  }

  async write(commit: BlockCommit): Promise<void> {
    const prepared = prepareCommit(commit, randomId());
    let written: StoredMeta | undefined;
    await this.#store.write(async (store) => {
      const meta = await readMeta(store);
      if (meta?.writer === prepared.writer) written = meta;
      else written = this.#putUnlessRaced(store, prepared, meta);
    });
    this.#meta = written;
  }

  writeNow(commit: BlockCommit): Promise<void> {
    const prepared = prepareCommit(commit, randomId());
    return this.#store.writeNow((store) => {
      const meta = this.#meta;
      // The last slice of a checkpoint may be on its way, and what it drops must not be promised to other tabs.
      const floor = Math.max(meta?.floor ?? 0, this.#checkpoint?.floor ?? 0);
      this.#meta = putCommit(store, prepared, meta === undefined ? undefined : { ...meta, floor });
    });
  }

  async maintain(version: number, source: ByteSource): Promise<boolean> {
    const meta = this.#meta;
    if (this.#checkpoint !== undefined) return this.#slice(this.#checkpoint, version, source);
    if (meta === undefined || meta.version !== version || meta.logBytes <= LOG_LIMIT) return false;
    this.#checkpoint = await this.#store.read((store) => planCheckpoint(store, meta));
    return true;
  }

  async close(): Promise<void> {
    this.#store.close();
  }

  #putUnlessRaced(store: IDBObjectStore, prepared: PreparedCommit, meta: StoredMeta | undefined): StoredMeta {
    const sameDatabase = meta?.id === this.#meta?.id;
    if ((meta?.version ?? 0) !== prepared.commit.expected || !sameDatabase) {
      throw new StorageConflictError('another tab changed the stored database first');
    }
    return putCommit(store, prepared, meta);
  }

  async #slice(checkpoint: Checkpoint, version: number, source: ByteSource): Promise<boolean> {
    const segments = nextSlice(checkpoint, source);
    const next = afterSlice(checkpoint);
    let raced = false;
    let stored = this.#meta;
    await this.#store.write(async (store) => {
      const meta = await readMeta(store);
      raced = meta === undefined || meta.version !== version || meta.base > checkpoint.base;
      if (meta === undefined || raced) return;
      for (const [index, bytes] of segments) store.put(bytes, index);
      stored = next === undefined ? putBase(store, checkpoint, meta) : meta;
    });
    this.#meta = stored;
    this.#checkpoint = raced ? undefined : next;
    return this.#checkpoint !== undefined;
  }

  #gone(since: number, again: Uint32Array): BlockChanges | null {
    if (since > 0) throw new StorageBlockedError('the stored database was deleted; exportFile() has its data');
    return again.length === 0 ? null : { version: 0, size: 0, whole: true, parts: [], tables: null };
  }
}
