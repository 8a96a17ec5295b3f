import { describe, expect } from 'vitest';
import { type EntityManager, type Persistence, type PersistenceError, type RawQuery, sql } from '../../src/index.ts';
import type { ConstraintKind, TellsDifferently, Told } from './constraints/told.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import { Item, Rack, Sticker, stock } from './model/stock.ts';
import type { Subject } from './subject.ts';

/** A value that stands in violating rows, and so never in errors. */
const SECRET = 's3cret';

/** One way to violate a constraint. */
interface Violation extends Told {
  readonly kind: ConstraintKind;
  readonly code: string;
  provoke(em: EntityManager): Promise<unknown>;
}

const run = (query: RawQuery) => (em: EntityManager) => em.execute(query);

const flushed = (make: (em: EntityManager) => void) => (em: EntityManager) => {
  make(em);
  return em.flush();
};

const item = (em: EntityManager, data: { id: number; code: string; place: number }) =>
  em.create(Item, { name: SECRET, kind: 'tool', shelf: 1, ...data });

const uniqueCode = {
  kind: 'unique',
  code: 'unique-violation',
  table: 'items',
  columns: ['code'],
  constraint: 'items_code_key',
} as const;
const uniquePlace = {
  kind: 'unique',
  code: 'unique-violation',
  table: 'items',
  columns: ['shelf_id', 'place'],
  constraint: 'items_shelf_id_place_key',
} as const;
const primaryKey = {
  kind: 'primary key',
  code: 'unique-violation',
  table: 'items',
  columns: ['id'],
  constraint: 'items_pkey',
} as const;
const foreignKey = {
  kind: 'foreign key',
  code: 'foreign-key-violation',
  table: 'items',
  columns: ['shelf_id'],
  constraint: 'items_shelf_id_fkey',
} as const;
const referredTo = { ...foreignKey, kind: 'row that is referred to' } as const;
const notNull = {
  kind: 'not null',
  code: 'not-null-violation',
  table: 'items',
  columns: ['name'],
  constraint: undefined,
} as const;

const violations: Readonly<Record<string, Violation>> = {
  'a unique value, by a flush': {
    ...uniqueCode,
    provoke: flushed((em) => item(em, { id: 2, code: SECRET, place: 2 })),
  },
  'a unique value, by SQL': {
    ...uniqueCode,
    provoke: run(
      sql`INSERT INTO items (id, code, name, kind, place, shelf_id) VALUES (2, ${SECRET}, 'n', 'tool', 2, 1)`,
    ),
  },
  'a unique pair, by a flush': {
    ...uniquePlace,
    provoke: flushed((em) => item(em, { id: 2, code: 'other', place: 1 })),
  },
  'a unique pair, by SQL': { ...uniquePlace, provoke: run(sql`UPDATE items SET place = 1 WHERE id = 9`) },
  'a primary key, by a flush': {
    ...primaryKey,
    provoke: flushed((em) => item(em, { id: 1, code: 'other', place: 2 })),
  },
  'a primary key, by SQL': { ...primaryKey, provoke: run(sql`UPDATE items SET id = 1 WHERE id = 9`) },
  'a composite primary key': {
    kind: 'primary key',
    code: 'unique-violation',
    table: 'stickers',
    columns: ['sheet', 'place'],
    constraint: 'stickers_pkey',
    provoke: flushed((em) => em.create(Sticker, { sheet: 1, place: 1, note: SECRET })),
  },
  'a foreign key, by an insert': {
    ...foreignKey,
    provoke: run(
      sql`INSERT INTO items (id, code, name, kind, place, shelf_id) VALUES (2, 'other', ${SECRET}, 'tool', 2, 404)`,
    ),
  },
  'a foreign key, by an update': { ...foreignKey, provoke: run(sql`UPDATE items SET shelf_id = 404 WHERE id = 1`) },
  'a row that is referred to, by a flush': {
    ...referredTo,
    async provoke(em: EntityManager) {
      em.remove((await em.findById(Rack, 1)) as Rack);
      await em.flush();
    },
  },
  'a row that is referred to, by SQL': { ...referredTo, provoke: run(sql`DELETE FROM racks WHERE id = 1`) },
  'a column that must have a value': { ...notNull, provoke: run(sql`UPDATE items SET name = NULL WHERE id = 1`) },
  'a column that is left out': {
    ...notNull,
    provoke: run(sql`INSERT INTO items (id, code, kind, place, shelf_id) VALUES (2, ${SECRET}, 'tool', 2, 1)`),
  },
  'a check': {
    kind: 'check',
    code: 'check-violation',
    table: 'items',
    columns: ['kind'],
    constraint: 'items_kind_check',
    provoke: run(sql`UPDATE items SET kind = ${SECRET} WHERE id = 1`),
  },
  'a text that is too long': {
    kind: 'length',
    code: 'check-violation',
    table: 'items',
    columns: ['name'],
    constraint: 'items_name_check',
    provoke: run(sql`UPDATE items SET name = ${`${SECRET} and much more`} WHERE id = 1`),
  },
  'a number out of range': {
    kind: 'range',
    code: 'check-violation',
    table: 'items',
    columns: ['place'],
    constraint: undefined,
    provoke: run(sql`UPDATE items SET place = 98765432109876543210 WHERE id = 1`),
  },
  'a value of another type': {
    kind: 'type',
    code: 'check-violation',
    table: 'items',
    columns: ['place'],
    constraint: undefined,
    provoke: run(sql`UPDATE items SET place = 's3cret' WHERE id = 1`),
  },
};

async function open(subject: Subject): Promise<Persistence> {
  const db = await subject.open(stock);
  const em = db.em();
  em.create(Rack, { id: 1, room: 'cellar' });
  em.create(Sticker, { sheet: 1, place: 1, note: null });
  await em.flush();
  item(em, { id: 1, code: SECRET, place: 1 });
  item(em, { id: 9, code: 'ninth', place: 9 });
  await em.flush();
  return db;
}

/** All that a log would show of an error, down to its last cause. */
function shown(error: unknown): string {
  const parts: string[] = [];
  for (let next = error; next instanceof Error; next = next.cause) {
    parts.push(next.name, next.message, JSON.stringify(next), next.stack ?? '');
  }
  return parts.join('\n');
}

async function check(subject: Subject, violation: Violation, tells: TellsDifferently): Promise<void> {
  await using db = await open(subject);
  const { kind, code, provoke, ...expected } = violation;
  const error = (await expectCode(() => provoke(db.em()), code)) as PersistenceError;
  const { table, columns, constraint, retryable, outcome } = error;
  expect({ table, columns, constraint, retryable, outcome }).toEqual({
    ...expected,
    ...tells[kind],
    retryable: false,
    outcome: 'rolled-back',
  });
  expect(shown(error)).not.toMatch(/s3cret|98765432109876543210/);
  // Nothing of it is there, and the connection is as good as before.
  expect(await db.em().find(Item, {}, { orderBy: { id: 'asc' } })).toMatchObject([
    { id: 1, code: SECRET, name: SECRET, kind: 'tool', place: 1 },
    { id: 9, code: 'ninth', place: 9 },
  ]);
}

/**
 * Constraints: each kind of violation gives the same error on every engine.
 *
 * @param tells - where this engine tells otherwise
 */
export function constraintSuite(subject: Subject, tells: TellsDifferently): void {
  const laws: Laws = Object.fromEntries(
    Object.entries(violations).map(([name, violation]) => [
      `${name} is refused with the same error as everywhere`,
      () => check(subject, violation, tells),
    ]),
  );
  describe(`${subject.name}: constraints`, () => {
    registerLaws(subject, 'constraints', laws);
  });
}
