import { HostedStatements } from '../../src/dialect/sqlite/index.ts';
import { AbortedError, aborted, ClosedError } from '../../src/port.ts';
import type { D1Database, D1Executor, D1Session } from './d1-database.ts';
import { d1Error } from './d1-error.ts';

/** What all connections of one driver share: the binding, what is known of statements, and the newest bookmark. */
export class D1Link {
  readonly statements: HostedStatements = new HostedStatements();
  readonly #binding: D1Database;
  /** Where sessions begin; undefined where everything goes to the primary, which needs none. */
  readonly #start: string | undefined;
  readonly #running = new Set<Promise<unknown>>();
  #bookmark: string | null = null;
  #closed = false;

  constructor(binding: D1Database, start: string | undefined) {
    this.#binding = binding;
    this.#start = start;
  }

  get hasSessions(): boolean {
    return this.#start !== undefined;
  }

  /** The newest state of the database that anything here has read or written; null before, and without sessions. */
  get bookmark(): string | null {
    return this.#bookmark;
  }

  /** A session that sees at least what was read and written here so far. */
  session(): D1Session | undefined {
    return this.#start === undefined ? undefined : this.#binding.withSession?.(this.#bookmark ?? this.#start);
  }

  /**
   * Runs work on the session, or on the primary. A signal ends the waiting for it, and not the work: of work that `writes`
   * nobody knows then what becomes of it.
   */
  async run<R>(
    session: D1Session | undefined,
    work: (executor: D1Executor) => Promise<R>,
    { writes, signal }: { readonly writes: boolean; readonly signal: AbortSignal | undefined },
  ): Promise<R> {
    if (this.#closed) throw new ClosedError('d1: the driver is closed');
    if (signal?.aborted === true) throw aborted(signal);
    const running = work(session ?? this.#binding).catch((cause: unknown) => {
      throw d1Error(cause, writes);
    });
    const settled = running.then(
      () => this.#note(session?.getBookmark()),
      () => undefined,
    );
    this.#running.add(settled);
    void settled.finally(() => this.#running.delete(settled));
    return signal === undefined ? running : unlessAborted(running, signal, writes);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#running);
  }

  #note(bookmark: string | null | undefined): void {
    if (bookmark && (this.#bookmark === null || bookmark > this.#bookmark)) this.#bookmark = bookmark;
  }
}

function unlessAborted<R>(work: Promise<R>, signal: AbortSignal, writes: boolean): Promise<R> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      const what = writes ? '; whether it is in the database is not known' : '';
      const outcome = writes ? 'unknown' : 'rolled-back';
      reject(new AbortedError(`the operation was aborted while D1 worked${what}`, { cause: signal.reason, outcome }));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
