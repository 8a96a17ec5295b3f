import { bigint, bytes, Entity, integer, manyToMany, manyToOne, oneToMany, subtype, text } from '../../../src/index.ts';

/** Referred to by composite keys. */
export class Order extends Entity('orders', { id: text().primaryKey(), customer: text() }) {
  lines = oneToMany(
    () => Line,
    (line) => line.order,
    { cascade: ['persist', 'remove'] },
  );
}

/** A composite key of a column and a foreign key. */
export class Line extends Entity('lines', { no: integer().primaryKey(), quantity: integer() }) {
  order = manyToOne(() => Order, { primaryKey: true });
  parts = oneToMany(
    () => Part,
    (part) => part.line,
    { cascade: ['persist', 'remove'] },
  );
  labels = manyToMany(() => Label, { through: 'line_labels' });
}

/** A composite key that contains a composite key. */
export class Part extends Entity('parts', { position: integer().primaryKey(), name: text() }) {
  line = manyToOne(() => Line, { primaryKey: true });
}

/** A foreign key of two columns that may be NULL. */
export class Delivery extends Entity('deliveries', { id: integer().primaryKey().generated(), note: text() }) {
  line = manyToOne(() => Line, { nullable: true });
}

/** A composite key of two texts, at the other end of a many-to-many. */
export class Label extends Entity('labels', {
  scope: text().primaryKey(),
  name: text().primaryKey(),
  uses: integer(),
}) {
  lines = manyToMany(() => Line, { inverse: (line) => line.labels });
}

/** Keys that are not numbers of 32 bits. */
export class Blob extends Entity('blobs', { hash: bytes().primaryKey(), note: text() }) {}
export class Counter extends Entity('counters', { id: bigint().primaryKey(), note: text() }) {
  next = manyToOne(() => Counter, { nullable: true });
  before = oneToMany(
    () => Counter,
    (counter) => counter.next,
  );
}

export const shop = [Order, Line, Part, Delivery, Label, Blob, Counter] as const;

/** The top of a hierarchy in one table. */
export class Medium extends Entity('media', {
  id: integer().primaryKey().generated(),
  title: text(),
  version: integer().version(),
}) {
  shelf = manyToOne(() => Shelf, { nullable: true });
}
export class Novel extends subtype(Medium, 'novel', { pages: integer() }) {
  get isLong(): boolean {
    return this.pages > 400;
  }
}
export class Film extends subtype(Medium, 'film', { minutes: integer(), subtitle: text().nullable() }) {
  director = manyToOne(() => Director);
}
export class Documentary extends subtype(Film, 'documentary', { subject: text() }) {}
export class Director extends Entity('directors', { id: integer().primaryKey().generated(), name: text() }) {
  films = oneToMany(
    () => Film,
    (film) => film.director,
  );
}
export class Shelf extends Entity('shelves', { id: integer().primaryKey().generated(), room: text() }) {
  media = oneToMany(
    () => Medium,
    (medium) => medium.shelf,
  );
  novels = oneToMany(
    () => Novel,
    (novel) => novel.shelf,
  );
}

export const mediaLibrary = [Medium, Novel, Film, Documentary, Director, Shelf] as const;

/** Two tables that refer to each other: one of the keys may be NULL. */
export class Country extends Entity('countries', { id: integer().primaryKey().generated(), name: text() }) {
  capital = manyToOne(() => City, { nullable: true, cascade: ['persist'] });
  cities = oneToMany(
    () => City,
    (city) => city.country,
  );
}
export class City extends Entity('cities', { id: integer().primaryKey().generated(), name: text() }) {
  country = manyToOne(() => Country);
}

/** Two tables that refer to each other: neither key may be NULL. */
export class Chicken extends Entity('chickens', { id: integer().primaryKey().generated() }) {
  egg = manyToOne(() => Egg);
}
export class Egg extends Entity('eggs', { id: integer().primaryKey().generated() }) {
  chicken = manyToOne(() => Chicken);
}

export const circles = [Country, City, Chicken, Egg] as const;
