import { TransactionScopeError, ValidationError } from '../errors.ts';
import type { Operator } from './operator.ts';
import type { RelationLoader } from './relation-loader.ts';

/** The edits of a to-many relation that no flush has written yet. */
export interface CollectionEdits {
  readonly added: ReadonlySet<object>;
  readonly removed: ReadonlySet<object>;
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
    const wanted = new Set(items);
    for (const item of this.#loaded('set').slice()) if (!wanted.has(item)) this.#remove(item);
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
    if (this.#added?.has(item) || this.#has(item)) return;
    if (!this.#removed?.delete(item)) this.#added = including(this.#added, item);
    this.#append(item);
    this.#loader?.added(this.#owner as object, item);
  }

  #remove(item: object): void {
    if (this.#removed?.has(item) || (this.#items !== null && !this.#has(item))) return;
    if (!this.#added?.delete(item)) this.#removed = including(this.#removed, item);
    this.#drop(item);
    this.#loader?.removed(this.#owner as object, item);
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
    const removed = collection.#removed;
    const kept = removed === null || removed.size === 0 ? items : items.filter((item) => !removed.has(item));
    if (collection.#added !== null) {
      const known = new Set(kept);
      for (const item of collection.#added) if (!known.has(item)) kept.push(item);
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
    if (collection.#items === null) {
      if ((present ? collection.#removed : collection.#added)?.delete(item)) return;
      if (present) collection.#added = including(collection.#added, item);
      else collection.#removed = including(collection.#removed, item);
      return;
    }
    if (collection.#has(item) === present) return;
    if (!present) {
      collection.#drop(item);
      return;
    }
    collection.#append(item);
  }

  static editsOf(collection: EntityCollection): CollectionEdits {
    return { added: collection.#added ?? NONE, removed: collection.#removed ?? NONE };
  }

  /** The edits were written, or are given up. */
  static settle(collection: EntityCollection): void {
    collection.#added = null;
    collection.#removed = null;
  }

  /** Puts edits back that a failed transaction had settled. */
  static restore(collection: EntityCollection, edits: CollectionEdits): void {
    collection.#added = edits.added.size === 0 ? null : new Set(edits.added);
    collection.#removed = edits.removed.size === 0 ? null : new Set(edits.removed);
  }
}
