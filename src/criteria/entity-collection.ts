import { TransactionScopeError, ValidationError } from '../errors.ts';
import type { Operator } from './operator.ts';
import type { RelationLoader } from './relation-loader.ts';

/** The edits of a to-many relation that no flush has written yet. */
export interface CollectionEdits {
  readonly added: ReadonlySet<object>;
  readonly removed: ReadonlySet<object>;
  /** Whether the items were known, so that each edit is one of what the database has. */
  readonly sure: boolean;
}

const NONE: ReadonlySet<object> = new Set();

// What a new entity's collections share until the first item is added.
const EMPTY: object[] = [];

// Most collections are never edited, so that their sets are made only when they are.
function including(set: Set<object> | null, item: object): Set<object> {
  return (set ?? new Set()).add(item);
}

/**
 * The object behind `Collection`: the items once they are loaded, and the edits since. Adding is possible before the
 * items are known; the edits are merged in when they are.
 */
export class EntityCollection {
  #loader: RelationLoader | null = null;
  #owner: object | null = null;
  #items: object[] | null = null;
  // Membership of the items, made at the first edit: a list alone would make n edits cost n².
  #members: Set<object> | null = null;
  #added: Set<object> | null = null;
  #removed: Set<object> | null = null;

  get isLoaded(): boolean {
    return this.#items !== null;
  }

  get length(): number {
    return this.#loaded('length').length;
  }

  at(index: number): object | undefined {
    return this.#loaded('at').at(index);
  }

  toArray(): object[] {
    return this.#loaded('toArray').slice();
  }

  [Symbol.iterator](): Iterator<object> {
    return this.#loaded('iteration')[Symbol.iterator]();
  }

  async load(): Promise<readonly object[]> {
    if (this.#items === null) await this.#bound('load').loadMany(this.#owner as object);
    return this.#loaded('load').slice();
  }

  count(): Promise<number> {
    return this.#bound('count').count(this.#owner as object);
  }

  matching(where: Operator | object): Promise<readonly object[]> {
    return this.#bound('matching').matching(this.#owner as object, where);
  }

  add(...items: object[]): void {
    for (const item of items) this.#add(item);
  }

  remove(...items: object[]): void {
    for (const item of items) this.#remove(item);
  }

  set(items: readonly object[]): void {
    // What no EntityManager knows yet is new, and so has no other items.
    if (this.#loader === null) EntityCollection.begin(this);
    const wanted = new Set(items);
    const dropped = this.#loaded('set').filter((item) => !wanted.has(item));
    if (dropped.length > 0) {
      // At once: taking them out one by one would move the rest each time.
      this.#items = this.#loaded('set').filter((item) => wanted.has(item));
      this.#members = null;
      for (const item of dropped) this.#note(item, false);
      for (const item of dropped) this.#loader?.removed(this.#owner as object, item);
    }
    for (const item of wanted) this.#add(item);
  }

  clear(): void {
    this.set([]);
  }

  /** What `JSON.stringify` shows: the items' keys, or nothing while they are not loaded. */
  toJSON(): unknown {
    return this.#items?.map((item) => this.#loader?.keyOf(item) ?? null);
  }

  #add(item: object): void {
    if (typeof item !== 'object' || item === null) {
      throw new ValidationError(`${this.#path()}: add() takes entities, not keys`);
    }
    if (this.#items === null ? this.#added?.has(item) : this.#has(item)) return;
    this.#loader?.check(item);
    this.#note(item, true);
    this.#append(item);
    this.#loader?.added(this.#owner as object, item);
  }

  #remove(item: object): void {
    if (this.#items === null ? this.#removed?.has(item) : !this.#has(item)) return;
    this.#note(item, false);
    this.#drop(item);
    this.#loader?.removed(this.#owner as object, item);
  }

  // An edit takes the opposite one back, except where it is not known whether the link is there: then only writing the
  // last word makes sure of it.
  #note(item: object, present: boolean): void {
    const opposite = present ? this.#removed : this.#added;
    const takenBack = opposite?.delete(item) === true;
    const unsure = this.#items === null && this.#loader?.isLink === true;
    if (takenBack && !unsure) return;
    if (present) this.#added = including(this.#added, item);
    else this.#removed = including(this.#removed, item);
  }

  #append(item: object): void {
    if (this.#items === EMPTY) this.#items = [];
    this.#items?.push(item);
    this.#members?.add(item);
  }

  #has(item: object): boolean {
    if (this.#items === null) return false;
    this.#members ??= new Set(this.#items);
    return this.#members.has(item);
  }

  #drop(item: object): void {
    const index = this.#items?.indexOf(item) ?? -1;
    if (index >= 0) this.#items?.splice(index, 1);
    this.#members?.delete(item);
  }

  #loaded(action: string): object[] {
    if (this.#items !== null) return this.#items;
    throw new ValidationError(`${this.#path()}: not loaded; populate it or await load() before ${action}`);
  }

  #path(): string {
    return this.#loader?.path ?? 'collection';
  }

  #bound(action: string): RelationLoader {
    if (this.#loader !== null) return this.#loader;
    throw new TransactionScopeError(
      `${action}: the collection belongs to an entity that no EntityManager knows; use em.create or em.persist first`,
    );
  }

  /** Tells the collection whose it is. */
  static bind(collection: EntityCollection, loader: RelationLoader | null, owner: object): void {
    collection.#loader = loader;
    collection.#owner = owner;
  }

  static ownerOf(collection: EntityCollection): object | null {
    return collection.#owner;
  }

  /** Fills the collection with what the database said, and merges unflushed edits in. */
  static fill(collection: EntityCollection, items: object[]): void {
    const { added, removed } = EntityCollection.editsOf(collection);
    let kept = items;
    if (added.size > 0 || removed.size > 0) {
      const known = new Set(items);
      kept = items.filter((item) => !removed.has(item));
      // An edit that the database agrees with already is none.
      for (const item of removed) if (!known.has(item)) collection.#removed?.delete(item);
      for (const item of added) {
        if (known.has(item)) collection.#added?.delete(item);
        else kept.push(item);
      }
    }
    collection.#items = kept;
    collection.#members = null;
  }

  /** Begins with no items, as a new entity's collection does; what was added before stays. */
  static begin(collection: EntityCollection): void {
    if (collection.#items !== null) return;
    if (collection.#added === null) collection.#items = EMPTY;
    else EntityCollection.fill(collection, []);
  }

  /** Whether there are edits that no flush has written yet. */
  static isEdited(collection: EntityCollection): boolean {
    return collection.#added !== null || collection.#removed !== null;
  }

  /** Forgets the items, so that the next load reads them anew; edits stay. */
  static forget(collection: EntityCollection): void {
    collection.#items = null;
    collection.#members = null;
  }

  /** The items where they are loaded, to be read only. */
  static itemsOf(collection: EntityCollection): readonly object[] | null {
    return collection.#items;
  }

  /**
   * Adds or removes an item because the other side of the relation was edited. While the items are not loaded, it is
   * remembered for when they are.
   */
  static reflect(collection: EntityCollection, item: object, present: boolean): void {
    if (collection.#items !== null && collection.#has(item) === present) return;
    collection.#note(item, present);
    if (present) collection.#append(item);
    else collection.#drop(item);
  }

  /** Shows items no more because their rows are gone, which is no edit. Gives what shows them in their places again. */
  static hide(collection: EntityCollection, gone: ReadonlySet<object>): () => void {
    const before = collection.#items;
    // What is loaded until then lacks what is there again.
    if (before === null) return () => EntityCollection.forget(collection);
    const kept = before.filter((item) => !gone.has(item));
    if (kept.length === before.length) return () => undefined;
    const put = (items: object[]): void => {
      collection.#items = items;
      collection.#members = null;
    };
    put(kept);
    return () => {
      const now = collection.#items;
      if (now === null) return;
      const known = new Set(now);
      const shown = before.filter((item) => known.delete(item) || gone.has(item));
      put([...shown, ...known]);
    };
  }

  /** Takes the edit of an item back, whichever it was. */
  static takeBack(collection: EntityCollection, item: object): void {
    if (collection.#added?.delete(item)) collection.#drop(item);
    else if (collection.#removed?.delete(item)) collection.#append(item);
  }

  /** Forgets items that are not tracked any more: edits of them are taken back, and what was loaded has to be read anew. */
  static part(collection: EntityCollection, gone: ReadonlyMap<object, unknown>): void {
    if (EntityCollection.isEdited(collection))
      for (const item of gone.keys()) EntityCollection.takeBack(collection, item);
    if (collection.#items?.some((item) => gone.has(item))) EntityCollection.forget(collection);
  }

  static editsOf(collection: EntityCollection): CollectionEdits {
    return { added: collection.#added ?? NONE, removed: collection.#removed ?? NONE, sure: collection.#items !== null };
  }

  /** The edits as they are now, whatever becomes of the collection. */
  static copyEdits(collection: EntityCollection): CollectionEdits {
    const { added, removed, sure } = EntityCollection.editsOf(collection);
    return { added: new Set(added), removed: new Set(removed), sure };
  }

  /** Tells that edits were written. What was taken back while they were being written is an edit now. */
  static settle(collection: EntityCollection, { added, removed }: CollectionEdits): void {
    const takenBack = [...added].filter((item) => collection.#added?.delete(item) !== true);
    const addedAgain = [...removed].filter((item) => collection.#removed?.delete(item) !== true);
    for (const item of takenBack) collection.#removed = including(collection.#removed, item);
    for (const item of addedAgain) collection.#added = including(collection.#added, item);
    if (collection.#added?.size === 0) collection.#added = null;
    if (collection.#removed?.size === 0) collection.#removed = null;
  }

  /** Puts edits back that were written and then rolled back, before those made since, which stay. */
  static restore(collection: EntityCollection, { added, removed, sure }: CollectionEdits): void {
    collection.#added = restored(added, collection.#added, collection.#removed, sure);
    collection.#removed = restored(removed, collection.#removed, collection.#added, sure);
    // What was loaded since showed what is rolled back.
    if (!sure) EntityCollection.forget(collection);
  }
}

// An edit that was taken back since is none any more; where nobody knew the items, the last word stays.
function restored(
  written: ReadonlySet<object>,
  since: Set<object> | null,
  opposite: Set<object> | null,
  sure: boolean,
): typeof since {
  const open = [...written].filter((item) => (sure ? opposite?.delete(item) : opposite?.has(item)) !== true);
  return open.length === 0 ? since : new Set([...open, ...(since ?? NONE)]);
}
