import type { Clock } from '../../wire/clock.ts';
import { aborted } from '../mutex.ts';

/** One caller who waits for a connection: it is answered exactly once, whatever comes first. */
export class AcquireRequest<T> {
  /** On the clock's monotonic time. */
  readonly deadline: number;
  /** Why the last attempt to connect for it failed, for the message if time runs out. */
  lastError: unknown;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;
  readonly #onSettled: (request: AcquireRequest<T>) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.fail(aborted(this.#signal));
  #settled = false;
  #pause: AbortController | undefined;

  constructor(
    deadline: number,
    signal: AbortSignal | undefined,
    answer: { resolve(value: T): void; reject(error: unknown): void },
    onSettled: (request: AcquireRequest<T>) => void,
  ) {
    this.deadline = deadline;
    this.#signal = signal;
    this.#resolve = answer.resolve;
    this.#reject = answer.reject;
    this.#onSettled = onSettled;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get settled(): boolean {
    return this.#settled;
  }

  /** Answers with a value, unless it was answered before. */
  grant(value: T): boolean {
    if (!this.#settle()) return false;
    this.#resolve(value);
    return true;
  }

  /** Answers with an error, unless it was answered before. */
  fail(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  /** Resolves after the time, or as soon as the request is answered. */
  async pause(clock: Clock, ms: number): Promise<void> {
    if (this.#settled) return;
    this.#pause = new AbortController();
    await clock.sleep(ms, this.#pause.signal).catch(() => undefined);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#pause?.abort();
    this.#onSettled(this);
    return true;
  }
}

/**
 * Whoever waits for a connection: in the queue, or while a connection is being opened. One timer for all of them, since
 * their time runs out in the order they came; it costs nothing to those that are served at once.
 */
export class AcquireRequests<T> {
  readonly #clock: Clock;
  readonly #timeout: number;
  readonly #onTimeout: (request: AcquireRequest<T>) => void;
  readonly #open = new Set<AcquireRequest<T>>();
  readonly #queue = new Set<AcquireRequest<T>>();
  readonly #ended = new AbortController();
  #watching = false;

  constructor(clock: Clock, timeout: number, onTimeout: (request: AcquireRequest<T>) => void) {
    this.#clock = clock;
    this.#timeout = timeout;
    this.#onTimeout = onTimeout;
  }

  /** Everybody who has no answer yet. */
  get size(): number {
    return this.#open.size;
  }

  /** Queues a request; its promise is answered by {@link AcquireRequest.grant} or {@link AcquireRequest.fail}. */
  add(signal: AbortSignal | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const deadline = this.#clock.monotonic() + this.#timeout;
      const request = new AcquireRequest<T>(deadline, signal, { resolve, reject }, (settled) => {
        this.#open.delete(settled);
        this.#queue.delete(settled);
      });
      this.#open.add(request);
      this.#queue.add(request);
      if (!this.#watching) void this.#watch();
    });
  }

  /** Takes the one who has been in the queue for longest. */
  next(): AcquireRequest<T> | undefined {
    const [first] = this.#queue;
    if (first !== undefined) this.#queue.delete(first);
    return first;
  }

  /** Answers everybody with an error, and stops the timer. */
  end(error: () => Error): void {
    for (const request of [...this.#open]) request.fail(error());
    this.#ended.abort();
  }

  async #watch(): Promise<void> {
    this.#watching = true;
    try {
      for (let first = this.#first(); first !== undefined; first = this.#first()) {
        const left = first.deadline - this.#clock.monotonic();
        if (left > 0) await this.#clock.sleep(left, this.#ended.signal);
        else this.#onTimeout(first);
      }
    } catch {
      // The sleep was cut short by end(), which answered everybody.
    } finally {
      this.#watching = false;
    }
  }

  #first(): AcquireRequest<T> | undefined {
    const [first] = this.#open;
    return first;
  }
}
