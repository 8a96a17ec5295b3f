import { TransactionScopeError, ValidationError } from '../errors.ts';
import type { WireKey } from '../wire/wire-value.ts';
import type { RelationLoader } from './relation-loader.ts';

/** What a to-one relation knows: nothing yet, the key, or the entity (or its absence). */
export type ReferenceState = 'unset' | 'key' | 'entity';

/**
 * The object behind `Ref` and `OptionalRef`. It holds either the foreign key as the row had it, or the entity; which
 * entity it belongs to and who loads it are told by {@link Reference.bind}.
 */
export class Reference {
  #loader: RelationLoader | null = null;
  #owner: object | null = null;
  #state: ReferenceState = 'unset';
  #value: WireKey | object = null;

  /** Whether the entity, or its absence, is in memory. */
  get isLoaded(): boolean {
    return this.#state === 'entity' || (this.#state === 'key' && this.#resolve());
  }

  /** The key of the related entity, or null. */
  get id(): unknown {
    if (this.#state === 'key') return this.#bound('id').decodeKey(this.#value as WireKey);
    if (this.#state === 'unset')
      throw new ValidationError(`${this.#path()}: the relation is not loaded, so its id is not known`);
    if (this.#value === null) return null;
    const key = this.#bound('id').keyOf(this.#value as object);
    if (key === undefined)
      throw new ValidationError(`${this.#path()}: the related entity has no key before it is flushed`);
    return key;
  }

  /** The related entity, which must be in memory. */
  get(): object | null {
    if (!this.isLoaded) throw this.#unknown('get()');
    return this.#value as object | null;
  }

  /** The related entity, read if it is not in memory. */
  async load(): Promise<object | null> {
    if (this.isLoaded) return this.#value as object | null;
    return this.#bound('load').loadOne(this.#owner as object);
  }

  /** Changes the relation; the next flush writes it. */
  set(value: object | null): void {
    if (value !== null && typeof value !== 'object') {
      throw new ValidationError(`${this.#path()}: set() takes an entity, not a key`);
    }
    if (value !== null) this.#loader?.check(value);
    // Nobody knows yet what is to be taken away, so that nothing would be written.
    else if (this.#loader !== null && this.#state === 'unset') throw this.#unknown('set(null)');
    const previous = this.isLoaded ? (this.#value as object | null) : null;
    this.#state = 'entity';
    this.#value = value;
    if (this.#loader !== null) this.#loader.changed(this.#owner as object, previous, value);
  }

  /** Makes the entity with a key the related one, as `set` does; it need not be in memory. */
  static point(reference: Reference, wire: WireKey): void {
    const found = reference.#loader?.find(wire);
    if (found !== undefined) {
      reference.set(found);
      return;
    }
    const previous = reference.isLoaded ? (reference.#value as object | null) : null;
    Reference.fill(reference, 'key', wire);
    reference.#loader?.changed(reference.#owner as object, previous, null);
  }

  /** What `JSON.stringify` shows: the key. */
  toJSON(): unknown {
    if (this.#state === 'unset') return undefined;
    if (this.#state === 'entity' && this.#value === null) return null;
    if (this.#state === 'entity') return this.#loader?.keyOf(this.#value as object);
    return this.#bound('toJSON').decodeKey(this.#value as WireKey);
  }

  #resolve(): boolean {
    const found = this.#loader?.find(this.#value as WireKey);
    if (found === undefined) return false;
    this.#state = 'entity';
    this.#value = found;
    return true;
  }

  #unknown(action: string): ValidationError {
    return new ValidationError(`${this.#path()}: not loaded; populate it or await load() before ${action}`);
  }

  #path(): string {
    return this.#loader?.path ?? 'relation';
  }

  #bound(action: string): RelationLoader {
    if (this.#loader !== null) return this.#loader;
    throw new TransactionScopeError(
      `${action}: the relation belongs to an entity that no EntityManager knows; use em.create or em.persist first`,
    );
  }

  /** Tells the relation whose it is. */
  static bind(reference: Reference, loader: RelationLoader | null, owner: object): void {
    reference.#loader = loader;
    reference.#owner = owner;
  }

  /** Whose it is, or null while it is unbound. */
  static ownerOf(reference: Reference): object | null {
    return reference.#owner;
  }

  static stateOf(reference: Reference): ReferenceState {
    return reference.#state;
  }

  /** The wire key where only that is known, the entity, or null. */
  static valueOf(reference: Reference): WireKey | object {
    return reference.#value;
  }

  /** Binds and fills in one step: what every loaded entity goes through. */
  static hydrate(reference: Reference, loader: RelationLoader, owner: object, wire: WireKey): void {
    reference.#loader = loader;
    reference.#owner = owner;
    reference.#state = wire === null ? 'entity' : 'key';
    reference.#value = wire;
  }

  /** Fills the relation without telling anybody: what the database said. */
  static fill(reference: Reference, state: ReferenceState, value: WireKey | object): void {
    reference.#state = state;
    reference.#value = value;
  }
}
