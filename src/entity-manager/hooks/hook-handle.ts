import type { Undo } from '../../unit-of-work/flush-plan.ts';
import type { UnitOfWork } from '../../unit-of-work/unit-of-work.ts';
import type { EntityManager } from '../entity-manager.ts';

/** The EntityManager as before-hooks receive it: how to take back what is scheduled through it goes into `undos`. */
export function hookHandle(em: EntityManager, unit: UnitOfWork, undos: Undo[]): EntityManager {
  const noting = new Map<string | symbol, unknown>([
    [
      'create',
      (...given: Parameters<EntityManager['create']>) => {
        const entity = em.create(...given);
        undos.push(() => unit.forget(entity));
        return entity;
      },
    ],
    ['persist', (...entities: object[]) => schedule(unit, entities, undos, (entity) => em.persist(entity))],
    ['remove', (...entities: object[]) => schedule(unit, entities, undos, (entity) => em.remove(entity))],
  ]);
  return new Proxy(em, {
    get(target, name) {
      const value: unknown = noting.get(name) ?? Reflect.get(target, name, target);
      return typeof value === 'function' && !noting.has(name) ? value.bind(target) : value;
    },
  });
}

function schedule(
  unit: UnitOfWork,
  entities: readonly object[],
  undos: Undo[],
  change: (entity: object) => void,
): void {
  for (const entity of entities) {
    const pending = unit.pending.has(entity);
    const removed = unit.removed.has(entity);
    change(entity);
    undos.push(() => restore(unit, entity, pending, removed));
  }
}

function restore(unit: UnitOfWork, entity: object, pending: boolean, removed: boolean): void {
  if (unit.pending.has(entity) !== pending) {
    if (!pending) unit.forget(entity);
    else if (!unit.detached.has(entity)) unit.persist(entity);
  }
  if (unit.managed(entity) === undefined || unit.removed.has(entity) === removed) return;
  if (removed) unit.remove(entity);
  else unit.takeRemovalBack(entity);
}
