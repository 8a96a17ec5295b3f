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

  /** The entity with a key. */
  find(key: IdentityKey): object | undefined {
    const place = this.places.get(key);
    return place === undefined ? undefined : (this.entities[place] ?? undefined);
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
  }
}
