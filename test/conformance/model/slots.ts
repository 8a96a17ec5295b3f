import {
  datetime,
  Entity,
  integer,
  manyToMany,
  manyToOne,
  oneToMany,
  oneToOne,
  text,
  uuid,
} from '../../../src/index.ts';

/** Unique values of several kinds, some of which may be NULL. */
export class Seat extends Entity('seats', {
  id: integer().primaryKey().generated(),
  place: integer().unique(),
  code: text({ maxLength: 2 }).nullable().unique(),
  label: text({ maxLength: 40 }).unique(),
  token: uuid().unique(),
  since: datetime().nullable().unique(),
}) {}

/** A unique value of few possible ones: nothing can be given up in between. */
export class Medal extends Entity('medals', {
  id: integer().primaryKey().generated(),
  metal: text({ values: ['gold', 'silver', 'bronze'] }).unique(),
}) {}

/** Unique together: a column and a foreign key. */
export class Slot extends Entity(
  'slots',
  {
    id: integer().primaryKey().generated(),
    position: integer(),
    note: text().nullable(),
    version: integer().version(),
  },
  { indexes: [{ properties: ['row', 'position'], unique: true }] },
) {
  row = manyToOne(() => Row);
}
export class Row extends Entity('seat_rows', { id: integer().primaryKey().generated(), name: text().unique() }) {
  slots = oneToMany(
    () => Slot,
    (slot) => slot.row,
  );
  lamp = oneToOne(
    () => Lamp,
    (lamp) => lamp.row,
  );
}
/** A unique foreign key. */
export class Lamp extends Entity('lamps', { id: integer().primaryKey().generated(), watts: integer() }) {
  row = oneToOne(() => Row);
}
export const seating = [Seat, Medal, Slot, Row, Lamp] as const;

/** A natural key that others follow. */
export class Country extends Entity('countries', {
  code: text({ maxLength: 40 }).primaryKey(),
  name: text().unique(),
}) {
  cities = oneToMany(
    () => City,
    (city) => city.country,
  );
  tags = manyToMany(() => Label);
}
/** Follows by ON UPDATE CASCADE; its own key contains the country's. */
export class City extends Entity('cities', { name: text({ maxLength: 40 }).primaryKey(), people: integer() }) {
  country = manyToOne(() => Country, { primaryKey: true, onUpdate: 'cascade' });
  streets = oneToMany(
    () => Street,
    (street) => street.city,
  );
}
/** Its key contains a key that contains another one. */
export class Street extends Entity('streets', {
  no: integer().primaryKey(),
  title: text(),
  version: integer().version(),
}) {
  city = manyToOne(() => City, { primaryKey: true, onUpdate: 'cascade' });
}
/** Does not follow: the database refuses a change of what it refers to. */
export class Embassy extends Entity('embassies', { id: integer().primaryKey().generated(), street: text() }) {
  country = manyToOne(() => Country);
}
/** Refers to nothing when the key changes. */
export class Flag extends Entity('flags', { id: integer().primaryKey().generated(), colours: text() }) {
  country = manyToOne(() => Country, { nullable: true, onUpdate: 'set null' });
}
export class Label extends Entity('labels', { name: text({ maxLength: 40 }).primaryKey() }) {}
export const atlas = [Country, City, Street, Embassy, Flag, Label] as const;

/** What the database deletes and empties by itself. */
export class House extends Entity('houses', { id: integer().primaryKey(), name: text() }) {
  rooms = oneToMany(
    () => Room,
    (room) => room.house,
  );
}
export class Room extends Entity('rooms', { id: integer().primaryKey(), name: text(), version: integer().version() }) {
  house = manyToOne(() => House, { onDelete: 'cascade' });
}
export class Chair extends Entity('chairs', { id: integer().primaryKey(), name: text() }) {
  room = manyToOne(() => Room, { nullable: true, onDelete: 'set null' });
}
export class Door extends Entity('doors', { id: integer().primaryKey(), name: text() }) {
  room = manyToOne(() => Room, { onDelete: 'cascade' });
}
export const building = [House, Room, Chair, Door] as const;

/** A row switch without a database's doing: nothing is declared on its foreign key. */
export class Plan extends Entity('plans', {
  id: integer().primaryKey(),
  name: text().unique(),
  version: integer().version(),
}) {
  tasks = oneToMany(
    () => Task,
    (task) => task.plan,
  );
}
export class Task extends Entity('tasks', { id: integer().primaryKey(), name: text() }) {
  plan = manyToOne(() => Plan, { nullable: true });
}
export const plans = [Plan, Task] as const;
