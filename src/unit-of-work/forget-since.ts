import type { EntityStore } from '../identity/entity-store.ts';
import type { WireRow } from '../wire/wire-value.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** How far the stores of a unit of work were filled at one moment. */
export type LoadMark = ReadonlyMap<EntityStore, number>;

/** Notes what is loaded now. */
export function markLoaded(unit: UnitOfWork): LoadMark {
  return new Map([...unit.stores.values()].map((store) => [store, store.entities.length]));
}

/** Detaches the entities that were loaded since: their rows may never have been committed. */
export function forgetSince(unit: UnitOfWork, mark: LoadMark): void {
  for (const [meta, store] of unit.stores) {
    for (let place = mark.get(store) ?? 0; place < store.entities.length; place += 1) {
      const entity = store.entities[place];
      if (entity == null) continue;
      store.drop(unit.keyOfRow(meta, store.rows[place] as WireRow), place);
      unit.detached.add(entity);
      unit.removed.delete(entity);
      unit.touched.delete(entity);
    }
  }
}
