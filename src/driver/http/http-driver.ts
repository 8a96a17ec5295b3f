import type { Dialect } from '../../compiler/dialect.ts';
import { ClosedError } from '../../errors.ts';
import type { Capabilities } from '../../wire/capabilities.ts';
import type { Clock } from '../../wire/clock.ts';
import type { Connection, Driver } from '../driver.ts';
import { aborted } from '../mutex.ts';
import { OpenRequests } from './open-requests.ts';

/** What a driver over HTTP is made of. */
export interface HttpDriverParts {
  readonly name: string;
  readonly dialect: Dialect;
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  /** Milliseconds that an answer may take; 0 for no limit. */
  readonly statementTimeout: number;
  /** Makes a connection, which is a handle only: nothing is sent for it. */
  connection(requests: OpenRequests): Connection;
}

/** A database behind HTTP: there is nothing to open, so that connecting costs no request. */
export class HttpDriver implements Driver {
  readonly name: string;
  readonly dialect: Dialect;
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  readonly #parts: HttpDriverParts;
  readonly #requests: OpenRequests;
  #isClosed = false;

  constructor(parts: HttpDriverParts) {
    this.name = parts.name;
    this.dialect = parts.dialect;
    this.capabilities = parts.capabilities;
    this.clock = parts.clock;
    this.#parts = parts;
    this.#requests = new OpenRequests(parts.name, parts.clock, parts.statementTimeout);
  }

  async connect({ signal }: { readonly signal?: AbortSignal } = {}): Promise<Connection> {
    if (this.#isClosed) throw new ClosedError(`the driver is closed; make a new one with ${this.name}()`);
    if (signal?.aborted === true) throw aborted(signal);
    return this.#parts.connection(this.#requests);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#requests.close();
  }
}
