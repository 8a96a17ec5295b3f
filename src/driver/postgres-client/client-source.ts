import type { Clock } from '../../wire/clock.ts';
import type { ConnectionSource } from '../pool/connection-source.ts';
import { OpenSockets } from '../pool/open-sockets.ts';
import type { PostgresClient, PostgresPool } from './client.ts';
import { clientError } from './client-error.ts';
import { ClientSession, type RunLimits } from './client-session.ts';
import type { StatementNames } from './statement-names.ts';

const LIMITS: RunLimits = { timeout: 0, lost: 'rolled-back' };

/** What a source of connections is made of. */
export interface ClientSourceParts {
  readonly pool: PostgresPool;
  /** Whether the pool is to be ended with the driver; one that the application handed in is the application's to end. */
  readonly isOwned: boolean;
  /** Names for statements; null where they are to have none. */
  readonly names: StatementNames | null;
  readonly clock: Clock;
  /** Throws where a client is not fit for use, whatever its state. */
  check?(client: PostgresClient): void;
}

/** A pool of clients under Meshestra's own. */
export class ClientSource implements ConnectionSource<ClientSession> {
  readonly #parts: ClientSourceParts;
  readonly #sessions = new WeakMap<PostgresClient, ClientSession>();
  readonly #set = new WeakSet<ClientSession>();
  readonly #sockets = new OpenSockets();
  /** What a new connection is told first. */
  #settings: readonly string[] = [];

  constructor(parts: ClientSourceParts) {
    this.#parts = parts;
  }

  async acquire(): Promise<ClientSession> {
    let client: PostgresClient;
    try {
      client = (await this.#parts.pool.connect()) as PostgresClient;
    } catch (error) {
      throw clientError(error, 'rolled-back');
    }
    try {
      this.#parts.check?.(client);
    } catch (error) {
      client.release(true);
      throw error;
    }
    const session = this.#sessionOf(client);
    session.attach();
    try {
      await this.#prepare(session);
      return session;
    } catch (error) {
      this.destroy(session);
      throw error;
    }
  }

  release(session: ClientSession): void {
    session.client.release(session.suspect);
    session.detach();
  }

  destroy(session: ClientSession): void {
    // Its listener stays: the end of a connection that is at work is an error that somebody has to hear.
    session.client.release(true);
  }

  async check(session: ClientSession): Promise<void> {
    await session.run({ sql: 'SELECT 1', params: [] }, LIMITS);
  }

  counts(): { readonly total: number; readonly idle: number } {
    return { total: this.#parts.pool.totalCount, idle: this.#parts.pool.idleCount };
  }

  async end(): Promise<void> {
    if (!this.#parts.isOwned) return;
    await this.#parts.pool.end();
    await this.#sockets.closed();
  }

  /** The most connections that the server allows; also finds out whether it writes values in the way they are read. */
  async inspect(session: ClientSession): Promise<number | null> {
    const { rows } = await session.run({ sql: INSPECT, params: [] }, LIMITS);
    const [limit, style, digits] = rows[0] ?? [];
    const settings: string[] = [];
    if (!String(style).startsWith('ISO')) settings.push('SET DateStyle TO ISO');
    if (Number(digits) < 1) settings.push('SET extra_float_digits TO 1');
    this.#settings = settings;
    return typeof limit === 'number' ? limit : null;
  }

  async #prepare(session: ClientSession): Promise<void> {
    if (this.#settings.length === 0 || this.#set.has(session)) return;
    for (const setting of this.#settings) await session.control(setting, LIMITS);
    this.#set.add(session);
  }

  #sessionOf(client: PostgresClient): ClientSession {
    let session = this.#sessions.get(client);
    if (session === undefined) {
      session = new ClientSession(client, this.#parts.names, this.#parts.clock);
      this.#sockets.add(client.connection.stream);
      this.#sessions.set(client, session);
    }
    return session;
  }
}

const INSPECT =
  "SELECT current_setting('max_connections')::int, current_setting('DateStyle'), current_setting('extra_float_digits')::int";
