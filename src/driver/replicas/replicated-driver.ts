import { ConfigurationError } from '../../errors.ts';
import type { Connection, Driver, DriverNode } from '../driver.ts';
import type { LogEvent } from '../log-event.ts';
import { tellAll } from '../tell-all.ts';
import { ReplicaNode } from './replica-node.ts';
import { RoutedConnection, type Routing } from './routed-connection.ts';

/** What a replicated driver is made of. */
export interface ReplicationOptions<D extends Driver> {
  /** Where writes and transactions go. */
  readonly primary: D;
  /** Where reads go; without any, all goes to the primary. */
  readonly replicas: readonly Driver[];
  /**
   * Milliseconds for which a session that wrote reads from the primary, because replicas lag behind; 5,000 unless given.
   * An EntityManager is such a session.
   */
  readonly readAfterWrite?: number;
  /** Milliseconds until a lost replica is asked again, doubling up to a minute; 1,000 unless given. */
  readonly retryAfter?: number;
}

/** A primary and its replicas as one driver. */
export interface ReplicatedDriver<D extends Driver> extends Driver {
  readonly primary: D;
  readonly replicas: readonly Driver[];
  readonly nodes: readonly DriverNode[];
}

/**
 * Makes one driver of a primary and its replicas: pure reads outside of transactions go to the replicas in turn,
 * everything else to the primary. A replica that cannot be reached is left out, reported as `log` event `replica.lost`,
 * and comes back (`replica.back`) when it answers again; while none is there, reads go to the primary.
 *
 * Throws `configuration` where a replica is of another dialect, or a driver is named twice.
 *
 * @example
 * ```ts
 * import { createPersistence, Entity, integer, text } from 'meshestra';
 * import type { Driver } from 'meshestra/port';
 * import { replicated } from 'meshestra/replicas';
 *
 * declare const main: Driver, copy: Driver; // pg('postgres://main/app'), pg('postgres://copy/app')
 * class Task extends Entity('tasks', { id: integer().primaryKey().generated(), title: text() }) {}
 * const db = await createPersistence({ driver: replicated({ primary: main, replicas: [copy] }), entities: [Task] });
 * await db.em().find(Task); // SELECT … FROM "tasks" AS "t0", on the replica
 * ```
 */
export function replicated<D extends Driver>(options: ReplicationOptions<D>): ReplicatedDriver<D> {
  checkOptions(options);
  const { primary, replicas, readAfterWrite = 5000, retryAfter = 1000 } = options;
  const listeners = new Set<(event: LogEvent) => void>();
  const log = (event: Omit<LogEvent, 'driver'>) => {
    tellAll(listeners, { ...event, driver: primary.name });
  };
  const nodes = replicas.map((driver, index) => new ReplicaNode(`replica-${index + 1}`, driver, { retryAfter, log }));
  return {
    name: primary.name,
    dialect: primary.dialect,
    capabilities: { ...primary.capabilities, streaming: false },
    clock: primary.clock,
    primary,
    replicas,
    nodes: [
      { name: 'primary', role: 'primary', driver: primary },
      ...nodes.map(({ name, driver }): DriverNode => ({ name, role: 'replica', driver })),
    ],
    get pool() {
      return primary.pool;
    },
    get corrections() {
      return [primary, ...replicas].flatMap((driver) => driver.corrections ?? []);
    },
    async connect(connectOptions): Promise<Connection> {
      const connection = await primary.connect(connectOptions);
      const never = Number.NEGATIVE_INFINITY;
      const { clock } = primary;
      const routing: Routing = {
        primary: connection,
        replicas: nodes,
        clock,
        readAfterWrite,
        turn: 0,
        lastWrite: never,
      };
      return new RoutedConnection(routing, null);
    },
    onExternalChange: (listener) => primary.onExternalChange?.(listener) ?? (() => {}),
    onLog: (listener) => listenToAll([primary, ...replicas], listeners, listener),
    async close() {
      const ends = await Promise.allSettled([primary.close(), ...nodes.map((node) => node.close())]);
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
  };
}

function listenToAll(
  drivers: readonly Driver[],
  own: Set<(event: LogEvent) => void>,
  listener: (event: LogEvent) => void,
): () => void {
  const stops = drivers.map((driver) => driver.onLog?.(listener));
  own.add(listener);
  return () => {
    own.delete(listener);
    for (const stop of stops) stop?.();
  };
}

function checkOptions({ primary, replicas, readAfterWrite = 0, retryAfter = 1 }: ReplicationOptions<Driver>): void {
  if (!Array.isArray(replicas)) throw new ConfigurationError('replicated: replicas is to be a list of drivers');
  const all = [primary, ...replicas];
  if (new Set(all).size !== all.length) {
    throw new ConfigurationError('replicated: a driver is named twice; each node needs a driver of its own');
  }
  for (const [index, { dialect }] of all.entries()) {
    if (dialect.name === primary.dialect.name) continue;
    throw new ConfigurationError(
      `replicated: replicas[${index - 1}] speaks ${dialect.name}, but the primary ${primary.dialect.name}`,
    );
  }
  checkMilliseconds('readAfterWrite', readAfterWrite, 0);
  checkMilliseconds('retryAfter', retryAfter, 1);
}

function checkMilliseconds(name: string, value: unknown, least: number): void {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return;
  throw new ConfigurationError(`replicated: ${name} is to be milliseconds, ${least} or more`);
}
