import * as serverless from '@neondatabase/serverless';
import { afterAll, describe, expect, it } from 'vitest';
import { neonFetch } from '../../../adapters/neon/fetch.ts';
import { neon } from '../../../adapters/neon/index.ts';
import {
  createPersistence,
  Entity,
  integer,
  manyToMany,
  manyToOne,
  oneToMany,
  type Persistence,
  text,
} from '../../../src/index.ts';
import type { Driver } from '../../../src/port.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { expectCode } from '../../conformance/laws.ts';
import { openTestGateway } from './gateway.ts';

class Author extends Entity('authors', {
  id: integer().primaryKey().generated(),
  name: text(),
  version: integer().version(),
}) {
  books = oneToMany(
    () => Book,
    (book) => book.author,
    { cascade: ['persist'] },
  );
}

class Book extends Entity('books', { id: integer().primaryKey().generated(), title: text() }) {
  author = manyToOne(() => Author);
  tags = manyToMany(() => Tag, { through: 'book_tags' });
}

class Tag extends Entity('tags', { id: integer().primaryKey().generated(), name: text().unique() }) {}

class Category extends Entity('categories', { id: integer().primaryKey().generated(), name: text() }) {
  parent = manyToOne(() => Category, { nullable: true });
}

const ENTITIES = [Author, Book, Tag, Category];

const test = await openTestGateway();
afterAll(() => test.drop());

const KINDS: readonly (readonly [name: string, make: (url: string) => Driver])[] = [
  ['the package', (url) => neon({ url, neon: serverless })],
  ['fetch', (url) => neonFetch({ url, endpoint: `${test.gateway().origin}/sql` })],
];

describe.skipIf(test.missing !== undefined).each(KINDS)(test.title('flushes over Neon by %s'), (_name, make) => {
  const open = async (): Promise<Persistence> => {
    const db = await createPersistence({ driver: make(await test.url()), entities: ENTITIES });
    await createSchema(db);
    test.gateway().reset();
    return db;
  };
  const count = () => test.gateway().requests.length;

  it('writes a graph of four levels, with updates and a delete that are versioned, in one request', async () => {
    const db = await open();
    const before = db.em();
    for (const name of ['a', 'b', 'c']) before.create(Author, { name });
    await before.flush();
    const em = db.em();
    const known = await em.find(Author, {}, { orderBy: { id: 'asc' } });
    test.gateway().reset();
    const tags = ['x', 'y', 'z'].map((name) => em.create(Tag, { name }));
    const authors = ['Ada', 'Bob'].map((name) => em.create(Author, { name }));
    const books = Array.from({ length: 6 }, (_, index) =>
      em.create(Book, { title: `t${index}`, author: authors[index % 2] as Author }),
    );
    books.forEach((book, index) => {
      book.tags.add(tags[index % 3] as Tag);
      if (index < 2) book.tags.add(tags[(index + 1) % 3] as Tag);
    });
    const root = em.create(Category, { name: 'root', parent: null });
    const children = ['l', 'r'].map((name) => em.create(Category, { name, parent: root }));
    for (const parent of children) em.create(Category, { name: `${parent.name}${parent.name}`, parent });
    for (const author of known.slice(0, 2)) author.name += '!';
    em.remove(known[2] as Author);
    await em.flush();
    expect(count()).toBe(1);
    expect(new Set(books.map(({ id }) => id)).size).toBe(6);
    const check = db.em();
    const found = await check.find(Book, {}, { orderBy: { title: 'asc' }, populate: ['author', 'tags'] });
    expect(found.map((book) => [book.title, book.author.get().name, [...book.tags].length])).toEqual(
      books.map(({ title }, index) => [title, index % 2 === 0 ? 'Ada' : 'Bob', index < 2 ? 2 : 1]),
    );
    const levels = await check.find(Category, {}, { orderBy: { id: 'asc' }, populate: ['parent'] });
    const parents = new Map(levels.map(({ name, parent }) => [name, parent.get()?.name ?? null]));
    expect(Object.fromEntries(parents)).toEqual({ root: null, l: 'root', r: 'root', ll: 'l', rr: 'r' });
    expect(await check.find(Author, { name: 'c' })).toEqual([]);
    await db.close();
  });

  it('runs a hundred flushes at once, and no row refers to a row of another flush', async () => {
    const db = await open();
    await Promise.all(
      Array.from({ length: 100 }, async (_, flush) => {
        const em = db.em();
        const author = em.create(Author, { name: `a${flush}` });
        for (let book = 0; book < 6; book += 1) em.create(Book, { title: `a${flush}`, author });
        await em.flush();
      }),
    );
    expect(count()).toBe(100);
    const books = await db.em().find(Book, {}, { populate: ['author'] });
    expect(books).toHaveLength(600);
    expect(books.filter((book) => book.author.get().name !== book.title)).toEqual([]);
    await db.close();
  });

  it('lets one of eight writers of a version win, and the others leave no trace', async () => {
    const db = await open();
    const em = db.em();
    em.create(Author, { name: 'before' });
    await em.flush();
    const writers = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const own = db.em();
        const [author] = await own.find(Author);
        if (author === undefined) throw new Error('there is no author');
        author.name = `writer ${index}`;
        own.create(Tag, { name: `of writer ${index}` });
        return own;
      }),
    );
    test.gateway().reset();
    const outcomes = await Promise.allSettled(writers.map((own) => own.flush()));
    // One request for each writer; those that lost ask in another one which rows are stale.
    expect(test.gateway().requests.filter(({ body }) => body.includes('of writer'))).toHaveLength(8);
    const failed = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(failed).toHaveLength(7);
    for (const error of failed) expect(error).toMatchObject({ code: 'stale-entity', entity: 'authors' });
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
    const check = db.em();
    expect(await check.find(Author)).toMatchObject([{ name: `writer ${winner}` }]);
    expect((await check.find(Tag)).map(({ name }) => name)).toEqual([`of writer ${winner}`]);
    await db.close();
  });

  it('does not know what became of a flush whose answer is lost, and never sends it again', async () => {
    const db = await open();
    const em = db.em();
    em.create(Author, { name: 'perhaps' });
    em.create(Tag, { name: 'perhaps' });
    test.gateway().fail('answer lost');
    const error = await expectCode(() => em.flush(), 'connection');
    expect(error).toMatchObject({ outcome: 'unknown', retryable: false });
    expect(count()).toBe(1);
    expect(await db.em().count(Tag)).toBe(1);
    await db.close();
  });

  it('does not repeat a transaction of unknown outcome, whatever its retries', async () => {
    const db = await open();
    test.gateway().fail('answer lost', 'perhaps');
    const work = () =>
      db.transaction(async (tx) => void tx.create(Tag, { name: 'perhaps' }), { retry: { attempts: 3 } });
    expect(await expectCode(work, 'connection')).toMatchObject({ outcome: 'unknown' });
    expect(test.gateway().requests.filter(({ body }) => body.includes('perhaps'))).toHaveLength(1);
    await db.close();
  });
});
