import { type ConnectionSource, OpenSockets, type PoolSettings } from '../../src/port.ts';
import { createCancel } from './cancel-statement.ts';
import type { Mysql2 } from './load-mysql2.ts';
import type { NativeConnection, NativePool } from './native.ts';
import { checkExistingPool, freshPassword, type Mysql2Settings, poolConfig, takesSeveral } from './options.ts';
import { persistenceError } from './persistence-error.ts';
import { ServerConnection, type ServerParts } from './server-connection.ts';
import { SQL_MODE } from './sql-mode.ts';

/** The most that the server takes for it: lists of keys are cut at this length without an error. */
const LONGEST_LIST = 4_294_967_295;

/** mysql2's pool of connections as the core's pool wants it; either the driver's own or the application's. */
export class NativeSource implements ConnectionSource<ServerConnection> {
  readonly #settings: Mysql2Settings;
  readonly #pool: NativePool;
  readonly #parts: ServerParts;
  readonly #known = new Map<NativeConnection, ServerConnection>();
  readonly #lent = new Set<ServerConnection>();
  readonly #sockets = new OpenSockets();

  constructor(
    settings: Mysql2Settings,
    mysql2: Mysql2,
    pool: PoolSettings,
    parts: Pick<ServerParts, 'clock' | 'statementTimeout'>,
  ) {
    this.#settings = settings;
    const { existingPool } = settings;
    if (existingPool !== null) checkExistingPool(existingPool, settings, mysql2.CharsetToEncoding);
    this.#pool = existingPool ?? mysql2.createPool(poolConfig(settings, pool.max, pool.idleTimeout));
    this.#parts = {
      ...parts,
      mysql2,
      cancel: createCancel(mysql2, this.#pool),
      takesSeveral: takesSeveral(this.#pool),
    };
  }

  async acquire(): Promise<ServerConnection> {
    const password = await freshPassword(this.#settings, this.#known.size === 0);
    if (password !== undefined) this.#pool.config.connectionConfig.password = password;
    const native = await this.#take();
    const known = this.#known.get(native);
    const connection = known ?? new ServerConnection(native, this.#parts);
    try {
      if (known === undefined) await this.#prepare(connection);
    } catch (error) {
      connection.destroy();
      throw error;
    }
    this.#lent.add(connection);
    return connection;
  }

  release(connection: ServerConnection): void {
    this.#lent.delete(connection);
    connection.native.release();
  }

  destroy(connection: ServerConnection): void {
    this.#forget(connection);
    connection.destroy();
  }

  check(connection: ServerConnection): Promise<void> {
    return connection.ping();
  }

  counts(): { readonly total: number; readonly idle: number } {
    return { total: this.#known.size, idle: this.#known.size - this.#lent.size };
  }

  async end(): Promise<void> {
    if (this.#settings.existingPool !== null) return;
    await new Promise<void>((resolve, reject) => {
      this.#pool.end((error) => (error == null ? resolve() : reject(persistenceError(error, {}, 'rolled-back'))));
    });
    await this.#sockets.closed();
  }

  #take(): Promise<NativeConnection> {
    return new Promise((resolve, reject) => {
      this.#pool.getConnection((error, native) => {
        if (error == null) resolve(native);
        else reject(persistenceError(error, {}, 'rolled-back'));
      });
    });
  }

  async #prepare(connection: ServerConnection): Promise<void> {
    const { native } = connection;
    if (native.stream !== undefined) this.#sockets.add(native.stream);
    for (const event of ['error', 'end'] as const) native.on(event, () => this.#forget(connection));
    const run = (sql: string) => connection.run({ sql, params: [] }, { writes: [], outcome: 'rolled-back' });
    await run(this.#sessionText());
    const { result } = await run('SELECT @@auto_increment_increment, @@max_allowed_packet');
    const [step, maxPacket] = result.rows[0] ?? [];
    connection.initialize(Number(step ?? 1), Number(maxPacket ?? 0));
    this.#known.set(native, connection);
  }

  // Each server reads one of the comments: MariaDB those for MySQL never, MySQL all of MariaDB's never.
  #sessionText(): string {
    const timeout = this.#settings.existingPool === null ? this.#parts.statementTimeout() : 0;
    const limits =
      timeout === 0
        ? ''
        : ` /*M! , max_statement_time = ${timeout / 1000} */ /*!80000 , max_execution_time = ${Math.ceil(timeout)} */`;
    return (
      `SET SESSION sql_mode = '${SQL_MODE}', time_zone = '+00:00', autocommit = 1, ` +
      `collation_connection = utf8mb4_bin, group_concat_max_len = ${LONGEST_LIST}${limits}`
    );
  }

  #forget(connection: ServerConnection): void {
    this.#known.delete(connection.native);
    this.#lent.delete(connection);
  }
}
