import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow } from '../wire/wire-value.ts';
import type { DeleteRecord, FlushStep } from './flush-plan.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** The DELETE steps: tables in the reverse order of their foreign keys, each with all its rows. */
export function planDeletes(unit: UnitOfWork): FlushStep[] {
  const byRoot = new Map<EntityMetadata, DeleteRecord[]>();
  for (const entity of unit.removed) {
    const managed = unit.managed(entity);
    if (managed === undefined) continue;
    const { meta, place, store } = managed;
    const record = { entity, meta, place, row: store.rows[place] as WireRow };
    const list = byRoot.get(meta.root);
    if (list === undefined) byRoot.set(meta.root, [record]);
    else list.push(record);
  }
  const roots = unit.context.components.flat().reverse();
  return roots.flatMap((meta): FlushStep[] => {
    const records = byRoot.get(meta);
    return records === undefined ? [] : [{ kind: 'delete', meta, records }];
  });
}
