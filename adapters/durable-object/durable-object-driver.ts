import { HostedStatements, sqlite } from '../../src/dialect/sqlite/index.ts';
import {
  aborted,
  ClosedError,
  ConfigurationError,
  type Connection,
  createClock,
  type Driver,
  Mutex,
} from '../../src/port.ts';
import { durableObjectCapabilities } from './capabilities.ts';
import { DurableConnection } from './durable-connection.ts';
import type { DurableStorage } from './durable-storage.ts';

/** The options of {@link durableObject}. */
export interface DurableObjectOptions<S extends DurableStorage = DurableStorage> {
  /** The storage of the object, `ctx.storage`. Its class must be declared with SQLite (`new_sqlite_classes`). */
  readonly storage: S;
}

/** The SQLite storage of a Durable Object. */
export interface DurableObjectDriver<S extends DurableStorage = DurableStorage> extends Driver {
  /** The storage itself. What is done with it is not seen by events and live queries, nor does it wait for its turn. */
  readonly storage: S;
}

class StorageDriver<S extends DurableStorage> implements DurableObjectDriver<S> {
  readonly name = 'durable-object';
  readonly dialect: Driver['dialect'] = sqlite;
  readonly capabilities: Driver['capabilities'] = durableObjectCapabilities;
  readonly clock: Driver['clock'] = createClock(globalThis);
  readonly storage: S;
  readonly #mutex: Mutex = new Mutex();
  readonly #statements: HostedStatements = new HostedStatements();
  #closing: Promise<void> | undefined;

  constructor(storage: S) {
    this.storage = storage;
  }

  async connect(options?: { readonly signal?: AbortSignal }): Promise<Connection> {
    if (options?.signal?.aborted === true) throw aborted(options.signal);
    if (this.#closing !== undefined) throw new ClosedError('durable-object: the driver is closed');
    return new DurableConnection({ storage: this.storage, statements: this.#statements }, this.#mutex);
  }

  close(): Promise<void> {
    this.#closing ??= this.#mutex.close();
    return this.#closing;
  }
}

/**
 * A driver for the SQLite storage of a Durable Object, to be made in its constructor and used by all of its requests.
 *
 * @example
 * export class Room extends DurableObject {
 *   readonly db = createPersistence({ driver: durableObject({ storage: this.ctx.storage }), entities: [Message] });
 * }
 */
export function durableObject<S extends DurableStorage>({ storage }: DurableObjectOptions<S>): DurableObjectDriver<S> {
  if (!hasSqlite(storage)) {
    throw new ConfigurationError(
      'durable-object: the option storage is the ctx.storage of an object whose class is among the new_sqlite_classes of wrangler.jsonc',
    );
  }
  return new StorageDriver(storage);
}

// Of a class without SQLite, `sql` throws.
function hasSqlite(storage: DurableStorage | undefined): boolean {
  try {
    return typeof storage?.sql.exec === 'function';
  } catch {
    return false;
  }
}
