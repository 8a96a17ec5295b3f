import { expect } from 'vitest';
import {
  datetime,
  Entity,
  type EntityClass,
  type EntityManager,
  integer,
  manyToOne,
  type Persistence,
  type StaleEntityError,
  subtype,
  text,
  uuid,
} from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import type { Subject } from '../subject.ts';

class Shelf extends Entity('shelves', { id: integer().primaryKey(), name: text() }) {}
class Stamped extends Entity('stamped', { id: integer().primaryKey(), name: text(), version: datetime().version() }) {
  shelf = manyToOne(() => Shelf, { nullable: true });
}
class Random extends Entity('random', { id: integer().primaryKey(), name: text(), version: uuid().version() }) {
  shelf = manyToOne(() => Shelf, { nullable: true });
}
class Document extends Entity('documents', {
  id: integer().primaryKey(),
  name: text(),
  version: datetime().version(),
}) {
  shelf = manyToOne(() => Shelf, { nullable: true });
}
class Letter extends subtype(Document, 'letter', { pages: integer().nullable() }) {}

const versioned = [Shelf, Stamped, Random, Document, Letter] as const;

interface Versioned {
  id: number;
  name: string;
  version: Date | string;
  shelf: { set(shelf: Shelf | null): void };
}
type VersionedClass = EntityClass<Versioned>;

async function open(subject: Subject, target: VersionedClass, count: number): Promise<Persistence> {
  const db = await subject.open(versioned);
  const em = db.em();
  em.create(Shelf, { id: 1, name: 'shelf' });
  for (let id = 1; id <= count; id += 1) em.create(target, { id, name: `${id}` } as never);
  await em.flush();
  return db;
}

const all = (em: EntityManager, target: VersionedClass): Promise<Versioned[]> =>
  em.find(target, {}, { orderBy: { id: 'asc' } as never }) as unknown as Promise<Versioned[]>;

const shown = (version: Date | string): string => (version instanceof Date ? version.toISOString() : version);

async function checkChanges(subject: Subject, target: VersionedClass): Promise<void> {
  await using db = await open(subject, target, 1);
  const em = db.em();
  const [one] = (await all(em, target)) as [Versioned];
  const seen = [shown(one.version)];
  for (let round = 0; round < 20; round += 1) {
    one.name = `round ${round}`;
    await em.flush();
    seen.push(shown(one.version));
    const [read] = (await all(db.em(), target)) as [Versioned];
    expect(shown(read.version)).toBe(seen.at(-1));
  }
  expect(new Set(seen).size).toBe(21);
  // Instants only grow, also within one millisecond; random ones have no order.
  if (one.version instanceof Date) expect(seen).toEqual(seen.toSorted());
  one.shelf.set(await em.findById(Shelf, 1));
  await em.flush();
  expect(seen).not.toContain(shown(one.version));
  const before = shown(one.version);
  await em.flush();
  expect(shown(one.version)).toBe(before);
}

async function checkStale(subject: Subject, target: VersionedClass): Promise<void> {
  await using db = await open(subject, target, 100);
  const em = db.em();
  const mine = await all(em, target);
  const versions = mine.map(({ version }) => version);
  const other = db.em();
  ((await all(other, target))[36] as Versioned).name = 'theirs';
  await other.flush();
  for (const one of mine) one.name = 'mine';
  const error = (await expectCode(() => em.flush(), 'stale-entity')) as StaleEntityError;
  expect(error.rows).toEqual([{ key: 37, expectedVersion: versions[36] }]);
  expect(mine.map(({ version }) => version)).toEqual(versions);
  const stored = await all(db.em(), target);
  expect(stored.filter(({ name }) => name === 'mine')).toEqual([]);
  em.revert();
  em.remove(...mine.slice(30, 40));
  const removal = (await expectCode(() => em.flush(), 'stale-entity')) as StaleEntityError;
  expect(removal.rows).toEqual([{ key: 37, expectedVersion: versions[36] }]);
  // A refresh gives the removal up, too.
  await em.refresh(mine[36] as Versioned);
  em.remove(mine[36] as Versioned);
  await em.flush();
  expect(await db.em().count(target)).toBe(90);
}

const kinds: readonly (readonly [string, EntityClass])[] = [
  ['an instant', Stamped],
  ['a random UUID', Random],
  ['an instant of a class in a hierarchy', Letter],
];

/** Versions that are no numbers. */
export const versions: Laws = {
  ...Object.fromEntries(
    kinds.map(([name, target]) => [
      `a version that is ${name} is another one after each update`,
      (subject: Subject) => checkChanges(subject, target as unknown as VersionedClass),
    ]),
  ),
  ...Object.fromEntries(
    kinds.map(([name, target]) => [
      `a stale row whose version is ${name} is refused and named, and nothing is written`,
      (subject: Subject) => checkStale(subject, target as unknown as VersionedClass),
    ]),
  ),
  'an update that changes nothing in the database is not stale': async (subject) => {
    await using db = await open(subject, Stamped as unknown as VersionedClass, 1);
    const [em, other] = [db.em(), db.em()];
    const [mine, theirs] = [await em.findById(Shelf, 1), await other.findById(Shelf, 1)];
    if (mine === null || theirs === null) throw new Error('not found');
    mine.name = 'same';
    theirs.name = 'same';
    await other.flush();
    await em.flush();
    expect((await db.em().findById(Shelf, 1))?.name).toBe('same');
  },
};
