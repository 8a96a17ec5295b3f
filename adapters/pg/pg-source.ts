import { ConfigurationError, type ConnectionSource, OpenSockets } from '../../src/port.ts';
import { pgError } from './pg-error.ts';
import type { PgClient, PgPool } from './pg-module.ts';
import { type RunLimits, ServerSession } from './server-session.ts';
import type { StatementNames } from './statement-names.ts';

const LIMITS: RunLimits = { timeout: 0, lost: 'rolled-back' };

/** The pool of `pg` under Meshestra's own. */
export class PgSource implements ConnectionSource<ServerSession> {
  readonly #pool: PgPool;
  readonly #owned: boolean;
  readonly #names: StatementNames | null;
  readonly #sessions = new WeakMap<PgClient, ServerSession>();
  readonly #set = new WeakSet<ServerSession>();
  readonly #sockets = new OpenSockets();
  /** What a new connection is told first. */
  #settings: readonly string[] = [];

  constructor(pool: PgPool, owned: boolean, names: StatementNames | null) {
    this.#pool = pool;
    this.#owned = owned;
    this.#names = names;
  }

  async acquire(): Promise<ServerSession> {
    let client: PgClient;
    try {
      client = (await this.#pool.connect()) as PgClient;
    } catch (error) {
      throw pgError(error, 'rolled-back');
    }
    if (client.getTransactionStatus === undefined) {
      client.release(true);
      throw new ConfigurationError(
        'pg: this pool is of a version of pg that does not tell whether a transaction is open; 8.21 and later do',
      );
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

  release(session: ServerSession): void {
    session.client.release(session.suspect);
    session.detach();
  }

  destroy(session: ServerSession): void {
    // Its listener stays: the end of a connection that is at work is an error that somebody has to hear.
    session.client.release(true);
  }

  async check(session: ServerSession): Promise<void> {
    await session.run({ sql: 'SELECT 1', params: [] }, LIMITS);
  }

  counts(): { readonly total: number; readonly idle: number } {
    return { total: this.#pool.totalCount, idle: this.#pool.idleCount };
  }

  async end(): Promise<void> {
    // A pool that the application handed in is the application's to end.
    if (!this.#owned) return;
    await this.#pool.end();
    await this.#sockets.closed();
  }

  /** The most connections that the server allows; also finds out whether it writes values in the way they are read. */
  async inspect(session: ServerSession): Promise<number | null> {
    const { rows } = await session.run({ sql: INSPECT, params: [] }, LIMITS);
    const [limit, style, digits] = rows[0] ?? [];
    const settings: string[] = [];
    if (!String(style).startsWith('ISO')) settings.push('SET DateStyle TO ISO');
    if (Number(digits) < 1) settings.push('SET extra_float_digits TO 1');
    this.#settings = settings;
    return typeof limit === 'number' ? limit : null;
  }

  async #prepare(session: ServerSession): Promise<void> {
    if (this.#settings.length === 0 || this.#set.has(session)) return;
    for (const setting of this.#settings) await session.control(setting, LIMITS);
    this.#set.add(session);
  }

  #sessionOf(client: PgClient): ServerSession {
    let session = this.#sessions.get(client);
    if (session === undefined) {
      session = new ServerSession(client, this.#names);
      this.#sockets.add(client.connection.stream);
      this.#sessions.set(client, session);
    }
    return session;
  }
}

const INSPECT =
  "SELECT current_setting('max_connections')::int, current_setting('DateStyle'), current_setting('extra_float_digits')::int";
