import { describe, expect } from 'vitest';
import type { EntityManager } from '../../src/index.ts';
import { sql } from '../../src/index.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import { hookLaws } from './lifecycle/hooking.ts';
import { lazyColumnLaws } from './lifecycle/lazy-columns.ts';
import { mergeLaws } from './lifecycle/merging.ts';
import { get, openDocuments } from './lifecycle/open-documents.ts';
import { softRemovalLaws } from './lifecycle/soft-removal.ts';
import { transitionLaws } from './lifecycle/states.ts';
import { upsertLaws } from './lifecycle/upserting.ts';
import { type Badge, Document, Person, Sheet, Usage, Word } from './model/documents.ts';
import { watchStatements } from './statements.ts';
import type { Subject } from './subject.ts';

const person = (em: EntityManager, id: number) => get(em.findById(Person, id, { populate: ['documents', 'badge'] }));
const document = (em: EntityManager) =>
  get(em.findById(Document, 1, { populate: ['words', 'sheets.marks', 'owner', 'uses'] }));

const detaching: Laws = {
  'a detached entity keeps its edits to itself, and its row is another object when it is read again': async (
    subject,
  ) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const own = await person(em, 1);
    own.name = 'lost';
    em.detach(own);
    expect((await em.plan()).statements).toEqual([]);
    const again = await get(em.findById(Person, 1));
    expect([again === own, again.name, own.name]).toEqual([false, 'person 1', 'lost']);
  },
  'what refers to it keeps its key, and finds the new object': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const [own, held] = [await person(em, 1), await document(em)];
    em.detach(own);
    expect([held.owner.id, held.owner.isLoaded]).toEqual([1, false]);
    const again = await held.owner.load();
    expect([again === own, again === (await get(em.findById(Person, 1)))]).toEqual([false, true]);
  },
  'an unflushed reference to it is written all the same': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const [other, held] = [await person(em, 2), await document(em)];
    held.owner.set(other);
    const fresh = em.create(Document, { code: 'b', title: 'new', owner: other });
    em.detach(other);
    expect(em.changes(held).get('owner')).toEqual({ before: 1, after: 2 });
    await em.flush();
    expect([await db.em().count(Document, { owner: 2 }), fresh.owner.id]).toEqual([2, 2]);
    expect((await em.plan()).statements).toEqual([]);
  },
  'collections that held it are read again, and their other edits stay': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const held = await document(em);
    const [first] = held.words.toArray();
    const third = await get(em.findById(Word, 3));
    held.words.add(third);
    em.detach(first as Word);
    expect(held.words.isLoaded).toBe(false);
    await em.flush();
    const items = await held.words.load();
    expect([items.map(({ id }) => id), items[0] === first]).toEqual([[1, 2, 3], false]);
  },
  'an unflushed link or move of it is forgotten on both sides': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const [one, two, held, third] = [
      await person(em, 1),
      await person(em, 2),
      await document(em),
      await get(em.findById(Word, 3)),
    ];
    held.words.add(third);
    held.owner.set(two);
    em.detach(held, third);
    expect((await em.plan()).statements).toEqual([]);
    expect([two.documents.length, one.documents.isLoaded]).toEqual([0, false]);
    expect((await one.documents.load()).map(({ id }) => id)).toEqual([1]);
    await em.flush();
    expect(await db.em().count(Document, { owner: 1 })).toBe(1);
  },
  'both sides of a one-to-one are asked anew': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const [one, two] = [await person(em, 1), await person(em, 2)];
    const badge = one.badge.get() as Badge;
    badge.person.set(two);
    em.detach(badge);
    expect([one.badge.isLoaded, two.badge.isLoaded]).toEqual([false, false]);
    expect([(await one.badge.load())?.id, await two.badge.load()]).toEqual([1, null]);
    expect((await em.plan()).statements).toEqual([]);
  },
  'a pending entity is not inserted, and one that still refers to it is refused by name': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const held = await document(em);
    const fresh = em.create(Word, { id: 9, name: 'new' });
    held.words.add(fresh);
    em.detach(fresh);
    expect([held.words.length, (await em.plan()).statements]).toEqual([2, []]);
    const other = em.create(Person, { id: 9, name: 'new' });
    held.owner.set(other);
    em.detach(other);
    const error = await expectCode(() => em.flush(), 'validation');
    expect(error.message).toMatch(/documents\.owner.*not persisted/);
  },
  'what is done to a detached entity shows nowhere else': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const [two, held] = [await person(em, 2), await document(em)];
    em.detach(held);
    held.owner.set(two);
    held.words.clear();
    expect([two.documents.length, held.owner.id]).toEqual([0, 2]);
    await em.flush();
    expect((await document(db.em())).words.length).toBe(2);
  },
  'a rollback does not bring it back': {
    requires: ({ interactive }) => interactive !== 'none',
    check: async (subject) => {
      await using db = await openDocuments(subject);
      const em = db.em();
      let made: Person | undefined;
      const failing = em.transaction(async (tx) => {
        made = tx.create(Person, { id: 5, name: 'new' });
        await tx.flush();
        tx.detach(made);
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      expect(em.contains(made as Person)).toBe(false);
      await em.flush();
      expect(await db.em().count(Person)).toBe(2);
    },
  },
  'it goes along no cascade': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const held = await document(em);
    const sheets = held.sheets.toArray();
    em.detach(held);
    expect(sheets.map((sheet) => em.stateOf(sheet))).toEqual(['persistent', 'persistent']);
    (sheets[0] as Sheet).body = 'edited';
    await em.flush();
    expect((await get(db.em().findById(Sheet, 1))).body).toBe('edited');
  },
};

const assigning: Laws = {
  'columns and relations become edits, and only differences are written': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const held = await document(em);
    const [one, two] = held.words.toArray() as unknown as [Word, Word];
    const third = await get(em.findById(Word, 3));
    expect(
      em.assign(held, { title: 'assigned', pages: 1, owner: await person(em, 2), words: [two, third] }) === held,
    ).toBe(true);
    expect([...em.changes(held).keys()].sort()).toEqual(['owner', 'title']);
    const statements = watchStatements(db);
    await em.flush();
    const links = statements.texts.filter((text) => text.includes('document_words'));
    expect([links.length, statements.texts.some((text) => /(INTO|UPDATE|FROM) .words/.test(text))]).toEqual([2, false]);
    const after = await document(db.em());
    expect([after.title, after.owner.id, after.words.toArray().map(({ id }) => id)]).toEqual(['assigned', 2, [2, 3]]);
    expect(one.documents.isLoaded).toBe(false);
  },
  'a to-one relation takes a key that is not in memory, and null': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const held = await get(em.findById(Document, 1));
    em.assign(held, { owner: 2 });
    expect([held.owner.id, em.changes(held).get('owner')]).toEqual([2, { before: 1, after: 2 }]);
    em.revert(held);
    expect([held.owner.id, em.changes(held).size]).toEqual([1, 0]);
    em.assign(held, { owner: 2 });
    await em.flush();
    expect([await db.em().count(Document, { owner: 2 }), held.owner.id]).toEqual([1, 2]);
    expect((await em.plan()).statements).toEqual([]);
    em.assign(held, { owner: null });
    await em.flush();
    expect(await db.em().count(Document, { owner: null })).toBe(1);
  },
  'nothing is changed where anything is wrong': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const held = await document(em);
    const wrong: readonly object[] = [
      { nonsense: 1 },
      { constructor: 1 },
      { pages: 'many' },
      { code: null },
      { owner: {} },
      { owner: held },
      { words: 1 },
      { words: [held] },
      { words: [1] },
    ];
    for (const values of wrong) {
      await expectCode(async () => em.assign(held, { title: 'x', ...values }), 'validation');
      expect(held.title).toBe('first');
    }
    await expectCode(async () => em.assign(held, data('{"title":"x","__proto__":{"pages":5}}')), 'validation');
    await expectCode(async () => em.assign(held, null as never), 'validation');
    expect([held.title, em.changes(held).size]).toEqual(['first', 0]);
  },
  'items of a collection that is not loaded are refused, and it says what to do': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const held = await get(em.findById(Document, 1));
    const error = await expectCode(async () => em.assign(held, { title: 'x', words: [] }), 'validation');
    expect([error.message, held.title]).toEqual([expect.stringMatching(/documents\.words.*populate/), 'first']);
    await held.words.load();
    em.assign(held, { words: [] });
    await em.flush();
    expect((await document(db.em())).words.length).toBe(0);
  },
  'an entity that nobody knows yet takes values, too': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const fresh = em.assign(new Document({ code: 'x', title: 'x' }), { title: 'y', owner: 1 });
    em.assign(fresh, { words: await em.find(Word) });
    em.persist(fresh);
    await em.flush();
    const after = await get(db.em().findById(Document, fresh.id, { populate: ['words'] }));
    expect([after.title, after.owner.id, after.words.length]).toEqual(['y', 1, 3]);
  },
};

const data = (json: string): object => JSON.parse(json);

const refreshing: Laws = {
  'refresh goes along its cascade over what is loaded, one statement for each table and level': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const held = await document(em);
    const sheets = held.sheets.toArray() as unknown as Sheet[];
    const owner = held.owner.get() as Person;
    for (const sheet of sheets) sheet.body = 'edited';
    owner.name = 'edited';
    const elsewhere = db.em();
    await elsewhere.execute(sql`UPDATE sheets SET body = ${'theirs'} WHERE id = 2`, { writes: ['sheets'] });
    const statements = watchStatements(db);
    await em.refresh(held);
    expect(statements.texts.map((text) => /FROM \W(\w+)/.exec(text)?.[1])).toEqual(['documents', 'sheets']);
    expect([sheets.map(({ body }) => body), owner.name]).toEqual([['sheet 1', 'theirs'], 'edited']);
    expect([em.changes(owner).size, (await held.sheets.load())[1] === sheets[1]]).toEqual([1, true]);
  },
  'related entities whose rows are gone are detached; where its own row is gone, nothing is changed': async (
    subject,
  ) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const held = await document(em);
    const [first, second] = held.sheets.toArray() as unknown as [Sheet, Sheet];
    await db.em().execute(sql`DELETE FROM sheets WHERE id = 1`, { writes: ['sheets'] });
    await em.refresh(held);
    expect([em.stateOf(first), em.stateOf(second)]).toEqual(['detached', 'persistent']);
    await held.sheets.load();
    second.body = 'mine';
    await db.em().execute(sql`DELETE FROM document_words`, { writes: [] });
    await db.em().execute(sql`DELETE FROM sheets`, { writes: [] });
    await db.em().execute(sql`DELETE FROM documents`, { writes: [] });
    await expectCode(() => em.refresh(held), 'not-found');
    expect([second.body, em.stateOf(second)]).toEqual(['mine', 'persistent']);
  },
};

const pivots: Laws = {
  'a row between two others has a column of its own: it is written, moved and deleted': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const held = await document(em);
    const words = await em.find(Word, {}, { orderBy: { id: 'asc' } });
    for (const [n, word] of words.entries()) em.create(Usage, { document: held, word, count: n });
    await em.flush();
    const rows = async () =>
      (await db.em().find(Usage, {}, { orderBy: { count: 'asc' } })).map((row) => `${row.word.id}:${row.count}`);
    expect([held.uses.length, await rows()]).toEqual([3, ['1:0', '2:1', '3:2']]);
    const usage = await get(em.findById(Usage, { document: 1, word: 2 }));
    usage.count = 20;
    em.remove(await get(em.findById(Usage, { document: 1, word: 3 })));
    await em.flush();
    expect(await rows()).toEqual(['1:0', '2:20']);
    em.remove(usage);
    await em.flush();
    em.create(Usage, { document: held, word: words[2] as Word, count: 20 });
    await em.flush();
    expect(await rows()).toEqual(['1:0', '3:20']);
    em.remove(held);
    await em.flush();
    expect([await rows(), await db.em().count(Word)]).toEqual([[], 3]);
  },
};

/** What becomes of an entity: the five states, and all that takes it from one to another. */
export function lifecycleSuite(subject: Subject): void {
  describe(`${subject.name}: lifecycle`, () => {
    registerLaws(subject, 'lifecycle', {
      ...transitionLaws,
      ...detaching,
      ...assigning,
      ...refreshing,
      ...pivots,
      ...mergeLaws,
      ...upsertLaws,
      ...softRemovalLaws,
      ...lazyColumnLaws,
      ...hookLaws,
    });
  });
}
