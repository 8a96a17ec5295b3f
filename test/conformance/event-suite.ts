import { describe, expect } from 'vitest';
import {
  type ChangeEvent,
  Entity,
  integer,
  manyToOne,
  oneToMany,
  type Persistence,
  query,
  type StatementEvent,
  some,
  sql,
  text,
} from '../../src/index.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import { Author, library, Post, Tag } from './model/library.ts';
import { flushesByStatement, type Subject } from './subject.ts';
import { turn } from './turn.ts';

async function open(subject: Subject): Promise<Persistence> {
  const db = await subject.open(library);
  const em = db.em();
  const author = em.create(Author, { name: 'author' });
  em.create(Post, { title: 'first', author });
  await em.flush();
  return db;
}

function watchChanges(db: Persistence): ChangeEvent[] {
  const changes: ChangeEvent[] = [];
  db.on('change', (change) => changes.push({ ...change, tables: [...change.tables].sort() }));
  return changes;
}

const statementEvents: Laws = {
  'a statement event tells text, duration and rows, and no value': async (subject) => {
    await using db = await open(subject);
    const events: StatementEvent[] = [];
    const stop = db.on('statement', (event) => events.push(event));
    await db.em().find(Post, { title: 'first' });
    const em = db.em();
    em.create(Tag, { name: 'hunter2' });
    em.create(Tag, { name: 'hunter3' });
    await em.flush();
    // A batch has more: guards, and what makes and tells the keys.
    const told = events.length;
    if (flushesByStatement(subject.capabilities)) expect(told).toBe(2);
    const [read, ...rest] = events;
    expect(read).toMatchObject({ rows: 1, sql: expect.stringMatching(/^SELECT /) });
    const written = rest.find((event) => /\bINSERT INTO /.test(event.sql));
    // Where it is a part of a larger one, that answers with one row: whether all is as it should be.
    expect(written?.rows).toBe(/\bSELECT CASE\b/.test(written?.sql ?? '') ? 1 : 2);
    expect(events.every(({ durationMs, error }) => durationMs >= 0 && error === undefined)).toBe(true);
    expect(JSON.stringify(events)).not.toContain('hunter');
    stop();
    await db.em().count(Post);
    expect(events).toHaveLength(told);
  },
  'a statement that failed tells its error': async (subject) => {
    await using db = await open(subject);
    const events: StatementEvent[] = [];
    db.on('statement', (event) => events.push(event));
    await expectCode(() => db.em().execute(sql`SELECT nope FROM nowhere`), 'driver');
    expect(events.map(({ error }) => (error as { code?: string }).code)).toEqual(['driver']);
  },
  'what a listener throws never reaches the work': async (subject) => {
    await using db = await open(subject);
    const heard: string[] = [];
    db.on('statement', () => {
      throw new Error('listener');
    });
    db.on('change', () => {
      throw new Error('listener');
    });
    db.on('change', ({ tables }) => heard.push(...tables));
    const em = db.em();
    em.create(Tag, { name: 'a' });
    await em.flush();
    expect([heard, await db.em().count(Tag)]).toEqual([['tags'], 1]);
  },
};

class Room extends Entity('rooms', { id: integer().primaryKey().generated(), name: text() }) {
  desks = oneToMany(
    () => Desk,
    (desk) => desk.room,
  );
}
class Desk extends Entity('desks', { id: integer().primaryKey().generated(), name: text() }) {
  room = manyToOne(() => Room, { onDelete: 'cascade' });
}
class Lamp extends Entity('lamps', { id: integer().primaryKey().generated(), name: text() }) {
  desk = manyToOne(() => Desk, { nullable: true, onDelete: 'set null' });
}

const changeEvents: Laws = {
  'a flush is one change with all tables it wrote': async (subject) => {
    await using db = await open(subject);
    const changes = watchChanges(db);
    const em = db.em();
    const [post] = (await em.find(Post)) as [Post];
    post.title = 'x';
    post.tags.add(em.create(Tag, { name: 'a' }));
    expect(changes).toEqual([]);
    await em.flush();
    expect(changes).toEqual([{ tables: ['post_tags', 'posts', 'tags'], origin: 'local' }]);
    await em.flush();
    expect(changes).toHaveLength(1);
  },
  'a transaction is one change when it commits, and none when it does not': async (subject) => {
    await using db = await open(subject);
    const changes = watchChanges(db);
    await db.transaction(async (tx) => {
      tx.create(Tag, { name: 'a' });
      await tx.flush();
      tx.create(Author, { name: 'b' });
      await tx.flush();
      expect(changes).toEqual([]);
    });
    expect(changes).toEqual([{ tables: ['authors', 'tags'], origin: 'local' }]);
    await expect(
      db.transaction(async (tx) => {
        tx.create(Tag, { name: 'c' });
        await tx.flush();
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(changes).toHaveLength(1);
  },
  'raw SQL tells the tables it was said to write, or all': async (subject) => {
    await using db = await open(subject);
    const changes = watchChanges(db);
    const em = db.em();
    await em.execute(sql`SELECT * FROM posts`);
    expect(changes).toEqual([]);
    await em.execute(sql`UPDATE posts SET title = ${'x'}`, { writes: ['posts'] });
    expect(changes).toEqual([{ tables: ['posts'], origin: 'local' }]);
    await em.execute(sql`UPDATE posts SET title = ${'y'}`);
    expect(changes[1]?.tables).toEqual(expect.arrayContaining(['authors', 'post_tags', 'posts', 'tags']));
  },
  'rows that the database deletes or empties along are part of the change': async (subject) => {
    await using db = await subject.open([Room, Desk, Lamp]);
    const em = db.em();
    const room = em.create(Room, { name: 'r' });
    em.create(Lamp, { name: 'l', desk: em.create(Desk, { name: 'd', room }) });
    await em.flush();
    const changes = watchChanges(db);
    const other = db.em();
    other.remove(...(await other.find(Room)));
    await other.flush();
    expect(await db.em().count(Desk)).toBe(0);
    expect(changes).toEqual([{ tables: ['desks', 'lamps', 'rooms'], origin: 'local' }]);
  },
  'the links of a deleted row are part of the change': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const tag = em.create(Tag, { name: 't', posts: await em.find(Post) });
    await em.flush();
    const changes = watchChanges(db);
    em.remove(tag);
    await em.flush();
    expect(changes).toEqual([{ tables: ['post_tags', 'tags'], origin: 'local' }]);
  },
};

/** Takes results of an iterator, one by one, without waiting for ever. */
async function next<T>(iterator: AsyncIterator<T>): Promise<T> {
  const result = await iterator.next();
  if (result.done === true) throw new Error('the live query has ended');
  return result.value;
}

/** Whether a promise is settled after all that is under way has had its turn. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => {
      settled = true;
    },
    () => {
      settled = true;
    },
  );
  for (let turns = 0; turns < 5; turns += 1) await turn();
  return !settled;
}

async function addTag(db: Persistence, name: string): Promise<void> {
  const em = db.em();
  em.create(Tag, { name });
  await em.flush();
}

const names = (tags: readonly Tag[]): string[] => tags.map(({ name }) => name);
const allTags = query(Tag, {}, { orderBy: { id: 'asc' } });

const liveQueries: Laws = {
  'a live query yields at once, and again after each commit that touches it': async (subject) => {
    await using db = await open(subject);
    const live = db.live(allTags);
    expect(names(await next(live))).toEqual([]);
    const waiting = next(live);
    expect(await isPending(waiting)).toBe(true);
    await addTag(db, 'a');
    expect(names(await waiting)).toEqual(['a']);
    await addTag(db, 'b');
    expect(names(await next(live))).toEqual(['a', 'b']);
    await live.return?.();
  },
  'commits that come while nobody asks count as one': async (subject) => {
    await using db = await open(subject);
    const live = db.live(allTags);
    await next(live);
    for (const name of ['a', 'b', 'c']) await addTag(db, name);
    expect(names(await next(live))).toEqual(['a', 'b', 'c']);
    const waiting = live.next();
    expect(await isPending(waiting)).toBe(true);
    await live.return?.();
    expect((await waiting).done).toBe(true);
  },
  'commits to other tables do not wake it': async (subject) => {
    await using db = await open(subject);
    const live = db.live(query(Post, {}));
    await next(live);
    const waiting = live.next();
    await addTag(db, 'a');
    expect(await isPending(waiting)).toBe(true);
    await live.return?.();
    expect((await waiting).done).toBe(true);
  },
  'tables of criteria and of populated relations wake it': async (subject) => {
    await using db = await open(subject);
    const live = db.live(
      query(Author, { posts: some<Post>({ tags: some<Tag>({ name: 'x' }) }) }, { populate: ['profile'] }),
    );
    expect(await next(live)).toHaveLength(0);
    const em = db.em();
    const [post] = (await em.find(Post)) as [Post];
    post.tags.add(em.create(Tag, { name: 'x' }));
    await em.flush();
    expect(await next(live)).toHaveLength(1);
    const waiting = live.next();
    await db.em().execute(sql`DELETE FROM profiles`, { writes: ['profiles'] });
    expect((await waiting).done).toBe(false);
    await live.return?.();
  },
  'each result is fresh, and of objects of its own': async (subject) => {
    await using db = await open(subject);
    await addTag(db, 'a');
    const live = db.live(allTags);
    const [first] = await next(live);
    const em = db.em();
    for (const tag of await em.find(Tag)) tag.name = 'renamed';
    await em.flush();
    const [second] = await next(live);
    expect([first?.name, second?.name, first === second]).toEqual(['a', 'renamed', false]);
    await live.return?.();
  },
  'leaving the loop stops it': async (subject) => {
    await using db = await open(subject);
    const seen: number[] = [];
    for await (const tags of db.live(allTags)) {
      seen.push(tags.length);
      if (tags.length === 2) break;
      await addTag(db, `tag ${tags.length}`);
    }
    expect(seen).toEqual([0, 1, 2]);
  },
  'several readers of one live query all get an answer': async (subject) => {
    await using db = await open(subject);
    const live = db.live(allTags);
    await next(live);
    const waiting = [live.next(), live.next()];
    await addTag(db, 'a');
    expect(await isPending(Promise.race(waiting))).toBe(false);
    await live.return?.();
    expect(await isPending(Promise.all(waiting))).toBe(false);
  },
  'closing the database ends its live queries': async (subject) => {
    const db = await open(subject);
    const live = db.live(allTags);
    await next(live);
    const waiting = live.next();
    await db.close();
    expect(await isPending(waiting)).toBe(false);
    expect((await waiting).done).toBe(true);
  },
  'a live query over wrong criteria throws when it is made': async (subject) => {
    await using db = await open(subject);
    expect(() => db.live(query(Tag, { nope: 1 } as never))).toThrow(/nope/);
  },
};

/** Events of statements and commits, and live queries. */
export function eventSuite(subject: Subject): void {
  describe(`${subject.name}: events`, () => {
    registerLaws(subject, 'events', { ...statementEvents, ...changeEvents, ...liveQueries });
  });
}
