/// <reference lib="esnext.disposable" preserve="true" />
import type { Dialect } from './compiler/dialect.ts';
import type { Loaded } from './criteria/entity-types.ts';
import type { NodeHealth } from './driver/check-health.ts';
import type { Driver } from './driver/driver.ts';
import type { LogEvent } from './driver/log-event.ts';
import type { EntityManager, TransactionOptions } from './entity-manager/entity-manager.ts';
import type { LifecycleEvents } from './entity-manager/lifecycle-events.ts';
import { createLiveQuery } from './entity-manager/live-query.ts';
import { loadOnDemand } from './entity-manager/load-on-demand.ts';
import { populatedTables, populateTree } from './entity-manager/populate.ts';
import { createEntityManager } from './entity-manager/unit-entity-manager.ts';
import { ClosedError, ConfigurationError } from './errors.ts';
import { createEntityRuntime } from './hydration/entity-runtime.ts';
import { createRegistry } from './metadata/create-registry.ts';
import type { EntityClass } from './metadata/entity-class.ts';
import { declaresHooks } from './metadata/hook-symbols.ts';
import { type NamingStrategy, snakeCase } from './metadata/naming-strategy.ts';
import type { Registry } from './metadata/registry.ts';
import { planFind } from './query/find-plan.ts';
import type { Query } from './query/query.ts';
import { isSelection, type Selection } from './query/selection.ts';
import { type Listener, type Listeners, subscribe } from './session/hook-listeners.ts';
import { createSession } from './session/pipeline-session.ts';
import type { Session } from './session/session.ts';
import { createEventHub, type EventHub, type PersistenceEvents } from './session/session-events.ts';
import { deletionReach } from './unit-of-work/deletion-reach.ts';
import { tableComponents } from './unit-of-work/table-components.ts';
import type { UnitOfWorkContext } from './unit-of-work/unit-of-work.ts';
import type { ValidationSupport } from './unit-of-work/validation-support.ts';
import type { Limits } from './wire/limits.ts';

/** What a persistence object is made of. */
export interface PersistenceOptions<D extends Driver> {
  readonly driver: D;
  /** Every entity class that is used; of a hierarchy each class. */
  readonly entities: readonly EntityClass[];
  /** How database names are made; `snakeCase` unless given. */
  readonly naming?: NamingStrategy;
  /**
   * Told what a listener of `statement`, `change` or `log` threw, and one of `transactionRollback`; such errors never reach
   * the work that raised the event.
   */
  readonly onListenerError?: (error: unknown) => void;
  /** Listens to `log` from the beginning: what happens while the driver connects for the first time is over afterwards. */
  readonly onLog?: (event: LogEvent) => void;
}

/** One database with its entities. Long-lived; its EntityManagers are short-lived. */
export interface Persistence<D extends Driver = Driver> extends AsyncDisposable {
  /** The driver as it was handed in, with what it can do besides. */
  readonly driver: D;
  readonly dialect: Dialect;
  readonly registry: Registry;
  /** Where every statement goes through. */
  readonly session: Session;
  /** A fresh unit of work. Its limits hold for each of its calls: `signal` aborts them, `timeout` ends them. */
  em(limits?: Limits): EntityManager;
  /** Runs `work` on a fresh EntityManager in a transaction and flushes at its end. */
  transaction<R>(work: (em: EntityManager) => Promise<R>, options?: TransactionOptions): Promise<R>;
  /**
   * The result of a query now, and again after each commit, in this or another tab, that touched its tables. Each result
   * is of a fresh EntityManager. Leave the loop to stop it.
   *
   * @example
   * ```ts
   * import { createPersistence, Entity, integer, query, text } from 'meshestra';
   * import { sqljs } from 'meshestra/sqljs';
   *
   * class Task extends Entity('tasks', { id: integer().primaryKey().generated(), title: text() }) {}
   * const db = await createPersistence({ driver: sqljs(), entities: [Task] });
   * for await (const tasks of db.live(query(Task, {}, { orderBy: { title: 'asc' } }))) console.log(tasks.length);
   * ```
   */
  live<T extends object, P extends string>(query: Query<T, P>): AsyncIterableIterator<Loaded<T, P>[]>;
  live<R>(query: Selection<R>): AsyncIterableIterator<R[]>;
  /**
   * Listens to an event; gives the function that stops it. The events of entities, flushes and transactions are waited for,
   * in the order of subscription and after what the classes declare, and may change or stop what happens: see
   * {@link LifecycleEvents}. Throws `configuration` for an event that there is not.
   *
   * @example
   * ```ts
   * import { Entity, integer, type Persistence, text } from 'meshestra';
   *
   * class Entry extends Entity('entries', { id: integer().primaryKey().generated(), what: text() }) {}
   * function audit(db: Persistence): () => void {
   *   return db.on('beforeUpdate', ({ em, entity, table }) => {
   *     em.create(Entry, { what: `${table}: ${[...em.changes(entity).keys()]}` }); // INSERT INTO "entries", in the same flush
   *   });
   * }
   * ```
   */
  on<E extends keyof PersistenceEvents>(event: E, listener: (event: PersistenceEvents[E]) => void): () => void;
  on<E extends keyof LifecycleEvents>(event: E, listener: (event: LifecycleEvents[E]) => unknown): () => void;
  /**
   * Asks every server behind the driver for an answer (`SELECT 1`), at once. A node that does not answer is reported, not
   * thrown; `timeout` is 5,000 ms unless given.
   */
  health(limits?: Limits): Promise<readonly NodeHealth[]>;
  /** Ends live queries and running work, and closes the driver. */
  close(): Promise<void>;
}

/**
 * Opens a database with its entities: validates all declarations, connects, and wires the parts together. Throws
 * `configuration` with entity and property for a declaration that cannot work.
 *
 * @example
 * ```ts
 * import { createPersistence, Entity, integer, text } from 'meshestra';
 * import { createSchema } from 'meshestra/schema';
 * import { sqljs } from 'meshestra/sqljs';
 *
 * class Task extends Entity('tasks', { id: integer().primaryKey().generated(), title: text() }) {}
 * const db = await createPersistence({ driver: sqljs(), entities: [Task] });
 * await createSchema(db);
 * const em = db.em();
 * em.create(Task, { title: 'Write' });
 * await em.flush(); // INSERT INTO "tasks" ("title") VALUES (?)
 * ```
 */
export async function createPersistence<D extends Driver>(options: PersistenceOptions<D>): Promise<Persistence<D>> {
  const { driver, entities, naming = snakeCase, onListenerError = ignoreError } = options;
  if (driver === undefined || driver === null) throw new ConfigurationError('createPersistence: the driver is missing');
  const registry = createRegistry(entities, naming, driver.dialect);
  const events = createEventHub(onListenerError);
  const tables = [...registry.entities.map(({ table }) => table), ...registry.links.map(({ table }) => table)];
  const allTables = [...new Set(tables)];
  (registry.validation as ValidationSupport | null)?.verify(registry);
  const hooks: Listeners = new Map();
  if (registry.entities.some(({ target }) => declaresHooks(target))) {
    (await loadOnDemand()).subscribeDeclared(registry, hooks);
  }
  if (options.onLog !== undefined) events.on('log', options.onLog);
  const stopLog = driver.onLog?.((event) => events.emit('log', event));
  const connection = await driver.connect().catch((error: unknown) => {
    stopLog?.();
    throw error;
  });
  const session = createSession(driver, connection, events, allTables);
  const stop = driver.onExternalChange?.(({ tables: touched, origin }) =>
    events.emit('change', { tables: touched ?? allTables, origin }),
  );
  const listeners = { events, hooks, onHookError: onListenerError };
  return new OpenPersistence(driver, registry, session, listeners, async () => {
    stop?.();
    connection.release();
    await driver.close();
    stopLog?.();
  });
}

function ignoreError(): void {}

const HOOK = /^(before|after|on|transaction)[A-Z]/;

interface AllListeners extends Pick<UnitOfWorkContext, 'hooks' | 'onHookError'> {
  readonly events: EventHub;
}

class OpenPersistence<D extends Driver> implements Persistence<D> {
  readonly driver: D;
  readonly registry: Registry;
  readonly session: Session;
  readonly #context: UnitOfWorkContext;
  readonly #events: EventHub;
  readonly #shutDown: () => Promise<void>;
  readonly #live = new Set<AsyncIterator<unknown>>();
  #closing: Promise<void> | null = null;

  constructor(
    driver: D,
    registry: Registry,
    session: Session,
    { events, hooks, onHookError }: AllListeners,
    shutDown: () => Promise<void>,
  ) {
    this.driver = driver;
    this.registry = registry;
    this.session = session;
    this.#events = events;
    this.#shutDown = shutDown;
    const roots = registry.entities.filter((meta) => meta.root === meta);
    this.#context = {
      registry,
      runtimes: new Map(roots.map((meta) => [meta, createEntityRuntime(meta)])),
      components: tableComponents(registry.entities),
      deletionReach: deletionReach(registry),
      hooks,
      onHookError,
    };
  }

  get dialect(): Dialect {
    return this.driver.dialect;
  }

  em(limits: Limits = {}): EntityManager {
    this.#refuseClosed();
    return createEntityManager(this.#context, this.session.fork(), limits);
  }

  async transaction<R>(work: (em: EntityManager) => Promise<R>, options?: TransactionOptions): Promise<R> {
    return this.em().transaction(work, options);
  }

  live(query: object): AsyncIterableIterator<never[]> {
    const live: AsyncIterableIterator<never[]> = createLiveQuery<never[]>({
      tables: new Set(this.#tablesOf(query)),
      events: this.#events,
      // What a commit announced has to be seen, so that reads follow the writes of everybody here.
      read: () => createEntityManager(this.#context, this.session, {}).all(query as Selection<never>),
      onEnd: () => this.#live.delete(live),
    });
    this.#live.add(live);
    return live;
  }

  #tablesOf(query: object): readonly string[] {
    if (isSelection(query)) return query.tables(this.registry, this.session);
    const { target, where, options } = query as Query<object>;
    const meta = this.registry.get(target);
    const { compiled } = planFind(this.registry, this.session, meta, { where });
    return [...compiled.reads, ...populatedTables(populateTree(meta, options.populate))];
  }

  on(event: keyof PersistenceEvents | keyof LifecycleEvents, listener: Listener): () => void {
    if (HOOK.test(event)) return subscribe(this.#context.hooks, event, listener);
    return this.#events.on(event as keyof PersistenceEvents, listener as (event: unknown) => void);
  }

  async health(limits: Limits = {}): Promise<readonly NodeHealth[]> {
    this.#refuseClosed();
    const { checkHealth } = await import('./driver/check-health.ts');
    return checkHealth(this.driver, limits);
  }

  #refuseClosed(): void {
    if (this.#closing !== null) throw new ClosedError('the persistence object is closed');
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    // Nothing will wake them any more.
    for (const live of [...this.#live]) void live.return?.();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
