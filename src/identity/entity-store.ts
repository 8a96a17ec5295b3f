import type { WireRow } from '../wire/wire-value.ts';
import type { IdentityKey } from './identity-key.ts';

/**
 * The identity map and the snapshots of one table in one unit of work. Entities and their rows stand in two parallel
 * lists, so that tracking costs no object per entity; a place that was given up holds null.
 */
export class EntityStore {
  readonly places = new Map<IdentityKey, number>();
  readonly entities: (object | null)[] = [];
  /** The rows as loaded or last written: the snapshots. */
  readonly rows: WireRow[] = [];

  // Only made where an entity is looked for that its key does not find.
  #byEntity: Map<object, number> | null = null;
  #noted = 0;

  /** The entity with a key. */
  find(key: IdentityKey): object | undefined {
    const place = this.places.get(key);
    return place === undefined ? undefined : (this.entities[place] ?? undefined);
  }

  /** Where an entity is kept, whatever its properties say of its key by now. */
  placeOf(entity: object): number | undefined {
    const { entities } = this;
    this.#byEntity ??= new Map();
    for (; this.#noted < entities.length; this.#noted += 1) {
      const known = entities[this.#noted];
      if (known != null) this.#byEntity.set(known, this.#noted);
    }
    const place = this.#byEntity.get(entity);
    return place !== undefined && entities[place] === entity ? place : undefined;
  }

  /** Takes an entity in; its key must not be there yet. Gives its place. */
  add(key: IdentityKey, entity: object, row: WireRow): number {
    const place = this.entities.push(entity) - 1;
    this.rows.push(row);
    this.places.set(key, place);
    return place;
  }

  /** Gives an entity up. */
  drop(key: IdentityKey, place: number): void {
    this.places.delete(key);
    this.entities[place] = null;
  }

  /** Takes an entity back into the place that it had. */
  restore(key: IdentityKey, place: number, entity: object): void {
    this.places.set(key, place);
    this.entities[place] = entity;
    this.#byEntity?.set(entity, place);
  }
}
