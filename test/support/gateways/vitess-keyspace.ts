import mysql, { type FieldPacket, type Pool, type PoolConnection, type ResultSetHeader } from 'mysql2/promise';
import { headerAnswer, rowsAnswer, type VitessResult } from './vitess-answer.ts';
import { refusalOf, VitessRefusal } from './vitess-refusal.ts';

/** What of a session travels to and fro. */
export interface VitessSession {
  readonly autocommit: true;
  readonly inTransaction?: true;
  readonly targetString: string;
  readonly options: { readonly includedFields: 'ALL'; readonly clientFoundRows: true; readonly readOnly?: true };
  readonly systemVariables?: Readonly<Record<string, string>>;
  readonly shardSessions?: readonly { readonly transactionId: string }[];
  readonly DDLStrategy: 'direct';
  readonly SessionUUID: string;
  readonly enableSystemSettings: true;
}

/** What a keyspace limits; PlanetScale's own are the defaults. */
export interface VitessLimits {
  /** Milliseconds that a transaction may be open. */
  readonly transactionTimeout?: number;
  readonly maxRows?: number;
}

interface OpenTransaction {
  readonly connection: PoolConnection;
  readonly timer: ReturnType<typeof setTimeout>;
  isBusy: boolean;
}

type Answer = readonly [session: VitessSession, result: VitessResult];

const BEGIN = /^\s*(?:begin|start\s+transaction(\s+read\s+only)?)\s*$/i;
const END = /^\s*(commit|rollback)\s*$/i;
const LEVEL =
  /^\s*set\s+session\s+transaction\s+isolation\s+level\s+(read uncommitted|read committed|repeatable read|serializable)\s*$/i;
const CHECKS = /^\s*set\s+session\s+foreign_key_checks\s*=\s*([01])\s*$/i;
const ISOLATION = 'transaction_isolation';
const DEFINITION = /^\s*(?:create|alter|drop|rename|truncate)\b/i;
/** As PlanetScale's servers have it, but for ONLY_FULL_GROUP_BY, which MariaDB knows in a stricter form. */
const SQL_MODE = 'STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

/** One database as Vitess serves it: sessions without state on the server, but for the transactions that are open. */
export class VitessKeyspace {
  readonly #name: string;
  readonly #pool: Pool;
  readonly #limits: Required<VitessLimits>;
  readonly #open = new Map<string, OpenTransaction>();
  readonly #ended = new Map<string, string>();
  #made = 0;

  constructor(url: string, { transactionTimeout = 20_000, maxRows = 100_000 }: VitessLimits) {
    this.#name = new URL(url).pathname.slice(1);
    this.#limits = { transactionTimeout, maxRows };
    this.#pool = mysql.createPool({
      uri: url,
      connectionLimit: 20,
      charset: 'utf8mb4_unicode_ci',
      flags: ['FOUND_ROWS', '-IGNORE_SPACE'],
      rowsAsArray: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
      typeCast: (field) => field.buffer(),
    });
    // MariaDB cuts JSON lists at a length that MySQL, which PlanetScale runs, does not.
    const settings = `SET SESSION sql_mode = '${SQL_MODE}', time_zone = '+00:00', group_concat_max_len = 4294967295`;
    this.#pool.pool.on('connection', (connection) => connection.query(settings, () => undefined));
  }

  /** A session in which nothing was said yet. */
  newSession(): VitessSession {
    return {
      autocommit: true,
      targetString: this.#name,
      options: { includedFields: 'ALL', clientFoundRows: true },
      DDLStrategy: 'direct',
      SessionUUID: crypto.randomUUID(),
      enableSystemSettings: true,
    };
  }

  /** Runs a statement; a client that goes away has it stopped, and its transaction ended. Throws {@link VitessRefusal}. */
  async execute(session: VitessSession, query: string, gone: AbortSignal): Promise<Answer> {
    const [isBegin, readOnly] = BEGIN.exec(query) ?? [];
    if (isBegin !== undefined) {
      const { shardSessions: _, ...rest } = await this.#end(session, 'COMMIT');
      const options = { ...rest.options, ...(readOnly === undefined ? {} : { readOnly: true as const }) };
      return [{ ...rest, options, inTransaction: true }, {}];
    }
    const [, end] = END.exec(query) ?? [];
    if (end !== undefined) return [await this.#end(session, end.toUpperCase()), {}];
    const [, level] = LEVEL.exec(query) ?? [];
    if (level !== undefined) return [withVariable(session, ISOLATION, level), {}];
    const [, checks] = CHECKS.exec(query) ?? [];
    if (checks !== undefined) return [withVariable(session, 'foreign_key_checks', checks), {}];
    if (/^\s*set\b/i.test(query)) throw new VitessRefusal(this.#name, 'Unimplemented', 'VT12001: unsupported: SET');
    if (session.inTransaction === undefined) return [session, await this.#alone(session, query, gone)];
    if (DEFINITION.test(query)) return [await this.#end(session, 'COMMIT'), await this.#alone(session, query, gone)];
    return this.#within(session, query, gone);
  }

  async close(): Promise<void> {
    for (const id of [...this.#open.keys()]) await this.#drop(id, 'ROLLBACK', 'the gateway was closed');
    await this.#pool.end();
  }

  async #alone({ systemVariables }: VitessSession, query: string, gone: AbortSignal): Promise<VitessResult> {
    const connection = await this.#pool.getConnection();
    const checks = systemVariables?.foreign_key_checks;
    try {
      if (checks !== undefined) await connection.query(`SET SESSION foreign_key_checks = ${checks}`);
      return await this.#run(connection, query, gone);
    } finally {
      if (checks !== undefined) await connection.query('SET SESSION foreign_key_checks = DEFAULT');
      // The request to stop it may come late, and would hit the next statement.
      if (gone.aborted) connection.destroy();
      else connection.release();
    }
  }

  async #within(session: VitessSession, query: string, gone: AbortSignal): Promise<Answer> {
    const [shard] = session.shardSessions ?? [];
    const id = shard?.transactionId ?? (await this.#begin(session));
    const transaction = this.#open.get(id);
    if (transaction === undefined) {
      throw new VitessRefusal(this.#name, 'Aborted', `transaction ${id}: ended at ${this.#ended.get(id) ?? 'start'}`);
    }
    if (transaction.isBusy) {
      throw new VitessRefusal(this.#name, 'Aborted', `transaction ${id}: in use: for query (CallerID: gateway)`);
    }
    transaction.isBusy = true;
    try {
      const result = await this.#run(transaction.connection, query, gone);
      return [{ ...session, shardSessions: [{ transactionId: id }] }, result];
    } catch (error) {
      if (gone.aborted) this.#forget(id, 'unlocked closed connection')?.connection.destroy();
      // The session must be told, or else its next statement would open another transaction.
      throw Object.assign(error as Error, { session: await this.#afterFailure(session, id, error) });
    } finally {
      transaction.isBusy = false;
    }
  }

  // At a deadlock the server has rolled all of it back; the session then goes on without a transaction.
  async #afterFailure(session: VitessSession, id: string, error: unknown): Promise<VitessSession> {
    const { inTransaction: _, shardSessions: __, ...without } = session;
    if (!/\(errno 1213\)/.test(String(error))) return { ...session, shardSessions: [{ transactionId: id }] };
    await this.#drop(id, 'ROLLBACK', 'deadlock');
    return without;
  }

  async #begin({ options, systemVariables }: VitessSession): Promise<string> {
    const connection = await this.#pool.getConnection();
    const level = systemVariables?.[ISOLATION];
    if (level !== undefined) await connection.query(`SET TRANSACTION ISOLATION LEVEL ${level}`);
    await connection.query(options.readOnly === true ? 'START TRANSACTION READ ONLY' : 'START TRANSACTION');
    this.#made += 1;
    const id = String(this.#made);
    const { transactionTimeout } = this.#limits;
    const timer = setTimeout(
      () => void this.#drop(id, 'ROLLBACK', `exceeded timeout: ${transactionTimeout / 1000}s`),
      transactionTimeout,
    );
    this.#open.set(id, { connection, timer, isBusy: false });
    return id;
  }

  async #end(session: VitessSession, how: string): Promise<VitessSession> {
    const { inTransaction: _, shardSessions: [shard] = [], options, ...rest } = session;
    const { readOnly: __, ...kept } = options;
    if (shard !== undefined && !(await this.#drop(shard.transactionId, how, 'the end')) && how === 'COMMIT') {
      const when = this.#ended.get(shard.transactionId);
      throw new VitessRefusal(this.#name, 'Aborted', `transaction ${shard.transactionId}: ended at ${when}`);
    }
    return { ...rest, options: kept };
  }

  async #drop(id: string, how: string, reason: string): Promise<boolean> {
    const transaction = this.#forget(id, reason);
    if (transaction === undefined) return false;
    const { connection, isBusy } = transaction;
    // The server rolls back what a connection leaves behind.
    if (isBusy) return connection.destroy() ?? true;
    await connection.query(how);
    connection.release();
    return true;
  }

  #forget(id: string, reason: string): OpenTransaction | undefined {
    const transaction = this.#open.get(id);
    this.#open.delete(id);
    clearTimeout(transaction?.timer);
    this.#ended.set(id, `${new Date().toISOString()} (${reason})`);
    return transaction;
  }

  async #run(connection: PoolConnection, query: string, gone: AbortSignal): Promise<VitessResult> {
    const stop = () => void this.#kill(connection);
    gone.addEventListener('abort', stop, { once: true });
    try {
      const [result, fields] = (await connection.query(query)) as [unknown, FieldPacket[] | undefined];
      if (fields === undefined) return headerAnswer(result as ResultSetHeader);
      const rows = result as (Buffer | null)[][];
      const { maxRows } = this.#limits;
      if (rows.length > maxRows) throw tooMany(maxRows);
      return rowsAnswer(rows, fields);
    } catch (error) {
      const failure = error as { errno?: number; sqlState?: string; message: string };
      if (failure.errno === undefined || failure.errno < 0) throw error;
      throw refusalOf(
        this.#name,
        { ...failure, errno: failure.errno, sqlState: failure.sqlState ?? 'HY000', message: failure.message },
        query,
      );
    } finally {
      gone.removeEventListener('abort', stop);
    }
  }

  async #kill({ threadId }: PoolConnection): Promise<void> {
    await this.#pool.query(`KILL QUERY ${threadId}`).catch(() => undefined);
  }
}

function withVariable(session: VitessSession, name: string, value: string): VitessSession {
  return { ...session, systemVariables: { ...session.systemVariables, [name]: value } };
}

function tooMany(maxRows: number): Error {
  return Object.assign(new Error(`Row count exceeded ${maxRows}`), { errno: 10_001, sqlState: 'HY000' });
}
