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
import type { BlockChanges, BlockStore } from '../storage/block-store.ts';
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

/** What a database in deferred mode does besides: commits wait for a while, and are handed over when the page goes. */
export interface DeferredMode {
  /** Whether commits wait for their time. */
  readonly isWaiting: boolean;
  /** A hand-over on its way; resolves with whether it got through. */
  readonly leaving: Promise<boolean> | undefined;
  /** Stores what is committed when its time has come. */
  wait(): void;
  stop(): void;
  hide(): void;
  /** Tells that what was reported as committed could not be stored. */
  warn(cause: unknown): void;
}

/** Commits on their way to the storage. */
export interface Flight {
  readonly units: Uint32Array;
  readonly group: CommitGroup;
}

/** Milliseconds after which the lock is let go for a moment, even where no other tab was heard to wait. */
const LONGEST_RUN = 250;

/**
 * Takes commits from SQLite to the storage. A commit that comes while one is being stored waits for the next turn, and
 * all that came meanwhile go together in one transaction of the storage. The lock between tabs is kept from the first
 * commit of such a run to the last.
 */
export class CommitPipeline implements CommitLog {
  readonly persists = true;
  onDiverged: (error: PersistenceError) => void = () => {};
  /** Called when the database closes. */
  onClose: () => void = () => {};
  deferred: DeferredMode | undefined;
  readonly sync: StorageSync;
  flight: Flight | undefined;
  readonly #parts: PipelineParts;
  #writers = 0;
  #group: CommitGroup | undefined;
  #flushing: Promise<void> | undefined;
  #reverting: Promise<void> | undefined;
  #broken: PersistenceError | undefined;
  #wanted = false;
  #heldSince = 0;
  #onRelease: (() => void)[] = [];

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    this.sync = new StorageSync(parts.host, parts.store);
    parts.host.file.mayWrite = false;
  }

  get version(): number {
    return this.sync.version;
  }

  settled(): MaybePromise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    return this.#reverting;
  }

  enter(signal: AbortSignal | undefined): MaybePromise<void> {
    if (!this.#parts.lock.held || !this.#mayGoOn) return this.#enterAnew(signal);
    this.#writers++;
  }

  leave(): void {
    this.#writers--;
    // A flush may have waited for the end of a transaction that had spilled.
    this.#pumpInTime();
    this.releaseWhenIdle();
  }

  commit(tables: readonly string[] | null): MaybePromise<void> {
    const { host } = this.#parts;
    host.collect();
    if (!host.file.isDirty) return;
    this.#group ??= new CommitGroup();
    this.#group.tables.merge(tables);
    if (this.deferred !== undefined) return this.deferred.wait();
    const { stored } = this.#group;
    this.pump();
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
    if (this.#parts.host.file.isDirty) this.#group ??= new CommitGroup();
    const waiting = [this.flight?.group.stored, this.#group?.stored, this.deferred?.leaving];
    this.pump();
    await Promise.all(waiting);
  }

  /** Another tab stored a version. */
  async follow(version: number): Promise<void> {
    if (version <= this.version || this.#broken !== undefined) return;
    try {
      const changes = await this.sync.read();
      if (changes === null || changes.version <= this.version) return;
      const { mutex } = this.#parts;
      if (mutex.isFree && this.#isQuiet) return this.#apply(changes);
      await mutex.acquire();
      try {
        if (this.#isQuiet) await this.#refresh();
      } finally {
        mutex.release();
      }
    } catch (cause) {
      if (cause instanceof ClosedError) return;
      const message = 'a commit of another tab could not be read; the next write tries again';
      this.#parts.settings.onWarning({ kind: 'refresh-failed', message, cause });
    }
  }

  /** Another tab waits for the lock: this one takes no more commits into its run. */
  yieldLock(): void {
    this.#wanted = this.#parts.lock.held;
    this.pump();
    this.releaseWhenIdle();
  }

  hide(): void {
    this.deferred?.hide();
  }

  async close(): Promise<void> {
    const { lock, notices, store } = this.#parts;
    this.onClose();
    try {
      if (this.#broken === undefined) await this.flush();
      await this.#flushing;
    } finally {
      this.deferred?.stop();
      this.#broken ??= new ClosedError('the database is closed');
      if (lock.held) lock.release();
      notices.close();
      await store.close();
    }
  }

  /** The commits that wait, for whoever is about to store them. */
  takeGroup(): CommitGroup {
    this.deferred?.stop();
    const group = this.#group ?? new CommitGroup();
    this.#group = undefined;
    return group;
  }

  /** Begins to store what waits, where nothing is being stored. */
  pump(): void {
    const isBusy = this.#flushing !== undefined || this.deferred?.leaving !== undefined;
    if (isBusy || this.#group === undefined || !this.#parts.host.file.isCommitted) return;
    this.#flushing = this.#run().finally(() => {
      this.#flushing = undefined;
      // Commits may have come after the last look.
      this.#pumpInTime();
      this.releaseWhenIdle();
    });
  }

  /** Tells callers and other tabs that commits are stored. */
  announce(group: CommitGroup): void {
    this.#parts.notices.post({ kind: 'commit', version: this.version });
    group.resolve();
  }

  releaseWhenIdle(): void {
    const { lock, settings, host } = this.#parts;
    if (!lock.held || this.#writers > 0 || !this.#isQuiet || settings.tabs === 'exclusive') return;
    host.file.mayWrite = false;
    this.#wanted = false;
    lock.release();
    for (const resolve of this.#onRelease.splice(0)) resolve();
  }

  /** Whether nothing is on its way between memory and storage. */
  get #isQuiet(): boolean {
    return this.#isIdle && this.deferred?.leaving === undefined && !this.#parts.host.file.isDirty;
  }

  get #isIdle(): boolean {
    return this.#group === undefined && this.#flushing === undefined;
  }

  /** Whether a writer may join the run, instead of letting other tabs in before. */
  get #mayGoOn(): boolean {
    const { settings, host } = this.#parts;
    // Commits that nothing but a next commit or a flush will try to store keep the lock, too.
    if (settings.tabs === 'exclusive' || (host.file.isDirty && this.#isIdle)) return true;
    return !this.#wanted && performance.now() - this.#heldSince < LONGEST_RUN;
  }

  async #enterAnew(signal: AbortSignal | undefined): Promise<void> {
    const { lock, host, settings } = this.#parts;
    if (lock.held) {
      const released = new Promise<void>((resolve) => void this.#onRelease.push(resolve));
      this.pump();
      await released;
    }
    await lock.acquire(signal);
    this.#heldSince = performance.now();
    this.#writers++;
    try {
      await this.#reverting;
      if (this.#broken !== undefined) throw this.#broken;
      if (settings.tabs !== 'none') await this.#refresh();
      host.file.mayWrite = true;
    } catch (error) {
      this.#writers--;
      this.releaseWhenIdle();
      throw error;
    }
  }

  async #refresh(): Promise<void> {
    const changes = await this.sync.read();
    if (changes !== null) this.#apply(changes);
  }

  #apply(changes: BlockChanges): void {
    this.sync.apply(changes);
    this.#parts.onExternalChange({ tables: changes.tables, origin: 'other-tab' });
  }

  #pumpInTime(): void {
    if (this.deferred?.isWaiting !== true) this.pump();
  }

  async #run(): Promise<void> {
    const { host, store } = this.#parts;
    const { file } = host;
    let more = true;
    while (more && this.#broken === undefined) {
      while (this.#group !== undefined && file.isCommitted) if (!(await this.#storeGroup())) return;
      if (file.isDirty || !file.isCommitted || store.maintain === undefined) return;
      try {
        more = await store.maintain(this.version, file);
      } catch {
        // Housekeeping only: the log stays long, and the next commit tries again.
        return;
      }
    }
  }

  async #storeGroup(): Promise<boolean> {
    const { sync } = this;
    const { file } = this.#parts.host;
    const group = this.takeGroup();
    const commit = sync.nextCommit(group.tables.names);
    this.flight = { units: commit.units, group };
    try {
      await this.#parts.store.write(commit);
      sync.version = Math.max(sync.version, commit.expected + 1);
      this.announce(group);
      return true;
    } catch (error) {
      // A later hand-over for a leaving page held the same units.
      if ((await this.deferred?.leaving) === true) this.announce(group);
      else await this.#failed(asPersistenceError(error), commit.units, group, file);
      return false;
    } finally {
      this.flight = undefined;
    }
  }

  async #failed(
    error: PersistenceError,
    units: Uint32Array,
    group: CommitGroup,
    file: DatabaseHost['file'],
  ): Promise<void> {
    if (this.#parts.settings.onPersistError === 'keep' && error.code !== 'storage-conflict') {
      file.restoreDirty(units);
      group.reject(kept(error));
    } else {
      await this.#revert(error, units, group);
    }
    this.deferred?.warn(error);
  }

  // Everything SQLite committed since the last stored version goes, and with it a transaction that builds on it.
  async #revert(failure: PersistenceError, units: Uint32Array, group: CommitGroup): Promise<void> {
    const waiting = this.#group;
    this.#group = undefined;
    this.onDiverged(failure);
    this.#reverting = this.sync.revert(units);
    try {
      await this.#reverting;
    } catch (cause) {
      const message = 'the storage took no commit and cannot be read; open the database again';
      this.#broken = new StorageBlockedError(message, { cause });
    } finally {
      this.#reverting = undefined;
      group.reject(failure);
      waiting?.reject(failure);
    }
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
