import type { PoolTimeoutError } from '../../errors.ts';
import type { MaybePromise } from '../../wire/maybe-promise.ts';
import type { Connection, Driver } from '../driver.ts';
import type { LogEvent } from '../log-event.ts';

const LONGEST_PAUSE = 60_000;

/** What the replicas of one driver share. */
export interface ReplicaParts {
  /** Milliseconds until a lost replica is asked again for the first time; the pause doubles up to a minute. */
  readonly retryAfter: number;
  readonly log: (event: Omit<LogEvent, 'driver'>) => void;
}

/** One replica: its connection, and whether it is in use or left out. */
export class ReplicaNode {
  readonly name: string;
  readonly driver: Driver;
  readonly #parts: ReplicaParts;
  #connection: MaybePromise<Connection> | null = null;
  /** When it may be asked again, by the driver's monotonic clock; null while it is in use. */
  #retryAt: number | null = null;
  #failures = 0;
  /** How often it came back; what was asked before that says nothing about now. */
  generation = 0;
  #probing: Promise<void> | null = null;

  constructor(name: string, driver: Driver, parts: ReplicaParts) {
    this.name = name;
    this.driver = driver;
    this.#parts = parts;
  }

  /** Whether reads may go here. A replica that was left out for long enough is asked again beside them. */
  takesReads(): boolean {
    if (this.#retryAt === null) return true;
    if (this.#probing === null && this.driver.clock.monotonic() >= this.#retryAt) this.#probing = this.#probe();
    return false;
  }

  /** The connection; it is opened by the first who needs it. */
  connection(): MaybePromise<Connection> {
    if (this.#connection === null) {
      const opening = this.driver.connect();
      this.#connection = opening;
      opening.then(
        (connection) => {
          if (this.#connection === opening) this.#connection = connection;
          else connection.release();
        },
        () => {
          if (this.#connection === opening) this.#connection = null;
        },
      );
    }
    return this.#connection;
  }

  /** Leaves the replica out, because its server cannot be reached; `generation` is that of the one who found out. */
  lost(error: unknown, generation: number): void {
    // Of the reads that fail together, the first one says it for all.
    if (generation !== this.generation || this.#retryAt !== null) return;
    this.#parts.log({
      level: 'warn',
      event: 'replica.lost',
      message: `${this.name} cannot be reached and is left out`,
      error,
    });
    this.#leaveOut();
  }

  /** Ends a question that is under way, and closes the driver. */
  async close(): Promise<void> {
    this.#releaseConnection();
    await this.driver.close();
    await this.#probing;
  }

  #leaveOut(): void {
    this.#failures += 1;
    const pause = Math.min(LONGEST_PAUSE, this.#parts.retryAfter * 2 ** (this.#failures - 1));
    this.#retryAt = this.driver.clock.monotonic() + pause;
    this.#releaseConnection();
  }

  // One that is being opened releases itself when it sees that it is not wanted any more.
  #releaseConnection(): void {
    if (this.#connection !== null && !(this.#connection instanceof Promise)) this.#connection.release();
    this.#connection = null;
  }

  async #probe(): Promise<void> {
    try {
      const connection = await this.connection();
      await connection.execute({ sql: 'SELECT 1', params: [] }, { writes: [] });
      this.#retryAt = null;
      this.#failures = 0;
      this.generation += 1;
      this.#parts.log({ level: 'info', event: 'replica.back', message: `${this.name} answers and is in use again` });
    } catch {
      this.#leaveOut();
    } finally {
      this.#probing = null;
    }
  }
}

/** Whether an error says that the server is not there, rather than that it is busy or refused a statement. */
export function isLost(error: unknown): boolean {
  const { code, cause, pool } = (error ?? {}) as Partial<PoolTimeoutError>;
  // Time ran out for a pool: because nobody could connect, or because everybody is at work.
  if (code === 'pool-timeout') return pool?.active === 0 || isLost(cause);
  return (code as string | undefined) === 'connection';
}
