import { Entity, integer, manyToOne, text } from '../../../src/index.ts';

/** A table with one constraint of each kind to violate. */
export class Item extends Entity(
  'items',
  {
    id: integer().primaryKey(),
    code: text({ maxLength: 40 }).unique(),
    name: text({ maxLength: 12 }),
    kind: text({ values: ['tool', 'part', 'fixture'] }),
    place: integer(),
  },
  { indexes: [{ properties: ['shelf', 'place'], unique: true }] },
) {
  shelf = manyToOne(() => Rack);
}

/** What items refer to. */
export class Rack extends Entity('racks', { id: integer().primaryKey(), room: text() }) {}

/** A table whose key is composite. */
export class Sticker extends Entity('stickers', {
  sheet: integer().primaryKey(),
  place: integer().primaryKey(),
  note: text().nullable(),
}) {}

export const stock = [Item, Rack, Sticker] as const;
