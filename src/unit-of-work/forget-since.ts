import type { EntityStore } from '../identity/entity-store.ts';
import { detach } from './detach.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** How far the stores of a unit of work were filled at one moment. */
export type LoadMark = ReadonlyMap<EntityStore, number>;

/** Notes what is loaded now. */
export function markLoaded(unit: UnitOfWork): LoadMark {
  return new Map([...unit.stores.values()].map((store) => [store, store.entities.length]));
}

/** Detaches the entities that were loaded since: their rows may never have been committed. */
export function forgetSince(unit: UnitOfWork, mark: LoadMark): void {
  const since = [...unit.stores.values()].flatMap((store) => store.entities.slice(mark.get(store)));
  detach(
    unit,
    since.filter((entity) => entity !== null),
  );
}
