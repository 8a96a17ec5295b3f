import {
  columnsQuestion,
  formatStatement,
  lastKey,
  subjectOf,
  tableWritten,
  withColumns,
} from '../../src/dialect/mysql/index.ts';
import {
  aborted,
  type ExecuteOptions,
  Mutex,
  type OpenRequests,
  type Outcome,
  type PersistenceError,
  type ResultSet,
  type Statement,
  type WireRow,
} from '../../src/port.ts';
import type { PlanetscaleSettings } from './options.ts';
import { mysqlFailureOf, planetscaleError } from './planetscale-error.ts';
import type { NativeAnswer, NativeConfig, NativeConnection, PlanetscaleModule } from './planetscale-module.ts';
import { integerOf, readValue } from './read-value.ts';

/** What all sessions of one driver share. */
export interface SessionParts {
  readonly settings: PlanetscaleSettings;
  readonly requests: OpenRequests;
  load(): Promise<PlanetscaleModule>;
  /** The distance of generated keys; null until it was asked for. */
  keyStep: number | null;
}

/** How a statement is run, beside what the port says. */
export interface RunOptions extends ExecuteOptions {
  /** What became of the work where the answer is lost. */
  readonly lost: Outcome;
}

const STEP: Statement = { sql: 'SELECT @@auto_increment_increment', params: [] };

/**
 * One session of PlanetScale's: data that the server gives back with each answer, changed, and that goes out with the next
 * statement. So they run one after the other.
 */
export class ServerSession {
  readonly #parts: SessionParts;
  readonly #turns = new Mutex();
  #native: { readonly connection: NativeConnection; readonly config: NativeConfig } | null = null;
  #signal: AbortSignal | null = null;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Runs a statement. Rejects with a `PersistenceError`. */
  async run(statement: Statement, options: RunOptions): Promise<ResultSet> {
    const { signal } = options;
    const entered = this.#turns.acquire(signal);
    if (entered !== undefined) await entered;
    try {
      // It may have fired since the turn was granted.
      if (signal?.aborted === true) throw aborted(signal);
      return await this.#resultOf(await this.#send(statement, options));
    } catch (error) {
      throw await this.#explained(error, statement, options);
    } finally {
      this.#turns.release();
    }
  }

  async #send(statement: Statement, { signal, lost }: RunOptions): Promise<NativeAnswer> {
    const { requests, settings } = this.#parts;
    const text = formatStatement(statement);
    return requests.run({ signal, lost }, async (end) => {
      const { connection, config } = await this.#opened();
      config.password = await settings.password();
      this.#signal = end;
      return connection.execute(text, null, { as: 'array', cast: readValue });
    });
  }

  async #opened() {
    if (this.#native !== null) return this.#native;
    const { load, settings } = this.#parts;
    const { Client } = await load();
    const { host, username, endpoint } = settings;
    const config: NativeConfig = {
      host,
      username,
      password: '',
      fetch: (url, init) => {
        // Runtimes without it fail at the option that the package sets.
        const { cache: _, ...rest } = { cache: undefined, ...init };
        const request = { ...rest, signal: this.#signal } as NonNullable<typeof init>;
        return settings.fetch(`${endpoint}${new URL(url).pathname}`, request);
      },
    };
    this.#native = { connection: new Client(config).connection(), config };
    return this.#native;
  }

  async #resultOf({ fields, rows, rowsAffected, insertId }: NativeAnswer): Promise<ResultSet> {
    const columns = fields.map(({ name }) => name);
    if (columns.length > 0) return { columns, rows: rows as readonly WireRow[], affectedRows: 0 };
    const result: ResultSet = { columns, rows: [], affectedRows: rowsAffected };
    if (insertId === '0') return result;
    const generatedKeyStep = rowsAffected > 1 ? await this.#keyStep() : 1;
    // The server tells the key of the first row.
    const lastInsertId = lastKey(integerOf(insertId), (rowsAffected - 1) * generatedKeyStep);
    return { ...result, lastInsertId, generatedKeyStep };
  }

  async #keyStep(): Promise<number> {
    const known = this.#parts.keyStep;
    if (known !== null) return known;
    const { rows } = await this.#send(STEP, { lost: 'unknown' });
    const step = Number(rows[0]?.[0] ?? 1);
    this.#parts.keyStep = step;
    return step;
  }

  async #explained(error: unknown, { sql }: Statement, { writes, lost }: RunOptions): Promise<PersistenceError> {
    const failure = mysqlFailureOf(error);
    if (failure === null) return planetscaleError(error, {}, lost);
    const subject = subjectOf(failure, writes?.length === 1 ? writes[0] : tableWritten(sql));
    const question = columnsQuestion(subject, failure);
    // A failure to find out more must not hide what failed.
    const found = question && (await this.#send(question, { lost: 'rolled-back' }).catch(() => null));
    return planetscaleError(error, withColumns(subject, found?.rows ?? []), lost);
  }
}
