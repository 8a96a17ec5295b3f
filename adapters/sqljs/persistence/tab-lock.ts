import { aborted, LockTimeoutError } from '../../../src/port.ts';

/** The lock that lets one tab at a time write to a stored database. */
export interface TabLock {
  readonly held: boolean;
  /** Waits for the lock; rejects with `lock-timeout` or `aborted`. */
  acquire(signal?: AbortSignal): Promise<void>;
  release(): void;
}

/** For a database that no other tab opens, and for runtimes without locks: the version check alone decides. */
export class NoTabLock implements TabLock {
  held = false;

  async acquire(): Promise<void> {
    this.held = true;
  }

  release(): void {
    this.held = false;
  }
}

/** Milliseconds of waiting between two notices to the tab that writes. */
const PATIENCE = 5;

/** A Web Lock. The browser frees it when the tab ends, however it ends. */
export class WebTabLock implements TabLock {
  held = false;
  readonly #locks: LockManager;
  readonly #name: string;
  readonly #timeout: number;
  readonly #onWait: () => void;
  #letGo: () => void = () => {};

  /** `onWait` is called while the lock is not to be had. */
  constructor(locks: LockManager, name: string, timeout: number, onWait: () => void) {
    this.#locks = locks;
    this.#name = name;
    this.#timeout = timeout;
    this.#onWait = onWait;
  }

  acquire(signal?: AbortSignal): Promise<void> {
    const giveUp = new AbortController();
    const onAbort = () => giveUp.abort(aborted(signal));
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(() => giveUp.abort(this.#timedOut()), this.#timeout);
    // Again and again, because a tab that is just about to get the lock does not know yet that it should give it back.
    const patience = setInterval(this.#onWait, PATIENCE);
    return new Promise<void>((resolve, reject) => {
      const hold = () => {
        this.held = true;
        resolve();
        return new Promise<void>((letGo) => {
          this.#letGo = letGo;
        });
      };
      // Without stealing, whatever the lock's holder does: two writers at once would be worse than one that waits.
      this.#locks.request(this.#name, { mode: 'exclusive', signal: giveUp.signal }, hold).catch((error: unknown) => {
        reject(giveUp.signal.aborted ? giveUp.signal.reason : error);
      });
    }).finally(() => {
      clearTimeout(timer);
      clearInterval(patience);
      signal?.removeEventListener('abort', onAbort);
    });
  }

  release(): void {
    this.held = false;
    this.#letGo();
  }

  #timedOut(): LockTimeoutError {
    return new LockTimeoutError(`another tab has been writing for ${this.#timeout} ms; try again`);
  }
}

/** The lock manager of this runtime, where there is one: not in Node 20, and not on pages without HTTPS. */
export function webLocks(): LockManager | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
}
