import { type ExternalChange, LockTimeoutError, type Mutex, StorageBlockedError } from '../../../src/port.ts';
import type { DatabaseHost } from '../engine/database-host.ts';
import type { SqljsSettings } from '../options.ts';
import type { BlockStore } from '../storage/block-store.ts';
import { CommitPipeline } from './commit-pipeline.ts';
import { evictionMarker } from './eviction-marker.ts';
import { watchPage } from './page-events.ts';
import { NoTabLock, type TabLock, WebTabLock, webLocks } from './tab-lock.ts';
import { type TabNotice, TabNotices } from './tab-notices.ts';

/** What a stored database is opened with. */
export interface OpenOptions {
  readonly host: DatabaseHost;
  readonly store: BlockStore;
  readonly mutex: Mutex;
  readonly settings: SqljsSettings;
  /** What the browser says about databases that it lost; filled while the store is read. */
  readonly losses: readonly string[];
  readonly onExternalChange: (change: ExternalChange) => void;
}

/** Reads the database from its storage and connects it with the other tabs and with the page it is in. */
export async function openPipeline(options: OpenOptions): Promise<CommitPipeline> {
  const { settings } = options;
  const place = `meshestra:${settings.storage.kind}:${settings.storage.name}`;
  const alone = settings.tabs === 'none';
  const notices = alone ? silent : new TabNotices(place, (notice) => listener(notice));
  const lock = alone ? new NoTabLock() : tabLock(place, settings, () => notices.post({ kind: 'want' }));
  const parts = { ...options, lock, notices };
  const pipeline = new CommitPipeline(parts);
  const listener = (notice: TabNotice) => {
    if (notice.kind === 'commit') void pipeline.follow(notice.version);
    else pipeline.yieldLock();
  };
  try {
    if (settings.durability === 'deferred') {
      const { DeferredCommits } = await import('./deferred-mode.ts');
      pipeline.deferred = new DeferredCommits(pipeline, parts);
    }
    if (settings.tabs === 'exclusive') await takeForGood(lock);
    await pipeline.sync.load();
  } catch (error) {
    await pipeline.close().catch(() => {});
    throw error;
  }
  if (settings.tabs === 'exclusive') options.host.file.mayWrite = true;
  const marker = evictionMarker(settings.storage);
  const [cause] = options.losses;
  if (pipeline.version === 0 && (marker.isSet || cause !== undefined)) {
    const message = `the browser has deleted the stored database of ${place}`;
    settings.onWarning(cause === undefined ? { kind: 'evicted', message } : { kind: 'evicted', message, cause });
  }
  marker.set();
  pipeline.onClose = watchPage({ onHide: () => pipeline.hide(), onShow: () => void pipeline.follow(Number.MAX_VALUE) });
  return pipeline;
}

const silent: Pick<TabNotices, 'post' | 'close'> = { post: () => {}, close: () => {} };

function tabLock(place: string, settings: SqljsSettings, onWait: () => void): TabLock {
  const locks = webLocks();
  if (locks !== undefined) return new WebTabLock(locks, place, settings.lockTimeout, onWait);
  const message = 'no navigator.locks here; tabs that write at once get storage-conflict';
  settings.onWarning({ kind: 'no-locks', message });
  return new NoTabLock();
}

async function takeForGood(lock: TabLock): Promise<void> {
  try {
    await lock.acquire();
  } catch (cause) {
    if (!(cause instanceof LockTimeoutError)) throw cause;
    throw new StorageBlockedError('another tab has this database open, and "tabs" is "exclusive"', { cause });
  }
}
