import { describe, expect, it } from 'vitest';
import { type MemoryDriver, memory } from '../../../adapters/memory/index.ts';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import { createPersistence, type EntityManager, type Persistence } from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { Author, Comment, library, Post, Profile, Tag, Topic } from '../../conformance/model/library.ts';
import { Parcel, parcels } from '../../conformance/model/parcels.ts';
import { City, Country, circles } from '../../conformance/model/shop.ts';
import { Ticket, tickets } from '../../conformance/model/tickets.ts';

interface Recorded {
  readonly db: Persistence;
  readonly em: EntityManager;
  readonly driver: MemoryDriver;
}

async function open(entities: Parameters<typeof createPersistence>[0]['entities']): Promise<Recorded> {
  const driver = memory({ backing: sqljs() });
  const db = await createPersistence({ driver, entities });
  await createSchema(db);
  driver.reset();
  return { db, em: db.em(), driver };
}

/** What a flush runs: texts with their parameters, the transaction included. */
async function flushed({ em, driver }: Recorded): Promise<(string | readonly unknown[])[]> {
  driver.reset();
  await em.flush();
  return driver.log.flatMap(({ sql, params }) => (params.length === 0 ? [sql] : [sql, params]));
}

describe('a flush sends', () => {
  it('nothing, not even a transaction, where nothing changed', async () => {
    const on = await open(library);
    expect(await flushed(on)).toEqual([]);
    on.em.create(Tag, { name: 'a' });
    await on.em.flush();
    expect(await flushed(on)).toEqual([]);
  });

  it('one INSERT for the rows of a table, without the key that the database makes', async () => {
    const on = await open(library);
    on.em.create(Tag, { name: 'a' });
    on.em.create(Tag, { name: 'b' });
    expect(await flushed(on)).toEqual(['BEGIN', 'INSERT INTO "tags" ("name") VALUES (?), (?)', ['a', 'b'], 'COMMIT']);
  });

  it('an INSERT with given keys apart from one whose keys are made', async () => {
    const on = await open(library);
    on.em.create(Tag, { name: 'a' });
    on.em.create(Tag, { id: 7, name: 'b' });
    expect(await flushed(on)).toEqual([
      'BEGIN',
      'INSERT INTO "tags" ("name") VALUES (?)',
      ['a'],
      'INSERT INTO "tags" ("id", "name") VALUES (?, ?)',
      [7, 'b'],
      'COMMIT',
    ]);
  });

  it('tables in the order of their foreign keys, links last, with the keys of the statements before', async () => {
    const on = await open(library);
    const author = on.em.create(Author, { name: 'Ada' });
    on.em.create(Post, { title: 't', author, tags: [on.em.create(Tag, { name: 'x' })], publishedAt: new Date(5) });
    expect(await flushed(on)).toEqual([
      'BEGIN',
      'INSERT INTO "authors" ("name", "email", "rating", "settings") VALUES (?, ?, ?, ?)',
      ['Ada', null, null, null],
      'INSERT INTO "tags" ("name") VALUES (?)',
      ['x'],
      'INSERT INTO "posts" ("title", "views", "published_at", "version", "author_id", "editor_id") VALUES (?, ?, ?, ?, ?, ?)',
      ['t', 0, 5, 1, 1, null],
      'INSERT INTO "post_tags" ("posts_id", "tags_id") VALUES (?, ?) ON CONFLICT DO NOTHING',
      [1, 1],
      'COMMIT',
    ]);
  });

  it('rows that refer to each other in one INSERT, with keys allocated before', async () => {
    const on = await open(library);
    on.em.create(Topic, { name: 'child', parent: on.em.create(Topic, { name: 'root' }) });
    expect(await flushed(on)).toEqual([
      'BEGIN',
      'WITH RECURSIVE "k"("n") AS (SELECT 1 UNION ALL SELECT "k"."n" + 1 FROM "k" WHERE "k"."n" < CAST(? AS INTEGER)) SELECT "k"."n" + (SELECT COALESCE(MAX("t"."id"), 0) FROM "topics" AS "t") FROM "k"',
      [2],
      'INSERT INTO "topics" ("id", "name", "parent_id") VALUES (?, ?, ?), (?, ?, ?)',
      [1, 'root', null, 2, 'child', 1],
      'COMMIT',
    ]);
  });

  it('an UPDATE that closes a circle, and one that opens it again', async () => {
    const on = await open(circles);
    const country = on.em.create(Country, { name: 'F' });
    const capital = on.em.create(City, { name: 'P', country });
    country.capital.set(capital);
    expect(await flushed(on)).toEqual([
      'BEGIN',
      'INSERT INTO "countries" ("name", "capital_id") VALUES (?, ?)',
      ['F', null],
      'INSERT INTO "cities" ("name", "country_id") VALUES (?, ?)',
      ['P', 1],
      'UPDATE "countries" SET "capital_id" = ? WHERE "countries"."id" = ?',
      [1, 1],
      'COMMIT',
    ]);
    on.em.remove(country, capital);
    expect((await flushed(on)).filter((line) => typeof line === 'string')).toEqual([
      'BEGIN',
      'UPDATE "countries" SET "capital_id" = ? WHERE "countries"."id" = ?',
      'DELETE FROM "cities" AS "t0" WHERE "t0"."id" IN (SELECT value FROM json_each(?))',
      'DELETE FROM "countries" AS "t0" WHERE "t0"."id" IN (SELECT value FROM json_each(?))',
      'COMMIT',
    ]);
  });

  it('an UPDATE of the changed columns and the version, found by key and version', async () => {
    const on = await open(library);
    const author = on.em.create(Author, { name: 'Ada' });
    const post = on.em.create(Post, { title: 't', author });
    await on.em.flush();
    post.title = 'u';
    post.editor.set(author);
    expect(await flushed(on)).toEqual([
      'BEGIN',
      'UPDATE "posts" SET "title" = ?, "version" = ?, "editor_id" = ? WHERE "posts"."id" = ? AND "posts"."version" = ?',
      ['u', 2, 1, 1, 1],
      'COMMIT',
    ]);
  });

  it('one UPDATE for many rows', async () => {
    const on = await open(library);
    const tags = [on.em.create(Tag, { name: 'a' }), on.em.create(Tag, { name: 'b' })];
    await on.em.flush();
    for (const tag of tags) tag.name += '!';
    expect(await flushed(on)).toEqual([
      'BEGIN',
      'WITH "v"("0", "1") AS (VALUES (?, ?), (?, ?)) UPDATE "tags" SET "name" = "v"."1" FROM "v" WHERE "tags"."id" = "v"."0"',
      [1, 'a!', 2, 'b!'],
      'COMMIT',
    ]);
  });

  it('one DELETE for each table, referring ones first, after what a cascade has to ask for', async () => {
    const on = await open(library);
    const author = on.em.create(Author, { name: 'Ada' });
    on.em.create(Comment, { body: 'c', post: on.em.create(Post, { title: 't', author }) });
    on.em.create(Profile, { id: '00000000-0000-4000-8000-000000000001', site: 's', author });
    await on.em.flush();
    // All is in memory already, so that there is nothing to ask for.
    on.em.remove(author);
    const lines = await flushed(on);
    expect(lines.filter((line) => typeof line === 'string').map((line) => line.split(' AS ')[0])).toEqual([
      'BEGIN',
      'DELETE FROM "comments"',
      'DELETE FROM "posts"',
      'DELETE FROM "profiles"',
      'DELETE FROM "authors"',
      'COMMIT',
    ]);
    expect(lines).toContainEqual(['[[1,1]]']);
  });

  it('links that go before everything else, and links that come after', async () => {
    const on = await open(library);
    const [a, b] = [on.em.create(Tag, { name: 'a' }), on.em.create(Tag, { name: 'b' })];
    const post = on.em.create(Post, { title: 't', author: on.em.create(Author, { name: 'Ada' }), tags: [a] });
    await on.em.flush();
    post.tags.set([b]);
    post.views = 1;
    expect(
      (await flushed(on))
        .filter((line) => typeof line === 'string')
        .map((line) => line.split(' ').slice(0, 3).join(' ')),
    ).toEqual(['BEGIN', 'DELETE FROM "post_tags"', 'UPDATE "posts" SET', 'INSERT INTO "post_tags"', 'COMMIT']);
  });

  it('a savepoint inside of a transaction, and its release', async () => {
    const on = await open(library);
    on.driver.reset();
    await on.em.transaction(async (tx) => {
      tx.create(Tag, { name: 'a' });
      await tx.flush();
      tx.create(Tag, { name: 'b' });
    });
    expect(on.driver.texts).toEqual([
      'BEGIN',
      'SAVEPOINT "meshestra_1"',
      'INSERT INTO "tags" ("name") VALUES (?)',
      'RELEASE SAVEPOINT "meshestra_1"',
      'SAVEPOINT "meshestra_1"',
      'INSERT INTO "tags" ("name") VALUES (?)',
      'RELEASE SAVEPOINT "meshestra_1"',
      'COMMIT',
    ]);
  });

  it('a rollback where a statement fails, and nothing after it', async () => {
    const on = await open(library);
    on.em.create(Tag, { name: 'a' });
    on.em.create(Tag, { id: 5, name: 'a' });
    on.em.create(Topic, { name: 'never' });
    on.driver.reset();
    await expect(on.em.flush()).rejects.toMatchObject({ code: 'unique-violation' });
    expect(on.driver.texts.map((text) => text.split(' ').slice(0, 3).join(' '))).toEqual([
      'BEGIN',
      'INSERT INTO "tags"',
      'INSERT INTO "tags"',
      'ROLLBACK',
    ]);
  });

  it('an INSERT without what the database is to give, and then a SELECT of that by the keys', async () => {
    const on = await open(parcels);
    on.em.create(Parcel, { note: 'a', weight: 1 });
    on.em.create(Parcel, { note: 'b', weight: 2 });
    on.em.create(Parcel, { note: 'c', weight: 3, state: 'sent' });
    const sent = [
      'INSERT INTO "parcels" ("note", "weight", "version") VALUES (?, ?, ?), (?, ?, ?)',
      'INSERT INTO "parcels" ("note", "weight", "state", "version") VALUES (?, ?, ?, ?)',
      'SELECT "t0"."id", "t0"."state", "t0"."shelf", "t0"."double" FROM "parcels" AS "t0" WHERE "t0"."id" IN (SELECT value FROM json_each(?))',
    ];
    expect((await on.em.plan()).statements).toEqual(sent);
    expect(await flushed(on)).toEqual([
      'BEGIN',
      sent[0],
      ['a', 1, 1, 'b', 2, 1],
      sent[1],
      ['c', 3, 'sent', 1],
      sent[2],
      ['[1,2,3]'],
      'COMMIT',
    ]);
  });

  it('no SELECT where everything was given', async () => {
    const on = await open(tickets);
    on.em.create(Ticket, { note: 'a', state: 'shut', rank: 1, hint: null, code: 'c' });
    expect(await flushed(on)).toEqual([
      'BEGIN',
      'INSERT INTO "tickets" ("note", "state", "rank", "hint", "code") VALUES (?, ?, ?, ?, ?)',
      ['a', 'shut', 1, null, 'c'],
      'COMMIT',
    ]);
  });

  it('an UPDATE without what the database computes, and then a SELECT of that by the keys', async () => {
    const on = await open(parcels);
    const changed = ['a', 'b'].map((note) => on.em.create(Parcel, { note, weight: 1, state: 'sent', shelf: 1 }));
    await on.em.flush();
    for (const parcel of changed) parcel.weight = 7;
    expect(await flushed(on)).toEqual([
      'BEGIN',
      'WITH "v"("0", "1", "2", "3") AS (VALUES (?, ?, ?, ?), (?, ?, ?, ?)) UPDATE "parcels" SET "weight" = "v"."2", "version" = "v"."3" FROM "v" WHERE "parcels"."id" = "v"."0" AND "parcels"."version" = "v"."1"',
      [1, 1, 7, 2, 2, 1, 7, 2],
      'SELECT "t0"."id", "t0"."double" FROM "parcels" AS "t0" WHERE "t0"."id" IN (SELECT value FROM json_each(?))',
      ['[1,2]'],
      'COMMIT',
    ]);
  });
});
