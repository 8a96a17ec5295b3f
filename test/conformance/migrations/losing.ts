import { expect } from 'vitest';
import {
  Entity,
  type EntityClass,
  enumeration,
  integer,
  manyToOne,
  type Persistence,
  sql,
  text,
} from '../../../src/index.ts';
import type { Capabilities } from '../../../src/port.ts';
import type { Check, Laws } from '../laws.ts';
import type { Subject } from '../subject.ts';
import { type Answers, evolve, expectCurrent } from './evolving.ts';
import { refused, rowsOf } from './fixture.ts';

const id = () => integer().primaryKey().generated();

/** Referred to by rows of each kind, and by its own. */
class House extends Entity('houses', {
  id: id(),
  name: text(),
  code: text({ maxLength: 20 }).nullable(),
  floors: text(),
}) {
  next = manyToOne(() => House, { nullable: true });
}
class Room extends Entity('rooms', { id: id(), name: text() }) {
  house = manyToOne(() => House, { onDelete: 'cascade' });
}
class Guest extends Entity('guests', { id: id(), name: text() }) {
  house = manyToOne(() => House, { nullable: true, onDelete: 'set null' });
}
class Bill extends Entity('bills', {
  id: id(),
  house_code: text({ maxLength: 20 }).nullable(),
  mood: enumeration('good', 'bad'),
}) {
  house = manyToOne(() => House);
}
const before: readonly EntityClass[] = [House, Room, Guest, Bill];

const tables = {
  houses: sql`SELECT id, name, code, floors, next_id FROM houses ORDER BY id`,
  rooms: sql`SELECT id, name, house_id FROM rooms ORDER BY id`,
  guests: sql`SELECT id, name, house_id FROM guests ORDER BY id`,
  bills: sql`SELECT id, house_code, mood, house_id FROM bills ORDER BY id`,
};

async function openStreet(subject: Subject): Promise<Persistence> {
  const db = await subject.open(before);
  const em = db.em();
  const houses = [1, 2, 3].map((number) =>
    em.create(House, { name: `house ${number}`, code: number === 3 ? null : `c${number}`, floors: `${number}` }),
  );
  const [first, second, third] = houses as [House, House, House];
  // In the order of their numbers, before they refer to each other.
  await em.flush();
  first.next.set(second);
  second.next.set(first);
  for (const house of houses) {
    em.create(Room, { name: 'hall', house });
    em.create(Guest, { name: 'somebody', house });
    em.create(Bill, { house, house_code: house.code, mood: house === third ? 'bad' : 'good' });
  }
  await em.flush();
  return db;
}

const rowsOfAll = async (db: Persistence) =>
  Object.fromEntries(
    await Promise.all(Object.entries(tables).map(async ([name, query]) => [name, await rowsOf(db, query)])),
  );

// Comparing needs a transaction to be rolled back, except on SQLite, whose texts say all.
const requires = ({ interactive, keyReference }: Capabilities): boolean =>
  interactive !== 'none' || keyReference === 'rowid';

const law = (check: (db: Persistence) => Promise<void>): { requires: typeof requires; check: Check } => ({
  requires,
  async check(subject) {
    await using db = await openStreet(subject);
    await check(db);
  },
});

/** Applies a change of House, expects the rows of all tables to be as before, and the same after the way back. */
async function survives(db: Persistence, changed: readonly EntityClass[], answers: Answers = {}): Promise<void> {
  const rows = await rowsOfAll(db);
  const migrator = await evolve(db, changed, answers);
  await migrator.up();
  await expectCurrent(db, changed);
  await migrator.down();
  await expectCurrent(db, before);
  expect(await rowsOfAll(db)).toEqual(rows);
}

/** Expects that a change is refused with its number of rows, and nothing is different afterwards. */
async function isRefused(
  db: Persistence,
  changed: readonly EntityClass[],
  message: RegExp,
  answers: Answers = {},
): Promise<void> {
  const rows = await rowsOfAll(db);
  const migrator = await evolve(db, changed, answers);
  expect((await refused(() => migrator.up(), 'rows-at-stake')).message).toMatch(message);
  expect(await rowsOfAll(db)).toEqual(rows);
  await expectCurrent(db, before);
}

const withHouse = (house: unknown): readonly EntityClass[] => {
  const House2 = house as typeof House;
  class Room2 extends Entity('rooms', { id: id(), name: text() }) {
    house = manyToOne(() => House2, { onDelete: 'cascade' });
  }
  class Guest2 extends Entity('guests', { id: id(), name: text() }) {
    house = manyToOne(() => House2, { nullable: true, onDelete: 'set null' });
  }
  class Bill2 extends Entity('bills', {
    id: id(),
    house_code: text({ maxLength: 20 }).nullable(),
    mood: enumeration('good', 'bad'),
  }) {
    house = manyToOne(() => House2);
  }
  return [House2, Room2, Guest2, Bill2];
};

/** No row is lost: what a plan makes of tables with rows that refer to each other. */
export const losing: Laws = {
  'a table that changes keeps the rows that refer to it, whatever a deletion does to them': law(async (db) => {
    class Longer extends Entity('houses', {
      id: id(),
      name: text({ maxLength: 50 }),
      code: text({ maxLength: 21 }).nullable(),
      floors: text().default('1'),
    }) {
      next = manyToOne(() => Longer, { nullable: true });
    }
    await survives(db, withHouse(Longer));
  }),
  'a table and a column that are renamed keep their rows and what refers to them': law(async (db) => {
    class Building extends Entity('buildings', {
      id: id(),
      title: text(),
      code: text({ maxLength: 20 }).nullable(),
      floors: text(),
    }) {
      next = manyToOne(() => Building, { nullable: true });
    }
    const answers = { tables: { buildings: 'houses' }, columns: { 'buildings.title': 'name' } };
    const migrator = await evolve(db, withHouse(Building), answers);
    await migrator.up();
    await expectCurrent(db, withHouse(Building));
    expect(await rowsOf(db, sql`SELECT title FROM buildings ORDER BY id`)).toEqual([
      ['house 1'],
      ['house 2'],
      ['house 3'],
    ]);
    expect(await rowsOf(db, sql`SELECT house_id FROM rooms ORDER BY id`)).toHaveLength(3);
    await migrator.down();
    await expectCurrent(db, before);
    expect(await rowsOf(db, tables.houses)).toHaveLength(3);
  }),
  'a column that goes is refused with the number of its values, until somebody allows it': law(async (db) => {
    class Nameless extends Entity('houses', { id: id(), name: text(), floors: text() }) {
      next = manyToOne(() => Nameless, { nullable: true });
    }
    await isRefused(db, withHouse(Nameless), /drop column houses\.code .* 2 rows: 1, 2/);
    const rows = await rowsOf(db, tables.rooms);
    const migrator = await evolve(db, withHouse(Nameless), {}, true);
    await migrator.up();
    await migrator.down();
    await expectCurrent(db, before);
    expect(await rowsOf(db, tables.rooms)).toEqual(rows);
    expect(await rowsOf(db, sql`SELECT name, code FROM houses ORDER BY id`)).toEqual([
      ['house 1', null],
      ['house 2', null],
      ['house 3', null],
    ]);
  }),
  'a table that goes is refused with the number of its rows': law(async (db) => {
    await isRefused(db, [House, Room, Guest], /drop table bills .* 3 rows: 1, 2, 3/);
    await isRefused(db, [House, Room, Bill], /drop table guests .* 3 rows/);
  }),
  'what may not be NULL any more is refused over NULLs, and filled where a value is told': law(async (db) => {
    class Known extends Entity('houses', { id: id(), name: text(), code: text({ maxLength: 20 }), floors: text() }) {
      next = manyToOne(() => Known, { nullable: true });
    }
    await isRefused(db, withHouse(Known), /houses\.code NOT NULL .* 1 row: 3/);
    const migrator = await evolve(db, withHouse(Known), { fills: { 'houses.code': "'none'" } });
    await migrator.up();
    await expectCurrent(db, withHouse(Known));
    expect(await rowsOf(db, sql`SELECT code FROM houses ORDER BY id`)).toEqual([['c1'], ['c2'], ['none']]);
  }),
  'a new column that may not be NULL is refused over rows, and filled where a value is told': law(async (db) => {
    class Placed extends Entity('houses', {
      id: id(),
      name: text(),
      code: text({ maxLength: 20 }).nullable(),
      floors: text(),
      place: text({ maxLength: 30 }),
    }) {
      next = manyToOne(() => Placed, { nullable: true });
    }
    await isRefused(db, withHouse(Placed), /add column houses\.place.* 3 rows/);
    const migrator = await evolve(db, withHouse(Placed), { fills: { 'houses.place': 'name' } });
    await migrator.up();
    await expectCurrent(db, withHouse(Placed));
    expect(await rowsOf(db, sql`SELECT place FROM houses ORDER BY id`)).toEqual([
      ['house 1'],
      ['house 2'],
      ['house 3'],
    ]);
    expect((await refused(() => migrator.down(), 'rows-at-stake')).message).toMatch(/drop column houses\.place/);
  }),
  'a unique constraint is refused over values that are there twice': law(async (db) => {
    class Single extends Entity('rooms', { id: id(), name: text({ maxLength: 20 }).unique() }) {
      house = manyToOne(() => House, { onDelete: 'cascade' });
    }
    await isRefused(db, [House, Single, Guest, Bill], /unique .*more than once.* 1 row: hall/);
  }),
  'a foreign key is refused over rows that refer to nothing': law(async (db) => {
    class Owned extends Entity('guests', { id: id(), name: text() }) {
      house = manyToOne(() => House, { nullable: true, onDelete: 'set null' });
      room = manyToOne(() => Room, { nullable: true });
    }
    // The column was there before, as a number.
    class Numbered extends Entity('guests', { id: id(), name: text(), room_id: integer().nullable() }) {
      house = manyToOne(() => House, { nullable: true, onDelete: 'set null' });
    }
    const numbered = [House, Room, Numbered, Bill];
    await (await evolve(db, numbered)).up();
    await db.em().execute(sql`UPDATE guests SET room_id = id * 10 WHERE id > 1`);
    const owned = [House, Room, Owned, Bill];
    const migrator = await evolve(db, owned);
    expect((await refused(() => migrator.up(), 'rows-at-stake')).message).toMatch(/refer to nothing .* 2 rows: 2, 3/);
    await db.em().execute(sql`UPDATE guests SET room_id = 1`);
    await (await evolve(db, owned)).up();
    await expectCurrent(db, owned);
    expect(await rowsOf(db, sql`SELECT room_id FROM guests ORDER BY id`)).toEqual([[1], [1], [1]]);
  }),
  'a value of an enumeration that rows have does not go': law(async (db) => {
    class Cheerful extends Entity('bills', {
      id: id(),
      house_code: text({ maxLength: 20 }).nullable(),
      mood: enumeration('good', 'fine'),
    }) {
      house = manyToOne(() => House);
    }
    await isRefused(db, [House, Room, Guest, Cheerful], /mood.* 1 row: 3/);
  }),
  'a text becomes a number where all of them are numbers, and is refused otherwise': law(async (db) => {
    class Counted extends Entity('houses', {
      id: id(),
      name: text(),
      code: text({ maxLength: 20 }).nullable(),
      floors: integer(),
    }) {
      next = manyToOne(() => Counted, { nullable: true });
    }
    await survives(db, withHouse(Counted));
    await db.em().execute(sql`UPDATE houses SET floors = '2 and a half' WHERE id = 2`);
    await isRefused(db, withHouse(Counted), /houses\.floors from .* 1 row: 2/);
  }),
  'an expansion lets programs of before and after write, and the contraction is the rest': law(async (db) => {
    class Titled extends Entity('houses', {
      id: id(),
      title: text(),
      floors: text(),
      place: text({ maxLength: 30 }),
    }) {
      next = manyToOne(() => Titled, { nullable: true });
    }
    const wanted = withHouse(Titled);
    const answers = { columns: { 'houses.title': 'name' } };
    await (await evolve(db, wanted, { ...answers, expand: true })).up();
    expect(await rowsOf(db, sql`SELECT title, name, code FROM houses ORDER BY id`)).toEqual([
      ['house 1', 'house 1', 'c1'],
      ['house 2', 'house 2', 'c2'],
      ['house 3', 'house 3', null],
    ]);
    await db.em().execute(sql`INSERT INTO houses (name, code, floors) VALUES ('of before', 'c4', '1')`);
    await db.em().execute(sql`INSERT INTO houses (title, floors, place) VALUES ('of after', '1', 'here')`);
    const fills = { 'houses.title': 'name', 'houses.place': `'nowhere'` };
    const contraction = await evolve(db, wanted, { fills });
    expect((await refused(() => contraction.up(), 'rows-at-stake')).message).toMatch(/drop column houses\.name/);
    await (await evolve(db, wanted, { fills }, true)).up();
    await expectCurrent(db, wanted);
    expect(await rowsOf(db, sql`SELECT title, place FROM houses WHERE id > 3 ORDER BY id`)).toEqual([
      ['of before', 'nowhere'],
      ['of after', 'here'],
    ]);
  }),
};
