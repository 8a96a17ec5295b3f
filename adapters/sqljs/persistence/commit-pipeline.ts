import {
  ClosedError,
  type ExternalChange,
  type MaybePromise,
  type Mutex,
  PersistenceError,
  StorageBlockedError,
} from '../../../src/port.ts';
import type { CommitLog } from '../connection/commit-log.ts';
import type { DatabaseHost } from '../engine/database-host.ts';
import type { SqljsSettings } from '../options.ts';
import type { BlockStore } from '../storage/block-store.ts';
import { CommitGroup } from './commit-group.ts';
import { StorageSync } from './storage-sync.ts';
import type { TabLock } from './tab-lock.ts';
import type { TabNotices } from './tab-notices.ts';

/** What the pipeline works with. */
export interface PipelineParts {
  readonly host: DatabaseHost;
  readonly store: BlockStore;
  readonly lock: TabLock;
  readonly mutex: Mutex;
  readonly settings: SqljsSettings;
  readonly notices: Pick<TabNotices, 'post' | 'close'>;
  readonly onExternalChange: (change: ExternalChange) => void;
}

/** Milliseconds after which the lock is let go for a moment, even where no other tab was heard to wait. */
const LONGEST_RUN = 250;

interface Flight {
  readonly units: Uint32Array;
  readonly group: CommitGroup;
}

/**
 * Takes commits from SQLite to the storage. A commit that comes while one is being stored waits for the next turn, and
 * all that came meanwhile go together in one transaction of the storage. The lock between tabs is kept from the first
 * commit of such a run to the last.
 */
export class CommitPipeline implements CommitLog {
  readonly persists = true;
  onDiverged: (error: PersistenceError) => void = () => {};
  readonly #parts: PipelineParts;
  readonly #sync: StorageSync;
  #writers = 0;
  #group: CommitGroup | undefined;
  #flight: Flight | undefined;
  #flushing: Promise<void> | undefined;
  #leaving: Promise<boolean> | undefined;
  #reverting: Promise<void> | undefined;
  #broken: PersistenceError | undefined;
  #wanted = false;
  #heldSince = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #onRelease: (() => void)[] = [];
  #onClose: () => void = () => {};

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    this.#sync = new StorageSync(parts.host, parts.store);
    parts.host.file.mayWrite = false;
  }

  get version(): number {
    return this.#sync.version;
  }

  /** Reads the whole database. To be called once, before anything else. */
  async load(): Promise<void> {
    const { file } = this.#parts.host;
    const { version, size } = await this.#parts.store.load({
      put: (position, bytes) => file.patch(bytes, 0, position, bytes.length),
    });
    file.truncate(size);
    file.clean();
    this.#sync.version = version;
    this.#parts.host.reopen();
  }

  settled(): MaybePromise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    return this.#reverting;
  }

  enter(signal: AbortSignal | undefined): MaybePromise<void> {
    if (this.#parts.lock.held && this.#mayGoOn) {
      this.#writers++;
      return;
    }
    return this.#enterAnew(signal);
  }

  leave(): void {
    this.#writers--;
    // A flush may have waited for the end of a transaction that had spilled.
    if (this.#timer === undefined) this.#pump();
    this.#releaseWhenIdle();
  }

  commit(tables: readonly string[] | null): MaybePromise<void> {
    const { host, settings } = this.#parts;
    host.collect();
    if (!host.file.isDirty) return;
    this.#group ??= new CommitGroup();
    this.#group.tables.merge(tables);
    const { stored } = this.#group;
    if (settings.durability === 'deferred') {
      this.#timer ??= setTimeout(() => this.#onTimer(), settings.flushDelay);
      return;
    }
    this.#pump();
    return stored;
  }

  probe<R>(run: () => R): { readonly result: R; readonly refused: false } | { readonly refused: true } {
    const { file, seesWrites } = this.#parts.host;
    if (!seesWrites) return { refused: true };
    const { mayWrite } = file;
    file.mayWrite = false;
    file.refused = false;
    try {
      const result = run();
      return file.refused ? { refused: true } : { result, refused: false };
    } catch (error) {
      if (file.refused) return { refused: true };
      throw error;
    } finally {
      file.mayWrite = mayWrite;
    }
  }

  async flush(): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    if (this.#group === undefined && this.#parts.host.file.isDirty) this.#group = new CommitGroup();
    const waiting = [this.#flight?.group.stored, this.#group?.stored, this.#leaving];
    this.#pump();
    await Promise.all(waiting);
  }

  /** Another tab stored a version. */
  async follow(version: number): Promise<void> {
    if (version <= this.#sync.version || this.#broken !== undefined) return;
    try {
      const changes = await this.#sync.read();
      if (changes === null || changes.version <= this.#sync.version) return;
      if (this.#parts.mutex.isFree && this.#isQuiet) this.#applied(changes);
      else await this.#followInTurn();
    } catch (cause) {
      if (cause instanceof ClosedError) return;
      const message = 'a commit of another tab could not be read; the next write tries again';
      this.#parts.settings.onWarning({ kind: 'refresh-failed', message, cause });
    }
  }

  /** Another tab waits for the lock: this one takes no more commits into its run. */
  yieldLock(): void {
    this.#wanted = this.#parts.lock.held;
    this.#pump();
    this.#releaseWhenIdle();
  }

  hide(): void {
    if (this.#parts.settings.durability === 'deferred') this.#flushNow();
  }

  /** What is to be done when the database closes. */
  onClose(work: () => void): void {
    this.#onClose = work;
  }

  async close(): Promise<void> {
    this.#onClose();
    try {
      if (this.#broken === undefined) await this.flush();
      await this.#flushing;
    } finally {
      clearTimeout(this.#timer);
      this.#broken ??= new ClosedError('the database is closed');
      if (this.#parts.lock.held) this.#parts.lock.release();
      this.#parts.notices.close();
      await this.#parts.store.close();
    }
  }

  /** Whether nothing is on its way between memory and storage. */
  get #isQuiet(): boolean {
    const { file } = this.#parts.host;
    return this.#group === undefined && this.#flushing === undefined && this.#leaving === undefined && !file.isDirty;
  }

  /** Whether a writer may join the run, instead of letting other tabs in before. */
  get #mayGoOn(): boolean {
    if (this.#parts.settings.tabs === 'exclusive' || this.#isKept) return true;
    return !this.#wanted && performance.now() - this.#heldSince < LONGEST_RUN;
  }

  /** Whether there are commits that nothing but a next commit or a flush will try to store. */
  get #isKept(): boolean {
    return this.#parts.host.file.isDirty && this.#group === undefined && this.#flushing === undefined;
  }

  async #enterAnew(signal: AbortSignal | undefined): Promise<void> {
    const { lock, host } = this.#parts;
    if (lock.held) {
      const released = new Promise<void>((resolve) => void this.#onRelease.push(resolve));
      this.#pump();
      await released;
    }
    await lock.acquire(signal);
    this.#heldSince = performance.now();
    this.#writers++;
    try {
      await this.#reverting;
      if (this.#broken !== undefined) throw this.#broken;
      if (this.#parts.settings.tabs !== 'none') await this.#refresh();
      host.file.mayWrite = true;
    } catch (error) {
      this.#writers--;
      this.#releaseWhenIdle();
      throw error;
    }
  }

  async #refresh(): Promise<void> {
    const changes = await this.#sync.read();
    if (changes !== null) this.#applied(changes);
  }

  async #followInTurn(): Promise<void> {
    await this.#parts.mutex.acquire();
    try {
      if (this.#isQuiet) await this.#refresh();
    } finally {
      this.#parts.mutex.release();
    }
  }

  #applied(changes: Parameters<StorageSync['apply']>[0]): void {
    this.#sync.apply(changes);
    this.#parts.onExternalChange({ tables: changes.tables, origin: 'other-tab' });
  }

  #takeGroup(): CommitGroup {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const group = this.#group ?? new CommitGroup();
    this.#group = undefined;
    return group;
  }

  #onTimer(): void {
    this.#timer = undefined;
    this.#pump();
  }

  #pump(): void {
    const isBusy = this.#flushing !== undefined || this.#leaving !== undefined;
    if (isBusy || this.#group === undefined || !this.#parts.host.file.isCommitted) return;
    this.#flushing = this.#run().finally(() => {
      this.#flushing = undefined;
      // Commits may have come after the last look.
      if (this.#timer === undefined) this.#pump();
      this.#releaseWhenIdle();
    });
  }

  async #run(): Promise<void> {
    const { host, store } = this.#parts;
    let more = true;
    while (more && this.#broken === undefined) {
      while (this.#group !== undefined && host.file.isCommitted) if (!(await this.#flushGroup())) return;
      if (host.file.isDirty || !host.file.isCommitted || store.maintain === undefined) return;
      try {
        more = await store.maintain(this.#sync.version, host.file);
      } catch {
        // Housekeeping only: the log stays long, and the next commit tries again.
        return;
      }
    }
  }

  async #flushGroup(): Promise<boolean> {
    const { host, store } = this.#parts;
    const { file } = host;
    const group = this.#takeGroup();
    const units = file.takeDirty();
    const expected = this.#sync.version;
    this.#flight = { units, group };
    try {
      const tables = group.tables.names;
      await store.write({ expected, size: file.size, unit: file.unit, units, source: file, tables });
      this.#sync.version = Math.max(this.#sync.version, expected + 1);
      this.#announce(group);
      return true;
    } catch (error) {
      // A later hand-over for a leaving page held the same units.
      if ((await this.#leaving) === true) this.#announce(group);
      else await this.#failed(error, { units, group });
      return false;
    } finally {
      this.#flight = undefined;
    }
  }

  // Everything that is not stored yet is on its way when this returns. Legal only while the lock is held, because there
  // is no time to check the version.
  #flushNow(): void {
    const { host, store, lock } = this.#parts;
    const { file } = host;
    const flight = this.#flight;
    const isNeeded = (file.isDirty || flight !== undefined) && this.#leaving === undefined;
    if (store.writeNow === undefined || !isNeeded || !lock.held || !file.isCommitted) return;
    const group = this.#takeGroup();
    if (flight !== undefined) file.restoreDirty(flight.units);
    const units = file.takeDirty();
    const expected = this.#sync.version + (flight === undefined ? 0 : 1);
    const tables = flight === undefined ? group.tables.names : null;
    const done = store.writeNow({ expected, size: file.size, unit: file.unit, units, source: file, tables });
    this.#leaving = done.then(
      () => {
        this.#sync.version = expected + 1;
        this.#leaving = undefined;
        this.#announce(group);
        this.#pump();
        this.#releaseWhenIdle();
        return true;
      },
      (error: unknown) => {
        this.#leaving = undefined;
        file.restoreDirty(units);
        group.reject(error);
        this.#warnUnsaved(error);
        return false;
      },
    );
  }

  #announce(group: CommitGroup): void {
    this.#parts.notices.post({ kind: 'commit', version: this.#sync.version });
    group.resolve();
  }

  async #failed(error: unknown, { units, group }: Flight): Promise<void> {
    const { settings, host } = this.#parts;
    const failure = asPersistenceError(error);
    if (settings.onPersistError === 'keep' && failure.code !== 'storage-conflict') {
      host.file.restoreDirty(units);
      group.reject(kept(failure));
    } else {
      await this.#revert(failure, units, group);
    }
    if (settings.durability === 'deferred') this.#warnUnsaved(failure);
  }

  // Everything SQLite committed since the last stored version goes, and with it a transaction that builds on it.
  async #revert(failure: PersistenceError, units: Uint32Array, group: CommitGroup): Promise<void> {
    const waiting = this.#group;
    this.#group = undefined;
    this.onDiverged(failure);
    const reverting = this.#sync.revert(units);
    this.#reverting = reverting;
    try {
      await reverting;
    } catch (cause) {
      const message = 'the storage neither took a commit nor gave back what it holds; open the database again';
      this.#broken = new StorageBlockedError(message, { cause });
    } finally {
      this.#reverting = undefined;
      group.reject(failure);
      waiting?.reject(failure);
    }
  }

  #warnUnsaved(cause: unknown): void {
    const { onWarning } = this.#parts.settings;
    onWarning({ kind: 'flush-failed', message: 'commits that were reported before could not be stored', cause });
  }

  #releaseWhenIdle(): void {
    const { lock, settings, host } = this.#parts;
    if (!lock.held || this.#writers > 0 || !this.#isQuiet || settings.tabs === 'exclusive') return;
    host.file.mayWrite = false;
    this.#wanted = false;
    lock.release();
    for (const resolve of this.#onRelease.splice(0)) resolve();
  }
}

function asPersistenceError(error: unknown): PersistenceError {
  if (error instanceof PersistenceError) return error;
  return new StorageBlockedError('the storage failed', { cause: error });
}

// The commit is in memory and will be tried again, so the caller must not repeat it.
function kept(error: PersistenceError): PersistenceError {
  const message = `${error.message}; the commit is kept in memory, call flush() to try again`;
  return new PersistenceError(error.code, message, { cause: error, outcome: 'unknown' });
}
