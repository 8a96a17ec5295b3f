import { ClosedError, DriverError, ValidationError } from '../../../src/errors.ts';
import type { ExternalChange } from '../../../src/port.ts';
import type { SqljsWarning } from '../options.ts';
import type { FromWorker, RequestKind, Requests, ToWorker } from './messages.ts';
import { Outbox } from './outbox.ts';
import { receiveError } from './sent-error.ts';

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** What the worker tells without being asked. */
export interface WorkerEvents {
  readonly onChange: (change: ExternalChange) => void;
  readonly onWarning: (warning: SqljsWarning) => void;
}

/** Asks the worker, and finds the caller that an answer belongs to. */
export class Requester {
  readonly #worker: Worker;
  readonly #outbox: Outbox<ToWorker>;
  readonly #pending = new Map<number, Pending>();
  #next = 0;
  #over: Error | undefined;

  constructor(worker: Worker, events: WorkerEvents) {
    this.#worker = worker;
    this.#outbox = new Outbox(worker);
    worker.addEventListener('message', (event: MessageEvent<readonly FromWorker[]>) => {
      for (const message of event.data) this.#receive(message, events);
    });
    // A script that is not found or throws never answers.
    worker.addEventListener('error', (event) => {
      this.#end(new DriverError(`the database's worker failed: ${event.message}`, { outcome: 'unknown' }));
    });
  }

  /** Resolves with the answer. A signal is passed on; the worker tells whether it came in time. */
  ask<Kind extends RequestKind>(
    kind: Kind,
    ask: Requests[Kind]['ask'],
    signal?: AbortSignal,
  ): Promise<Requests[Kind]['answer']> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    const id = ++this.#next;
    const cancel = () => this.#outbox.send({ kind: 'cancel', id });
    const answer = new Promise<Requests[Kind]['answer']>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
    });
    this.#outbox.send({ ...ask, kind, id } as ToWorker);
    if (signal === undefined) return answer;
    signal.addEventListener('abort', cancel, { once: true });
    return answer.finally(() => signal.removeEventListener('abort', cancel));
  }

  /** Tells the worker at once that the page is being hidden. */
  hide(): void {
    this.#outbox.send({ kind: 'hide' });
    this.#outbox.sendNow();
  }

  close(): void {
    this.#end(new ClosedError('the database is closed'));
    this.#worker.terminate();
  }

  #receive(message: FromWorker, events: WorkerEvents): void {
    if (message.kind === 'change') events.onChange(message.change);
    else if (message.kind === 'warning') events.onWarning(message.warning);
    else this.#settle(message);
  }

  #settle(message: Extract<FromWorker, { readonly id: number }>): void {
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.kind === 'answer') pending?.resolve(message.value as never);
    else pending?.reject(receiveError(message.error));
  }

  #end(error: Error): void {
    this.#over ??= error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

/** The values of a statement, refused where `postMessage` could not carry them. */
export function clonable(params: readonly unknown[]): void {
  const index = params.findIndex((value) => typeof value === 'function' || typeof value === 'symbol');
  if (index !== -1) throw new ValidationError(`parameter ${index + 1} is a ${typeof params[index]}`);
}
