import { type PoolState, StatementTimeoutError, ValidationError } from '../errors.ts';
import type { Limits } from '../wire/limits.ts';
import { LONGEST_TIMER } from '../wire/longest-timer.ts';
import type { Driver, DriverNode } from './driver.ts';

/** How one server of a driver is. */
export interface NodeHealth {
  /** `primary`, or the name of a replica. */
  readonly name: string;
  readonly role: 'primary' | 'replica';
  /** Whether it answered. */
  readonly ok: boolean;
  /** Milliseconds until it answered, or until it was given up. */
  readonly latencyMs: number;
  /** Why it did not answer. */
  readonly error?: unknown;
  /** The state of its pool, where it has one. */
  readonly pool?: PoolState;
}

const DEFAULT_TIMEOUT = 5000;

/** Asks all servers of a driver at once whether they answer. Throws `validation` for a timeout that is none. */
export async function checkHealth(driver: Driver, limits: Limits): Promise<readonly NodeHealth[]> {
  const { timeout = DEFAULT_TIMEOUT } = limits;
  if (!(typeof timeout === 'number' && timeout > 0 && timeout <= LONGEST_TIMER)) {
    throw new ValidationError(`health: timeout is to be milliseconds, more than 0 and at most ${LONGEST_TIMER}`);
  }
  const nodes = driver.nodes ?? [{ name: 'primary', role: 'primary', driver }];
  return Promise.all(nodes.map((node) => checkNode(node, limits)));
}

async function checkNode({ name, role, driver }: DriverNode, limits: Limits): Promise<NodeHealth> {
  const { clock } = driver;
  const start = clock.monotonic();
  const done = new AbortController();
  let error: unknown;
  try {
    await Promise.race([ask(driver, limits.signal, done.signal), giveUp(driver, limits, done.signal)]);
  } catch (caught) {
    error = caught;
  } finally {
    done.abort();
  }
  const pool = driver.pool?.state();
  return {
    name,
    role,
    ok: error === undefined,
    latencyMs: clock.monotonic() - start,
    ...(error === undefined ? {} : { error }),
    ...(pool === undefined ? {} : { pool }),
  };
}

async function ask(driver: Driver, asked: AbortSignal | undefined, done: AbortSignal): Promise<void> {
  const signal = asked === undefined ? done : AbortSignal.any([asked, done]);
  const connection = await driver.connect({ signal });
  try {
    await connection.execute({ sql: 'SELECT 1', params: [] }, { signal, writes: [] });
  } finally {
    connection.release();
  }
}

// A server that is gone without a word answers nothing, not even to the request to stop.
async function giveUp({ clock }: Driver, { timeout = DEFAULT_TIMEOUT }: Limits, done: AbortSignal): Promise<void> {
  await clock.sleep(timeout, done).catch(() => undefined);
  if (!done.aborted) throw new StatementTimeoutError(`no answer within ${timeout} ms`);
}
