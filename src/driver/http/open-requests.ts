import { AbortedError, ClosedError, type Outcome, type PersistenceError, StatementTimeoutError } from '../../errors.ts';
import type { Clock } from '../../wire/clock.ts';
import { aborted } from '../mutex.ts';

/** How long closing waits for the answers that are under way. */
const DRAIN_TIMEOUT = 10_000;

/** What holds for one request. */
export interface RequestLimits {
  readonly signal?: AbortSignal | undefined;
  /** What becomes of the work where the answer is not waited for any more. */
  readonly lost: Outcome;
}

interface OpenRequest {
  readonly answer: Promise<unknown>;
  close(): void;
}

/**
 * The requests of one driver over a stateless protocol that wait for their answers. One that is stopped, by its signal, by
 * time or by the end of the driver, is not waited for: what the server makes of it nobody knows.
 */
export class OpenRequests {
  readonly #clock: Clock;
  readonly #timeout: number;
  readonly #name: string;
  readonly #open = new Set<OpenRequest>();
  #isClosed = false;

  /** `timeout` is in milliseconds, 0 for none. */
  constructor(name: string, clock: Clock, timeout: number) {
    this.#name = name;
    this.#clock = clock;
    this.#timeout = timeout;
  }

  /**
   * Sends a request, with a signal that ends it. Rejects with `aborted`, `statement-timeout` or `closed` where it was
   * stopped, or else with what `send` rejects with.
   */
  async run<T>({ signal, lost }: RequestLimits, send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new ClosedError(`the driver is closed; make a new one with ${this.#name}()`);
    if (signal?.aborted === true) throw aborted(signal);
    const end = new AbortController();
    const over = new AbortController();
    let stop: (error: PersistenceError) => void = () => {};
    const stopped = new Promise<never>((_, reject) => {
      stop = (error) => {
        reject(error);
        end.abort(error);
      };
    });
    const onAbort = () => stop(new AbortedError('the operation was aborted', { cause: signal?.reason, outcome: lost }));
    signal?.addEventListener('abort', onAbort, { once: true });
    if (this.#timeout > 0) {
      this.#clock.sleep(this.#timeout, over.signal).then(
        () => stop(this.#late(lost)),
        () => {},
      );
    }
    const answer = Promise.race([send(end.signal), stopped]);
    const request: OpenRequest = {
      answer,
      close: () => stop(new ClosedError('the driver was closed meanwhile', { outcome: lost })),
    };
    this.#open.add(request);
    try {
      return await answer;
    } finally {
      this.#open.delete(request);
      signal?.removeEventListener('abort', onAbort);
      over.abort();
    }
  }

  /** Refuses new requests, waits for the answers that are under way, and stops what has none by then. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const over = new AbortController();
    const requests = [...this.#open];
    const answers = Promise.allSettled(requests.map(({ answer }) => answer));
    const late = this.#clock.sleep(DRAIN_TIMEOUT, over.signal).catch(() => undefined);
    await Promise.race([answers, late]);
    over.abort();
    for (const request of this.#open) request.close();
  }

  #late(lost: Outcome): StatementTimeoutError {
    return new StatementTimeoutError(`no answer came within the ${this.#timeout} ms of statementTimeout`, {
      outcome: lost,
    });
  }
}
