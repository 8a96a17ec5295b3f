import { describe, expect } from 'vitest';
import { type EntityManager, type Persistence, sql } from '../../src/index.ts';
import type { Capabilities } from '../../src/port.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import { Book, Category, Label, shelf, Writer } from './model/shelf.ts';
import type { Subject } from './subject.ts';

/** Counts the requests that a driver sends. */
export type CountRequests = () => number;

/** Two writers with six books, three labels, eight links, and five categories on three levels: 24 rows. */
function create(em: EntityManager): { writers: Writer[]; books: Book[]; labels: Label[]; categories: Category[] } {
  const writers = ['Ada', 'Bo'].map((name) => em.create(Writer, { name }));
  const labels = ['a', 'b', 'c'].map((name) => em.create(Label, { name }));
  const root = em.create(Category, { name: 'root' });
  const middle = ['left', 'right'].map((name) => em.create(Category, { name, parent: root }));
  const leaves = ['low', 'lower'].map((name, n) => em.create(Category, { name, parent: middle[n] as Category }));
  const books = Array.from({ length: 6 }, (_, n) =>
    em.create(Book, {
      title: `book ${n}`,
      writer: writers[n % 2] as Writer,
      category: leaves[n % 2] as Category,
      labels: labels.slice(0, n < 2 ? 2 : 1),
    }),
  );
  return { writers, books, labels, categories: [root, ...middle, ...leaves] };
}

const titles = async (db: Persistence): Promise<string[]> =>
  (await db.em().find(Book, {}, { orderBy: { title: 'asc' } })).map(({ title }) => title);

/** Where a transaction is a batch at its end. */
const holdsNone = ({ interactive }: Capabilities): boolean => interactive === 'none';

const laws = (requests: CountRequests): Laws => {
  const counted = async <R>(work: () => Promise<R>): Promise<[R, number]> => {
    const before = requests();
    const result = await work();
    return [result, requests() - before];
  };
  return {
    'a flush of a graph with keys of the database, links, updates and deletes is one request': async (subject) => {
      await using db = await subject.open(shelf);
      const first = db.em();
      const { books: old } = create(first);
      await first.flush();
      const em = db.em();
      const [one, two, gone] = await em.find(Book, {}, { orderBy: { id: 'asc' }, limit: 3 });
      if (one === undefined || two === undefined || gone === undefined) throw new Error('no books');
      for (const label of await em.find(Label)) em.remove(label);
      await em.flush();
      one.title = 'first';
      two.title = 'second';
      em.remove(gone);
      const { writers, books, labels, categories } = create(em);
      const { steps } = await em.plan();
      // Where keys cannot be drawn before, rows that refer to others of their table are updated besides.
      expect(steps.reduce((sum, { rows, reason }) => sum + (reason === null ? rows : 0), 0)).toBe(27);
      const [, sent] = await counted(() => em.flush());
      expect(sent).toBe(1);
      expect([one.version, two.version]).toEqual([2, 2]);
      for (const entity of [...writers, ...books, ...labels, ...categories]) {
        expect(em.stateOf(entity)).toBe('persistent');
        expect(Number.isSafeInteger(entity.id)).toBe(true);
      }
      const [stored, asked] = await counted(() =>
        db.em().find(Book, { id: books[5]?.id ?? 0 }, { populate: ['writer', 'labels', 'category.parent.parent'] }),
      );
      expect(asked).toBe(1);
      expect(
        stored.map((book) => [
          book.writer.get().name,
          book.labels.toArray().map(({ name }) => name),
          book.category.get()?.parent.get()?.parent.get()?.name,
        ]),
      ).toEqual([['Bo', ['a'], 'root']]);
      expect(await titles(db)).toEqual([
        'book 0',
        'book 1',
        'book 2',
        'book 3',
        'book 3',
        'book 4',
        'book 4',
        'book 5',
        'book 5',
        'first',
        'second',
      ]);
      expect(old).toHaveLength(6);
    },
    'a graph of any depth is read by one request': async (subject) => {
      await using db = await subject.open(shelf);
      const writer = db.em();
      create(writer);
      await writer.flush();
      const [books, sent] = await counted(() =>
        db.em().find(Book, { title: 'book 1' }, { populate: ['writer.books.labels', 'category.parent.children'] }),
      );
      expect(sent).toBe(1);
      const [book] = books;
      expect(
        book?.writer
          .get()
          .books.toArray()
          .map(({ title }) => title),
      ).toEqual(['book 1', 'book 3', 'book 5']);
      expect(
        book?.category
          .get()
          ?.parent.get()
          ?.children.toArray()
          .map(({ name }) => name),
      ).toEqual(['lower']);
      expect(
        book?.writer
          .get()
          .books.at(0)
          ?.labels.toArray()
          .map(({ name }) => name),
      ).toEqual(['a', 'b']);
    },
    'a graph below a limit is that of its rows': async (subject) => {
      await using db = await subject.open(shelf);
      const writer = db.em();
      create(writer);
      await writer.flush();
      const [books, sent] = await counted(() =>
        db.em().find(Book, {}, { orderBy: { title: 'desc' }, limit: 2, offset: 1, populate: ['labels', 'writer'] }),
      );
      expect(sent).toBe(1);
      expect(books.map((book) => [book.title, book.writer.get().name, book.labels.length])).toEqual([
        ['book 4', 'Ada', 1],
        ['book 3', 'Bo', 1],
      ]);
      const [found, again] = await counted(() =>
        db.em().findById(Book, books[0]?.id ?? 0, { populate: ['writer.books'] }),
      );
      expect([found?.writer.get().books.length, again]).toEqual([3, 1]);
    },
    'a transaction writes one batch at its end': {
      requires: holdsNone,
      check: async (subject) => {
        await using db = await subject.open(shelf);
        const em = db.em();
        const [made, sent] = await counted(() =>
          em.transaction(async (tx) => {
            expect(await tx.count(Book)).toBe(0);
            return create(tx);
          }),
        );
        expect(sent).toBe(2);
        expect(em.stateOf(made.books[0] as Book)).toBe('persistent');
        expect(await titles(db)).toHaveLength(6);
      },
    },
    'a transaction that throws writes nothing': async (subject) => {
      await using db = await subject.open(shelf);
      const em = db.em();
      const failing = em.transaction(async (tx) => {
        create(tx);
        throw new Error('stop');
      });
      await expect(failing).rejects.toThrow('stop');
      expect(await db.em().count(Book)).toBe(0);
    },
    'what a transaction cannot honour is unsupported-by-driver, and nothing is written': {
      requires: holdsNone,
      check: async (subject) => {
        await using db = await subject.open(shelf);
        const refused = (work: (tx: EntityManager) => Promise<unknown>): Promise<Error> =>
          expectCode(() => db.transaction(work), 'unsupported-by-driver');
        const flushing = await refused(async (tx) => {
          tx.create(Label, { name: 'early' });
          await tx.flush();
        });
        expect(flushing.message).toContain('one batch at its end');
        await refused((tx) => tx.execute(sql`INSERT INTO labels (name) VALUES (${'raw'})`));
        await refused((tx) => tx.transaction(async () => undefined));
        await expectCode(
          () => db.transaction(async () => undefined, { isolation: 'serializable' }),
          'unsupported-by-driver',
        );
        await expectCode(
          () => db.transaction(async (tx) => void tx.create(Label, { name: 'x' }), { readOnly: true }),
          'unsupported-by-driver',
        );
        expect(await db.em().count(Label)).toBe(0);
      },
    },
    'work that joins a transaction, reads, and a flush of nothing are fine in it': async (subject) => {
      await using db = await subject.open(shelf);
      await db.transaction(async (tx) => {
        await tx.flush();
        await tx.transaction(async (inner) => void inner.create(Label, { name: 'joined' }), {
          propagation: 'required',
        });
        const { rows } = await tx.execute(sql`SELECT COUNT(*) FROM labels`);
        expect(Number(rows[0]?.[0])).toBe(0);
      });
      expect(await db.em().count(Label)).toBe(1);
    },
    'a failed batch changes no entity, and the retry writes the union': async (subject) => {
      await using db = await subject.open(shelf);
      const other = db.em();
      other.create(Label, { name: 'taken' });
      await other.flush();
      const em = db.em();
      const { books, writers } = create(em);
      const clash = em.create(Label, { name: 'taken' });
      await expectCode(() => em.flush(), 'unique-violation');
      expect([books[0]?.id, writers[0]?.id, clash.id, em.stateOf(clash)]).toEqual([
        undefined,
        undefined,
        undefined,
        'pending',
      ]);
      expect([await db.em().count(Book), await db.em().count(Label)]).toEqual([0, 1]);
      clash.name = 'free';
      await em.flush();
      expect([await db.em().count(Book), await db.em().count(Label)]).toEqual([6, 5]);
    },
    'keys that the application gives live beside those of the database': async (subject) => {
      await using db = await subject.open(shelf);
      const em = db.em();
      const child = em.create(Category, { name: 'child' });
      const given = new Category({ id: 500, name: 'given' });
      const parent = em.create(Category, { name: 'parent' });
      child.parent.set(parent);
      given.parent.set(child);
      em.persist(given);
      await em.flush();
      const read = await db.em().find(Category, { id: 500 }, { populate: ['parent.parent'] });
      expect(read[0]?.parent.get()?.parent.get()?.name).toBe('parent');
      expect(new Set([child.id, parent.id, given.id]).size).toBe(3);
    },
  };
};

/** What a driver promises that writes flushes, and reads graphs, in one request each. */
export function batchSuite(subject: Subject, requests: CountRequests): void {
  describe(`${subject.name}: batches`, () => {
    registerLaws(subject, 'batches', laws(requests));
  });
}
