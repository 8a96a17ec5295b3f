import type { DatabaseHost } from '../engine/database-host.ts';
import type { BlockChanges, BlockCommit, BlockStore } from '../storage/block-store.ts';

const NOTHING = new Uint32Array(0);
/** Where SQLite's header counts the changes of the file. */
const CHANGE_COUNTER = 24;

/** Brings memory to what the storage holds. Nothing of this may run while a transaction is open. */
export class StorageSync {
  /** The newest version that memory holds. */
  version = 0;
  readonly #host: DatabaseHost;
  readonly #store: BlockStore;

  constructor(host: DatabaseHost, store: BlockStore) {
    this.#host = host;
    this.#store = store;
  }

  /** Reads the whole database. To be called once, before anything else. */
  async load(): Promise<void> {
    const { file } = this.#host;
    const { version, size } = await this.#store.load({
      put: (position, bytes) => file.patch(bytes, 0, position, bytes.length),
    });
    file.truncate(size);
    file.clean();
    this.version = version;
    this.#host.reopen();
  }

  /** What memory holds and the storage does not, which counts as stored from now on. */
  nextCommit(tables: readonly string[] | null): BlockCommit {
    const { file } = this.#host;
    const units = file.takeDirty();
    return { expected: this.version, size: file.size, unit: file.unit, units, source: file, tables };
  }

  /** Reads what others have committed since. Null where nothing. */
  read(): Promise<BlockChanges | null> {
    return this.#store.changes(this.version, NOTHING, this.#host.file.unit);
  }

  /** Puts what {@link StorageSync.read} answered into memory. */
  apply(changes: BlockChanges): void {
    const before = this.#changeCounter();
    this.#patch(changes);
    // A whole new file may even have another page size.
    if (changes.whole) this.#host.reopen();
    // SQLite compares its counter to notice; equal ones happen where two copies went apart.
    else if (this.#host.seesWrites && this.#changeCounter() !== before) this.#host.database.schemaChanged();
    else this.#host.adopt();
  }

  /** Takes back what is in memory but not stored: reads `units`, and all that others changed, from the storage. */
  async revert(units: Uint32Array): Promise<void> {
    const { file } = this.#host;
    file.restoreDirty(units);
    const again = file.takeDirty();
    const changes = await this.#store.changes(this.version, again, file.unit);
    if (changes !== null) this.#patch(changes);
    // Not even the number of the schema tells the two apart, where both created a table.
    this.#host.reopen();
  }

  #patch(changes: BlockChanges): void {
    const { file } = this.#host;
    if (changes.whole) file.truncate(0);
    file.truncate(changes.size);
    for (const { position, bytes } of changes.parts) file.patch(bytes, 0, position, bytes.length);
    file.clean();
    this.version = changes.version;
  }

  #changeCounter(): string {
    return this.#host.file.slice(CHANGE_COUNTER, 4).join();
  }
}
