import type { AssignData, CreateData, Having, KeyOf, LazyKeys, Loaded, Path, Where } from '../criteria/entity-types.ts';
import { TransactionScopeError } from '../errors.ts';
import type { EntityState } from '../identity/entity-state.ts';
import type { EntityClass } from '../metadata/entity-class.ts';
import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import type { FindOptions, Query } from '../query/query.ts';
import type { RawQuery } from '../query/raw-query.ts';
import { type BulkWrite, isSelection } from '../query/selection.ts';
import type { Session } from '../session/session.ts';
import { detach } from '../unit-of-work/detach.ts';
import { entityChanges, type PropertyChange, revertAll, revertEntity } from '../unit-of-work/entity-changes.ts';
import { forgetSince, markLoaded } from '../unit-of-work/forget-since.ts';
import { StaleCandidates } from '../unit-of-work/stale-rows.ts';
import { UnitOfWork, type UnitOfWorkContext } from '../unit-of-work/unit-of-work.ts';
import type { Limits } from '../wire/limits.ts';
import type { ResultSet } from '../wire/result-set.ts';
import { bounded, signalOption } from './bounded.ts';
import { assignEntity, createEntity } from './create-entity.ts';
import type {
  CountOptions,
  EntityManager,
  ExecuteRawOptions,
  FindByIdOptions,
  FlushPreview,
  TransactionOptions,
  UpsertOptions,
} from './entity-manager.ts';
import type { EntityScope } from './entity-scope.ts';
import { count, find, findById } from './find.ts';
import type { LockedFindArguments } from './find-locked.ts';
import { describe, flush, flushParts, planScope, verifyReads } from './flush.ts';
import { loadOnDemand } from './load-on-demand.ts';
import type { Reader } from './reader.ts';
import { RelationBinding } from './relation-binding.ts';
import { statementWork } from './statement-work.ts';
import { isWithin, type TransactionFrame, undoFrame } from './transaction-frame.ts';

/** Makes an EntityManager with a unit of work of its own. */
export function createEntityManager(context: UnitOfWorkContext, session: Session, limits: Limits): EntityManager {
  const unit: UnitOfWork = new UnitOfWork(context, (relation) => new RelationBinding(scope, relation));
  const scope: EntityScope = {
    unit,
    session,
    limits,
    flushing: null,
    unseenWrites: 0,
    hookErrors: [],
    refuse: null,
    apart: (own) => createEntityManager(context, session.fork(), own),
  };
  return new UnitEntityManager(scope, session, null);
}

/** A handle of a unit of work: the EntityManager itself, or that of one of its transactions. */
class UnitEntityManager implements EntityManager {
  readonly #scope: EntityScope;
  readonly #session: Session;
  /** The transaction or savepoint it is the handle of; null outside of one. */
  readonly #frame: TransactionFrame | null;
  #state: 'open' | 'in transaction' | 'ended' = 'open';

  constructor(scope: EntityScope, session: Session, frame: TransactionFrame | null) {
    this.#scope = scope;
    this.#session = session;
    this.#frame = frame;
  }

  create<T extends object>(target: EntityClass<T>, data: CreateData<T>): T {
    const { unit } = this.#open();
    return createEntity(unit, unit.context.registry.get(target), data) as T;
  }

  async find<T extends object, const P extends Path<T> = never, const A extends LazyKeys<T> = never>(
    target: EntityClass<T>,
    where?: Where<T>,
    options: FindOptions<T, P, A> = {},
  ): Promise<(Loaded<T, P> & Having<T, A>)[]> {
    const scope = this.#open();
    const meta = scope.unit.context.registry.get(target);
    const request = { ...options, where };
    const entities = await bounded(scope, options, async (reader) => {
      const found = await (options.lock === undefined
        ? find(reader, meta, request)
        : this.#findLocked(reader, meta, request));
      return options.also === undefined ? found : this.#also(reader, meta, found, options.also);
    });
    return entities as (Loaded<T, P> & Having<T, A>)[];
  }

  async all(query: object): Promise<never> {
    if (isSelection(query)) return (await bounded(this.#open(), {}, (reader) => query.read(reader))) as never;
    const { target, where, options } = query as Query<object>;
    return (await this.find(target, where, options)) as never;
  }

  async findOne<T extends object, const P extends Path<T> = never, const A extends LazyKeys<T> = never>(
    target: EntityClass<T>,
    where?: Where<T>,
    options?: Omit<FindOptions<T, P, A>, 'limit'>,
  ): Promise<(Loaded<T, P> & Having<T, A>) | null> {
    const [entity] = await this.find<T, P, A>(target, where, { ...options, limit: 1 });
    return entity ?? null;
  }

  async findById<T extends object, const P extends Path<T> = never, const A extends LazyKeys<T> = never>(
    target: EntityClass<T>,
    key: KeyOf<T>,
    options: FindByIdOptions<T, P, A> = {},
  ): Promise<(Loaded<T, P> & Having<T, A>) | null> {
    const scope = this.#open();
    const meta = scope.unit.context.registry.get(target);
    const entity = await bounded(scope, options, async (reader) => {
      const found =
        options.lock === undefined
          ? await findById(reader, meta, key, options)
          : ((await this.#findLocked(reader, meta, { ...options, key }))[0] ?? null);
      if (found !== null && options.also !== undefined) await this.#also(reader, meta, [found], options.also);
      return found;
    });
    return entity as (Loaded<T, P> & Having<T, A>) | null;
  }

  async load<T extends object>(
    given: T | readonly T[],
    columns: readonly string[],
    limits: Limits = {},
  ): Promise<never> {
    const entities = Array.isArray(given) ? given : [given];
    await bounded(this.#open(), limits, (reader) => this.#also(reader, null, entities, columns));
    return given as never;
  }

  async #also(
    reader: Reader,
    meta: EntityMetadata | null,
    entities: object[],
    names: readonly string[],
  ): Promise<object[]> {
    return (await loadOnDemand()).loadColumns(reader, meta, entities, names);
  }

  async #findLocked(reader: Reader, meta: EntityMetadata, request: LockedFindArguments): Promise<object[]> {
    const onDemand = await loadOnDemand();
    return onDemand.findLocked(reader, meta, request, this.#frame?.opened);
  }

  async count<T extends object>(target: EntityClass<T>, where?: Where<T>, options: CountOptions = {}): Promise<number> {
    const scope = this.#open();
    const meta = scope.unit.context.registry.get(target);
    return bounded(scope, options, (reader) => count(reader, meta, where, options.withDeleted));
  }

  async exists<T extends object>(target: EntityClass<T>, where?: Where<T>, options?: CountOptions): Promise<boolean> {
    return (await this.count(target, where, options)) > 0;
  }

  persist(...entities: object[]): void {
    const { unit } = this.#open();
    for (const entity of entities) unit.persist(entity);
  }

  remove(...entities: object[]): void {
    const { unit } = this.#open();
    for (const entity of entities) unit.remove(entity);
  }

  purge(...entities: object[]): void {
    const { unit } = this.#open();
    for (const entity of entities) {
      unit.remove(entity);
      unit.purged ??= new WeakSet();
      unit.purged.add(entity);
    }
  }

  async flush(limits: Limits = {}): Promise<void> {
    const scope = this.#idle('flush()');
    const earlier = scope.flushing;
    const own = this.#flushAfter(earlier, limits);
    scope.flushing = own;
    try {
      await own;
    } finally {
      if (scope.flushing === own) scope.flushing = null;
    }
  }

  // A failed flush is its own caller's affair; the next one starts from what is unflushed then.
  async #flushAfter(earlier: Promise<void> | null, limits: Limits): Promise<void> {
    if (earlier !== null) await earlier.catch(() => undefined);
    // By its own session: a transaction that ended meanwhile must not make it write outside of it.
    const reader = { session: this.#session, unit: this.#scope.unit, limits: this.#scope.limits };
    const { hooks } = reader.unit.context;
    const hooked = hooks.size === 0 ? null : (await loadOnDemand()).hookFlush(this, this.#scope, flushParts);
    const undo = await bounded(reader, limits, hooked === null ? flush : hooked.flush);
    if (undo !== null) this.#frame?.undos.push(undo);
    await hooked?.after();
  }

  async plan(): Promise<FlushPreview> {
    const scope = this.#open();
    const onDemand = await loadOnDemand();
    const plan = await planScope(scope);
    return onDemand.previewPlan(plan, await describe(scope, plan), scope.session);
  }

  async refresh(entity: object, limits: Limits = {}): Promise<void> {
    const scope = this.#open();
    const onDemand = await loadOnDemand();
    await bounded(scope, limits, (reader) => onDemand.refresh(reader, entity));
  }

  assign<T extends object>(entity: T, data: AssignData<T>): T {
    assignEntity(this.#open().unit, entity, data);
    return entity;
  }

  async merge<T extends object>(...given: readonly [T | EntityClass<T>, ...unknown[]]): Promise<T> {
    const scope = this.#open();
    const onDemand = await loadOnDemand();
    return onDemand.merge(scope, given) as Promise<T>;
  }

  async upsert<T extends object>(
    target: EntityClass<T>,
    data: CreateData<T> | readonly CreateData<T>[],
    options: UpsertOptions<T> = {},
  ): Promise<T & T[]> {
    const scope = this.#idle('upsert()');
    const onDemand = await loadOnDemand();
    const parts = { scope, session: this.#session, undos: this.#frame?.undos };
    return onDemand.upsert(parts, target, data, options) as Promise<T & T[]>;
  }

  changes(entity: object): ReadonlyMap<string, PropertyChange> {
    return entityChanges(this.#scope.unit, entity);
  }

  revert(entity?: object): void {
    const { unit } = this.#open();
    if (entity !== undefined) {
      revertEntity(unit, entity);
      return;
    }
    revertAll(unit);
  }

  stateOf(entity: object): EntityState {
    const { unit } = this.#scope;
    unit.metadataOf(entity);
    if (unit.pending.has(entity)) return 'pending';
    if (unit.removed.has(entity)) return 'deleted';
    if (unit.managed(entity) !== undefined) return 'persistent';
    return unit.detached.has(entity) ? 'detached' : 'transient';
  }

  contains(entity: object): boolean {
    return this.#scope.unit.knows(entity);
  }

  detach(...entities: object[]): void {
    detach(this.#open().unit, entities);
  }

  clear(): void {
    const scope = this.#open();
    scope.unseenWrites += 1;
    scope.unit.clear();
  }

  async execute(query: RawQuery | BulkWrite, options: ExecuteRawOptions = {}): Promise<ResultSet> {
    const scope = this.#open();
    const work = statementWork(query, scope.session.dialect, options);
    if (work.writes) {
      this.#idle('SQL that writes, or may write,');
      scope.unseenWrites += 1;
    }
    return bounded(scope, options, work.run);
  }

  async transaction<R>(work: (em: EntityManager) => Promise<R>, options: TransactionOptions = {}): Promise<R> {
    return bounded(this.#idle('transaction()'), options, ({ limits }) => {
      const { propagation, retry, isolation, readOnly } = options;
      const asked = propagation ?? retry ?? isolation ?? (this.#frame === null ? undefined : readOnly);
      return asked === undefined ? this.#transact(work, options, limits) : this.#propagate(work, options, limits);
    });
  }

  /** What only some transactions ask for comes with the first that does. */
  async #propagate<R>(
    work: (em: EntityManager) => Promise<R>,
    options: TransactionOptions,
    limits: Limits,
  ): Promise<R> {
    const onDemand = await loadOnDemand();
    const scope = this.#open();
    const parts = {
      handle: this,
      scope,
      frame: this.#frame,
      begin: <T>(own: (em: EntityManager) => Promise<T>) => this.#transact(own, options, limits),
    };
    return onDemand.runTransaction(parts, limits, work, options);
  }

  async #transact<R>(work: (em: EntityManager) => Promise<R>, options: TransactionOptions, limits: Limits): Promise<R> {
    const transact = (own: typeof work) => this.#transactAlone(own, options, limits);
    if (this.#scope.unit.context.hooks.size === 0) return transact(work);
    return (await loadOnDemand()).transactWithHooks(this.#scope, this, this.#frame, work, transact);
  }

  async #transactAlone<R>(
    work: (em: EntityManager) => Promise<R>,
    options: TransactionOptions,
    limits: Limits,
  ): Promise<R> {
    const scope = this.#open();
    const outer = scope.limits;
    const frame: TransactionFrame = {
      undos: [],
      level: (this.#frame?.level ?? -1) + 1,
      opened: this.#frame?.opened ?? options,
      session: this.#session,
      failure: null,
      inner: null,
    };
    if (this.#frame !== null) this.#frame.inner = frame;
    const { unseenWrites } = scope;
    const loaded = markLoaded(scope.unit);
    this.#state = 'in transaction';
    try {
      // A flush that began before must not end up inside; how it ends is its own caller's affair.
      if (scope.flushing !== null) await scope.flushing.catch(() => undefined);
      scope.limits = limits;
      const { readOnly, isolation } = options;
      const result = await this.#session.transact((session) => this.#inside(session, frame, work), {
        ...(readOnly === undefined ? {} : { readOnly }),
        ...(isolation === undefined ? {} : { isolation }),
        ...signalOption(limits),
      });
      this.#frame?.undos.push(...frame.undos.splice(0));
      return result;
    } catch (error) {
      undoFrame(frame);
      // What was read since may never have been committed; a flush of one's own is undone above.
      if (scope.unseenWrites !== unseenWrites) forgetSince(scope.unit, loaded);
      if (!(error instanceof StaleCandidates)) throw error;
      const onDemand = await loadOnDemand();
      throw await onDemand.staleError(this.#session, onDemand.asLoaded(scope.unit, error));
    } finally {
      // Unless the transaction around it ended first, without waiting for this one.
      if (isWithin(frame, scope.session) || scope.session === this.#session) {
        scope.session = this.#session;
        scope.limits = outer;
      }
      if (this.#state === 'in transaction') this.#state = 'open';
    }
  }

  async #inside<R>(session: Session, frame: TransactionFrame, work: (em: EntityManager) => Promise<R>): Promise<R> {
    const inner = new UnitEntityManager(this.#scope, session, frame);
    this.#scope.session = session;
    frame.session = session;
    try {
      const result = await work(inner);
      if (frame.failure !== null) throw frame.failure;
      const verify = this.#frame === null && frame.opened.verifyReads === true;
      if (session.deferral !== undefined) Object.assign(session.deferral, { ending: true, verifyReads: verify });
      if (verify && session.deferral === undefined) await verifyReads({ ...this.#scope, session });
      await inner.flush();
      return result;
    } finally {
      inner.#state = 'ended';
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOpen()) this.clear();
  }

  /** The session of a savepoint that nobody waited for is not in use any more when the transaction has ended. */
  #isOpen(): boolean {
    return this.#state === 'open' && this.#scope.session === this.#session;
  }

  /** As {@link #open}, for what a hook that runs could not wait for. */
  #idle(action: string): EntityScope {
    this.#scope.refuse?.(action);
    return this.#open();
  }

  #open(): EntityScope {
    if (this.#isOpen()) return this.#scope;
    throw new TransactionScopeError(
      this.#state === 'in transaction'
        ? 'a transaction of this EntityManager is open; use the one that its callback received'
        : 'the transaction of this EntityManager has ended; use the one that opened it',
    );
  }
}
