import { expect, it } from 'vitest';
import { Entity, integer, manyToMany, manyToOne, oneToMany, type Persistence, text } from '../../../src/index.ts';
import { expectCode } from '../../conformance/laws.ts';
import type { Faults } from './http-gateway.ts';

class Author extends Entity('authors', {
  id: integer().primaryKey().generated(),
  name: text(),
  sold: integer().default(0),
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

/** What a writer is told who came too late. */
const AGAIN = ['stale-entity', 'deadlock', 'serialization-failure'];

const ENTITIES = [Author, Book, Tag, Category];

/** A driver behind a gateway. */
export interface FlushStage {
  /** An empty database with the schema of the entities. */
  open(entities: typeof ENTITIES): Promise<Persistence>;
  gateway(): Faults<'answer lost'>;
  /** How many requests a flush is that inserts, updates and deletes in so many statements. */
  requests(statements: number): number;
  /** A text of the request that commits, and of no other. */
  readonly commit: string;
}

/** Three levels of categories, authors, tags, books, links, an update, a delete. */
const GRAPH_STATEMENTS = 8;

/** What flushes over HTTP cost, and what becomes of them where many run at once or an answer is lost. */
export function flushTests({ open: openEntities, gateway, requests, commit }: FlushStage): void {
  const open = async (): Promise<Persistence> => {
    const db = await openEntities(ENTITIES);
    gateway().reset();
    return db;
  };
  const sent = () => gateway().requests.filter(({ body }) => !body.includes('auto_increment_increment'));
  const count = () => sent().length;

  it('writes a graph of four levels, with updates and a delete that are versioned', async () => {
    const db = await open();
    const before = db.em();
    for (const name of ['a', 'b', 'c']) before.create(Author, { name });
    await before.flush();
    const em = db.em();
    const known = await em.find(Author, {}, { orderBy: { id: 'asc' } });
    gateway().reset();
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
    const { kind, reason } = (await em.plan()).strategy;
    expect(kind).toBe(requests(2) === 1 ? 'batch' : 'transaction');
    expect(reason).toMatch(kind === 'batch' ? /holds no transaction open/ : /takes one statement at a time/);
    gateway().reset();
    await em.flush();
    expect(count()).toBe(requests(GRAPH_STATEMENTS));
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
    expect(count()).toBe(100 * requests(2));
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
    gateway().reset();
    const outcomes = await Promise.allSettled(writers.map((own) => own.flush()));
    // One request for each writer; those that lost ask in another one which rows are stale.
    expect(sent().filter(({ body }) => body.includes('of writer'))).toHaveLength(8);
    const failed = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(failed).toHaveLength(7);
    for (const error of failed) expect(error).toMatchObject({ code: 'stale-entity', entity: 'authors' });
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
    const check = db.em();
    expect(await check.find(Author)).toMatchObject([{ name: `writer ${winner}` }]);
    expect((await check.find(Tag)).map(({ name }) => name)).toEqual([`of writer ${winner}`]);
    await db.close();
  });

  it('loses no update of ten writers who try again until they have written theirs', async () => {
    const db = await open();
    const first = db.em();
    first.create(Author, { name: 'counted' });
    await first.flush();
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        for (let isDone = false; !isDone; ) {
          const em = db.em();
          for (const author of await em.find(Author)) author.sold += 1;
          isDone = await em.flush().then(
            () => true,
            (error) => (AGAIN.includes(error.code) ? false : Promise.reject(error)),
          );
        }
      }),
    );
    expect(await db.em().find(Author)).toMatchObject([{ sold: 10, version: 11 }]);
    await db.close();
  });

  it('does not know what became of a flush whose answer is lost, and never sends it again', async () => {
    const db = await open();
    const em = db.em();
    em.create(Author, { name: 'perhaps' });
    em.create(Tag, { name: 'perhaps' });
    gateway().fail('answer lost', commit);
    const error = await expectCode(() => em.flush(), 'connection');
    expect(error).toMatchObject({ outcome: 'unknown', retryable: false });
    expect(count()).toBe(requests(2));
    expect(await db.em().count(Tag)).toBe(1);
    await db.close();
  });

  it('does not repeat a transaction of unknown outcome, whatever its retries', async () => {
    const db = await open();
    gateway().fail('answer lost', commit);
    const work = () =>
      db.transaction(async (tx) => void tx.create(Tag, { name: 'perhaps' }), { retry: { attempts: 3 } });
    expect(await expectCode(work, 'connection')).toMatchObject({ outcome: 'unknown' });
    expect(sent().filter(({ body }) => body.includes(commit))).toHaveLength(1);
    expect(await db.em().count(Tag, { name: 'perhaps' })).toBe(1);
    await db.close();
  });
}
