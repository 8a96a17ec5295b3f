import type { WireRow } from '../wire/wire-value.ts';
import type { InsertRecord, KeyReference } from './flush-plan.ts';
import { type DeferredReference, postpone } from './order-records.ts';

/** Up to so many levels an INSERT for each costs less than one UPDATE of all rows. */
const FEW = 4;

/**
 * Where rows wait for each other's generated keys over many levels: leaves these references NULL, as far as they may be,
 * so that rows of one table can be inserted together and tied by an update. Gives the references to set then.
 *
 * @param records - each behind those that it refers to
 */
export function flattenLevels(records: readonly InsertRecord[]): readonly DeferredReference[] {
  const deferred: DeferredReference[] = [];
  const levels = new Map<WireRow, number>();
  const waited = new Map<InsertRecord, KeyReference[]>();
  let deepest = 0;
  for (const record of records) {
    const waits = record.references.filter(({ target, source }) => levels.has(target) && target[source] === null);
    const level = waits.reduce((most, { target }) => Math.max(most, (levels.get(target) ?? 0) + 1), 0);
    levels.set(record.row, level);
    if (waits.length > 0) waited.set(record, waits);
    deepest = Math.max(deepest, level);
  }
  if (deepest < FEW) return deferred;
  for (const [record, waits] of waited) postpone(record, waits, deferred);
  return deferred;
}
