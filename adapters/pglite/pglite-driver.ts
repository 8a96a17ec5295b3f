import { ISOLATION_LEVELS, postgres } from '../../src/dialect/postgres/index.ts';
import {
  aborted,
  type Capabilities,
  type Clock,
  ClosedError,
  type Connection,
  createClock,
  type Dialect,
  type Driver,
  importPackage,
  Mutex,
} from '../../src/port.ts';
import type { PgliteOptions } from './options.ts';
import { PgliteConnection, type PgliteParts } from './pglite-connection.ts';
import type { PgliteClass, PgliteDatabase } from './pglite-database.ts';
import { PgliteSession, pgliteError } from './pglite-session.ts';

// PostgreSQL inside the process.
const pgliteCapabilities: Capabilities = Object.freeze<Capabilities>({
  interactive: 'session',
  concurrentTransactions: false,
  failedStatement: 'ends-transaction',
  batch: 'none',
  keyReference: 'cte',
  guard: 'cast',
  roundTrip: 'local',
  returning: true,
  savepoints: true,
  isolationLevels: ISOLATION_LEVELS,
  maxParams: 65_535,
  maxCompoundTerms: Number.POSITIVE_INFINITY,
  numbersBindAsReal: false,
  streaming: false,
  shareAcrossRequests: true,
});

/** A PGlite database. */
export interface PgliteDriver<D extends PgliteDatabase = PgliteDatabase> extends Driver {
  /** The `PGlite` itself, once it is open. What is done with it is not seen by events and live queries. */
  readonly database: D;
}

/** The driver: opens its database with the first connection. */
export class SingleSessionDriver<D extends PgliteDatabase> implements PgliteDriver<D> {
  readonly name = 'pglite';
  readonly dialect: Dialect = postgres;
  readonly capabilities: Capabilities = pgliteCapabilities;
  readonly clock: Clock = createClock(globalThis);
  readonly #options: PgliteOptions<D>;
  readonly #mutex = new Mutex();
  #opening: Promise<PgliteParts> | undefined;
  #database: D | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: PgliteOptions<D>) {
    this.#options = options;
  }

  get database(): D {
    if (this.#database !== undefined) return this.#database;
    throw new ClosedError(`pglite: the database is ${this.#closing === undefined ? 'not open yet' : 'closed'}`);
  }

  async connect(options: { readonly signal?: AbortSignal } = {}): Promise<Connection> {
    if (options.signal?.aborted === true) throw aborted(options.signal);
    if (this.#closing !== undefined) throw new ClosedError('the driver is closed; make a new one with pglite()');
    if (this.#opening === undefined) {
      const opening = this.#open();
      this.#opening = opening;
      // What failed once may be tried again.
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = undefined;
      });
    }
    return new PgliteConnection(await this.#opening);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #open(): Promise<PgliteParts> {
    const database = this.#options.database ?? (await this.#create());
    await database.waitReady;
    this.#database = database;
    return { database, session: new PgliteSession(database), mutex: this.#mutex };
  }

  async #create(): Promise<D> {
    const { dataDir, open, PGlite = await importPglite() } = this.#options;
    try {
      return (await PGlite.create({ ...open, ...(dataDir === undefined ? {} : { dataDir }) })) as D;
    } catch (error) {
      throw pgliteError(error);
    }
  }

  async #close(): Promise<void> {
    // A database that never opened needs no closing; whoever opened it has the error.
    const parts = await this.#opening?.catch(() => undefined);
    await this.#mutex.close();
    this.#database = undefined;
    // One that was handed in is the application's to close.
    if (this.#options.database === undefined) await parts?.database.close();
  }
}

async function importPglite(): Promise<PgliteClass> {
  const { PGlite } = await importPackage(
    () => import('@electric-sql/pglite'),
    'the package @electric-sql/pglite is not installed; add it, or hand a PGlite in as the option "database"',
  );
  return PGlite as unknown as PgliteClass;
}
