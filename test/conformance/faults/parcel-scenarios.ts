import { Parcel, parcels } from '../model/parcels.ts';
import type { Model } from './fail-each.ts';
import { flushed, type Scenarios } from './scenario.ts';

/** Three parcels. */
export const parcelModel: Model = {
  entities: parcels,
  seed(em) {
    for (const note of ['a', 'b', 'c']) em.create(Parcel, { note, weight: note.charCodeAt(0) });
  },
};

/** Values that the database gives, and that are read back. */
export const given: Scenarios = {
  'new rows that the database fills, beside others that change': flushed(async (em) => {
    const [first, second] = await em.find(Parcel, {}, { orderBy: { note: 'asc' } });
    if (first === undefined || second === undefined) throw new Error('no parcels');
    first.weight += 1;
    second.note = 'changed';
    return [
      first,
      second,
      em.create(Parcel, { note: 'new', weight: 1 }),
      em.create(Parcel, { note: 'newer', weight: 2, state: 'sent', shelf: null }),
      em.create(Parcel, { note: 'newest', weight: 3, shelf: 8 }),
    ];
  }),
  'changed rows of which the database computes a part': flushed(async (em) => {
    const changed = await em.find(Parcel, {}, { orderBy: { note: 'asc' } });
    for (const parcel of changed) parcel.weight *= 10;
    return [...changed, em.create(Parcel, { note: 'new', weight: 1 })];
  }),
};
