import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import type { RelationLoader } from '../criteria/relation-loader.ts';
import { ValidationError } from '../errors.ts';
import type { EntityRuntime } from '../hydration/entity-runtime.ts';
import type { Hydrator } from '../hydration/hydrator.ts';
import { EntityStore } from '../identity/entity-store.ts';
import { type IdentityKey, identityKey } from '../identity/identity-key.ts';
import { invalid } from '../metadata/entity-error.ts';
import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { Registry } from '../metadata/registry.ts';
import type { Listener, Listeners } from '../session/hook-listeners.ts';
import type { WireKey, WireRow } from '../wire/wire-value.ts';
import type { DeletionReach } from './deletion-reach.ts';
import type { LinkEdit } from './flush-plan.ts';
import { askAnew, cascadedInMemory, showAtOwner, withdraw } from './other-side.ts';

/** What all units of work of a persistence object share. */
export interface UnitOfWorkContext {
  readonly registry: Registry;
  readonly runtimes: ReadonlyMap<EntityMetadata, EntityRuntime>;
  /** Components of tables whose foreign keys form circles, referred-to ones first. */
  readonly components: readonly (readonly EntityMetadata[])[];
  /** What a deletion of a root entity's rows does besides. */
  readonly deletionReach: ReadonlyMap<EntityMetadata, DeletionReach>;
  /** The hooks by event; empty where nobody declared or subscribed any. */
  readonly hooks: Listeners;
  /** Told what a hook threw where that can reach nobody else. */
  readonly onHookError: (error: unknown) => void;
}

/** An entity's place in its store, with its metadata. */
export interface Managed {
  readonly meta: EntityMetadata;
  readonly store: EntityStore;
  readonly place: number;
}

/**
 * All that one EntityManager knows: the identity map with its snapshots, and what the application scheduled. It never
 * speaks to the database.
 */
export class UnitOfWork {
  readonly context: UnitOfWorkContext;
  /** Counts edits of relations, so that a flush knows whether any was made while it ran. */
  edits = 0;
  readonly stores = new Map<EntityMetadata, EntityStore>();
  /** Of the removed entities those whose rows are to be deleted in any case. */
  purged: WeakSet<object> | null = null;
  // Most units of work only read: what they never need is never made.
  #pending: Map<object, EntityMetadata> | null = null;
  #removed: Set<object> | null = null;
  #touched: Set<object> | null = null;
  #orphans: Map<object, boolean> | null = null;
  #strays: Map<object, RelationMetadata> | null = null;
  #editedLinks: Map<EntityCollection, LinkEdit> | null = null;
  #reflected: Set<EntityCollection> | null = null;
  #detached: WeakSet<object> | null = null;
  readonly #makeLoader: (relation: RelationMetadata) => RelationLoader;
  readonly #loaders = new Map<EntityMetadata, readonly RelationLoader[]>();
  readonly #loaderOf = new Map<RelationMetadata, RelationLoader>();
  #adopting: object[] | null = null;

  constructor(context: UnitOfWorkContext, makeLoader: (relation: RelationMetadata) => RelationLoader) {
    this.context = context;
    this.#makeLoader = makeLoader;
  }

  /** Entities whose rows the next flush inserts, in the order they were scheduled. */
  get pending(): Map<object, EntityMetadata> {
    this.#pending ??= new Map();
    return this.#pending;
  }

  /** Persistent entities whose rows the next flush deletes. */
  get removed(): Set<object> {
    this.#removed ??= new Set();
    return this.#removed;
  }

  /** Persistent entities with a to-one relation that was set; only their foreign keys are compared. */
  get touched(): Set<object> {
    this.#touched ??= new Set();
    return this.#touched;
  }

  /** Items that left a collection with orphan removal, and whether they were pending before. */
  get orphans(): Map<object, boolean> {
    this.#orphans ??= new Map();
    return this.#orphans;
  }

  /** Items that were added to a collection but that nobody has persisted, with the relation that refers to the owner. */
  get strays(): Map<object, RelationMetadata> {
    this.#strays ??= new Map();
    return this.#strays;
  }

  /** Many-to-many collections with unflushed edits. */
  get editedLinks(): Map<EntityCollection, LinkEdit> {
    this.#editedLinks ??= new Map();
    return this.#editedLinks;
  }

  /** Collections that remember edits of the other side until these are written. */
  get reflected(): Set<EntityCollection> {
    this.#reflected ??= new Set();
    return this.#reflected;
  }

  /** Entities that stood for a row here once. */
  get detached(): WeakSet<object> {
    this.#detached ??= new WeakSet();
    return this.#detached;
  }

  /** The metadata of an entity. Throws `validation` for any other object. */
  metadataOf(entity: unknown): EntityMetadata {
    const meta = typeof entity === 'object' && entity !== null ? this.context.registry.of(entity) : undefined;
    if (meta !== undefined) return meta;
    throw new ValidationError('not an entity of this persistence object; make it with em.create or its class');
  }

  /** The runtime of a table. */
  runtime(meta: EntityMetadata): EntityRuntime {
    return this.context.runtimes.get(meta.root) as EntityRuntime;
  }

  /** The hydrator of a class. */
  hydrator(meta: EntityMetadata): Hydrator {
    return this.runtime(meta).hydrators.get(meta) as Hydrator;
  }

  store(meta: EntityMetadata): EntityStore {
    let store = this.stores.get(meta.root);
    if (store === undefined) {
      store = new EntityStore();
      this.stores.set(meta.root, store);
    }
    return store;
  }

  /** Turns rows into entities: those that are known as they are, the others hydrated. A key of NULL gives null. */
  load(meta: EntityMetadata, rows: readonly WireRow[], offset = 0): (object | null)[] {
    const runtime = this.runtime(meta);
    const store = this.store(meta);
    const width = meta.root.eager.length;
    const loaded = new Array<object | null>(rows.length);
    let loadersOf: EntityMetadata | null = null;
    let loaders: readonly RelationLoader[] = [];
    const hooks = this.context.hooks.get('afterLoad');
    for (let index = 0; index < rows.length; index += 1) {
      const row = rows[index] as WireRow;
      const key = runtime.keyOf(row, offset);
      const place = store.places.get(key);
      if (place !== undefined || key === null) {
        loaded[index] = place === undefined ? null : (store.entities[place] as object);
        continue;
      }
      const hydrator = runtime.hydratorOf(row, offset);
      if (hydrator.meta !== loadersOf) {
        loadersOf = hydrator.meta;
        loaders = this.loadersOf(loadersOf);
      }
      const own = row.length === width ? row : row.slice(offset, offset + width);
      const entity = hydrator.create(own, 0, loaders);
      // Before anybody else sees it: an entity whose hook throws is not kept.
      if (hooks !== undefined) announce(hooks, hydrator.meta, entity);
      store.add(key, entity, own);
      loaded[index] = entity;
    }
    return loaded;
  }

  /** The entity with a key, if it is in memory. */
  find(meta: EntityMetadata, key: WireKey): object | undefined {
    return this.stores.get(meta.root)?.find(identityKey(meta.root.primaryKey, key));
  }

  /** Where a persistent entity is kept, or undefined where it is not persistent here. */
  managed(entity: object): Managed | undefined {
    const meta = this.context.registry.of(entity);
    const store = meta === undefined ? undefined : this.stores.get(meta.root);
    if (meta === undefined || store === undefined) return undefined;
    const place = this.#placeOf(meta, store, entity);
    return place === undefined ? undefined : { meta, store, place };
  }

  /** The row that an entity was loaded from or last written as. */
  snapshot(entity: object): WireRow | undefined {
    const meta = this.context.registry.of(entity);
    const store = meta === undefined ? undefined : this.stores.get(meta.root);
    if (meta === undefined || store === undefined) return undefined;
    const place = this.#placeOf(meta, store, entity);
    return place === undefined ? undefined : store.rows[place];
  }

  // Mostly the key finds it; not where it was changed by hand, has parts, or is converted.
  #placeOf(meta: EntityMetadata, store: EntityStore, entity: object): number | undefined {
    const { plainKey } = this.runtime(meta);
    const key = plainKey === null ? undefined : (entity as Readonly<Record<string, IdentityKey>>)[plainKey];
    const place = key === undefined ? undefined : store.places.get(key);
    return place !== undefined && store.entities[place] === entity ? place : store.placeOf(entity);
  }

  /** The identity of a row. */
  keyOfRow(meta: EntityMetadata, row: WireRow): IdentityKey {
    return this.runtime(meta).keyOf(row, 0);
  }

  /** The relation loaders of a class, in the order of its relations. */
  loadersOf(meta: EntityMetadata): readonly RelationLoader[] {
    let loaders = this.#loaders.get(meta);
    if (loaders === undefined) {
      loaders = [...meta.relations.values()].map((relation) => this.loader(relation));
      this.#loaders.set(meta, loaders);
    }
    return loaders;
  }

  /** The loader of one relation. */
  loader(relation: RelationMetadata): RelationLoader {
    let loader = this.#loaderOf.get(relation);
    if (loader === undefined) {
      loader = this.#makeLoader(relation);
      this.#loaderOf.set(relation, loader);
    }
    return loader;
  }

  /** Whether an entity is scheduled for insertion or persistent. */
  knows(entity: object): boolean {
    return this.pending.has(entity) || this.managed(entity) !== undefined;
  }

  /** Schedules an entity for insertion, or takes its scheduled removal back. */
  persist(entity: object): void {
    const meta = this.metadataOf(entity);
    if (this.pending.has(entity)) return;
    if (this.managed(entity) !== undefined) {
      this.takeRemovalBack(entity);
      return;
    }
    if (this.detached.has(entity)) {
      throw invalid(meta.table, null, 'the entity is detached; load its row again instead of persisting it');
    }
    this.schedule(meta, entity);
  }

  /** Schedules the insertion of an entity that is known to be new. */
  schedule(meta: EntityMetadata, entity: object): void {
    this.pending.set(entity, meta);
    // Adopting one may schedule the next through a cascade: a queue, so that no chain is too long.
    if (this.#adopting !== null) {
      this.#adopting.push(entity);
      return;
    }
    const queue = [entity];
    this.#adopting = queue;
    try {
      for (const next of queue) this.#adopt(this.pending.get(next) ?? meta, next);
    } finally {
      this.#adopting = null;
    }
  }

  /** Notes that a to-one relation of an entity was set. */
  touch(entity: object): void {
    this.edits += 1;
    // A pending entity is encoded as a whole.
    if (!this.pending.has(entity)) this.touched.add(entity);
  }

  /** Takes a pending entity out of the schedule, and out of the relations of others; does nothing for any other. */
  forget(entity: object): void {
    if (!this.pending.delete(entity)) return;
    this.strays.delete(entity);
    withdraw(this, entity);
  }

  /** Removes an item that left its owner's collection. */
  removeOrphan(item: object): void {
    if (!this.knows(item)) return;
    this.edits += 1;
    this.orphans.set(item, this.pending.has(item));
    this.remove(item);
  }

  /** Takes the removal of an orphan back, because it has an owner again. Tells whether it was one. */
  adoptOrphan(item: object): boolean {
    const wasPending = this.orphans.get(item);
    if (wasPending === undefined) return false;
    this.orphans.delete(item);
    if (wasPending) this.persist(item);
    else this.removed.delete(item);
    return true;
  }

  /** Takes the removal of a persistent entity back, whatever had asked for it. */
  takeRemovalBack(entity: object): void {
    if (this.removed.delete(entity)) askAnew(this, entity, this.snapshot(entity) as WireRow);
    if (this.adoptOrphan(entity)) showAtOwner(this, entity);
  }

  /** Schedules a persistent entity for removal, or forgets a pending one. */
  remove(entity: object): void {
    const meta = this.metadataOf(entity);
    this.purged?.delete(entity);
    if (this.pending.has(entity)) {
      for (const related of cascadedInMemory(this, entity)) this.forget(related);
      return;
    }
    if (this.managed(entity) === undefined) {
      throw invalid(meta.table, null, 'only an entity of this EntityManager can be removed; load it first');
    }
    this.removed.add(entity);
  }

  // Relations that were set before the entity was scheduled take effect now.
  #adopt(meta: EntityMetadata, entity: object): void {
    const hydrator = this.hydrator(meta);
    const loaders = this.loadersOf(meta);
    hydrator.bind(entity, loaders);
    hydrator.relations.forEach((relation, index) => {
      const field: unknown = Reflect.get(entity, relation.property);
      const loader = loaders[index] as RelationLoader;
      if (field instanceof Reference) this.#adoptReference(relation, loader, entity, field);
      if (!(field instanceof EntityCollection)) return;
      EntityCollection.begin(field);
      if (!EntityCollection.isEdited(field)) return;
      for (const item of EntityCollection.editsOf(field).added) loader.added(entity, item);
    });
  }

  #adoptReference(relation: RelationMetadata, loader: RelationLoader, entity: object, field: Reference): void {
    const state = Reference.stateOf(field);
    if (state === 'entity') loader.changed(entity, null, Reference.valueOf(field) as object | null);
    else if (state === 'unset' && relation.nullable) Reference.fill(field, 'entity', null);
  }

  /** Forgets everything: entities become detached, unflushed work is dropped. */
  clear(): void {
    for (const { entities } of this.stores.values())
      for (const entity of entities) if (entity !== null) this.detached.add(entity);
    this.pending.clear();
    this.removed.clear();
    this.touched.clear();
    this.orphans.clear();
    this.strays.clear();
    this.editedLinks.clear();
    this.reflected.clear();
    this.stores.clear();
  }
}

function announce(hooks: Iterable<Listener>, { table }: EntityMetadata, entity: object): void {
  for (const hook of hooks) {
    const answer = hook({ entity, table } as never);
    if (!(answer instanceof Promise)) continue;
    answer.catch(() => undefined);
    throw invalid(table, null, 'afterLoad is not waited for, and must be synchronous');
  }
}
