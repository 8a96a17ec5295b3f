import { expect } from 'vitest';
import type { MergeData, Persistence } from '../../../src/index.ts';
import { sql } from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { Document, Mark, Person, Sheet, Usage, Word } from '../model/documents.ts';
import { watchStatements } from '../statements.ts';
import { get, openDocuments } from './open-documents.ts';

const texts = async (db: Persistence): Promise<string[]> =>
  (await db.em().find(Sheet, {}, { orderBy: { id: 'asc' } })).map(({ id, body }) => `${id}:${body}`);

const data: Laws = {
  'data with a key is copied onto the persistent entity, and only differences are written': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const merged = await em.merge(Document, { id: 1, title: 'merged', pages: 1 });
    expect([em.stateOf(merged), [...em.changes(merged).keys()], merged.code]).toEqual(['persistent', ['title'], 'a']);
    expect((await get(em.findById(Document, 1))) === merged).toBe(true);
    await em.flush();
    expect(await db.em().findById(Document, 1)).toMatchObject({ title: 'merged', version: 2 });
  },
  'what is in memory is not read, and is the same object': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const person = await get(em.findById(Person, 1));
    const statements = watchStatements(db);
    expect((await em.merge(Person, { id: 1, name: 'merged' })) === person).toBe(true);
    expect([statements.texts, person.name]).toEqual([[], 'merged']);
  },
  'a key that no row has, and no key, make new entities': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const known = await em.merge(Person, { id: 7, name: 'seven' });
    const fresh = await em.merge(Document, { code: 'n', title: 'new' });
    expect([em.stateOf(known), em.stateOf(fresh), fresh.pages]).toEqual(['pending', 'pending', 1]);
    expect((await em.merge(Person, { id: 7, name: 'again' })) === known).toBe(true);
    await em.flush();
    expect([(await get(db.em().findById(Person, 7))).name, fresh.id > 1]).toEqual(['again', true]);
  },
  'an older version, and a version whose row is gone, are stale-entity, and nothing changes': async (subject) => {
    await using db = await openDocuments(subject);
    await db.em().execute(sql`UPDATE documents SET version = 3`, { writes: ['documents'] });
    const em = db.em();
    const held = await get(em.findById(Document, 1));
    const error = await expectCode(() => em.merge(Document, { id: 1, title: 'x', version: 2 }), 'stale-entity');
    expect(error).toMatchObject({ rows: [{ key: 1, expectedVersion: 2 }] });
    await expectCode(() => em.merge(Document, { id: 99, code: 'x', title: 'x', version: 1 }), 'stale-entity');
    expect([held.title, (await em.plan()).statements]).toEqual(['first', []]);
    await em.merge(Document, { id: 1, title: 'x', version: 3 });
    await em.flush();
    expect(held).toMatchObject({ title: 'x', version: 4 });
  },
  'wrong data is refused before anything is changed': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const held = await get(em.findById(Document, 1));
    const wrong: readonly object[] = [
      { id: 1, title: 'x', nonsense: 1 },
      JSON.parse('{"id": 1, "title": "x", "__proto__": {}}'),
      { id: 1, title: 'x', pages: 'many' },
      { id: 1, title: null },
      { id: 1, title: 'x', owner: { id: 2, name: 'no cascade' } },
      { id: 1, title: 'x', sheets: [{ id: 1, body: 5 }] },
      { id: 1, title: 'x', sheets: 7 },
      { id: 'one' },
    ];
    for (const given of wrong) await expectCode(() => em.merge(Document, given as never), 'validation');
    await expectCode(() => em.merge(Document, { id: 1, title: 'x', words: [77] }), 'not-found');
    await expectCode(() => em.merge(Document, null as never), 'validation');
    em.remove(held);
    await expectCode(() => em.merge(Document, { id: 1, title: 'x' }), 'validation');
    expect(held.title).toBe('first');
  },
};

const graphs: Laws = {
  'a nested graph is merged along its cascade: changed, added, removed': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const merged = await em.merge(Document, {
      id: 1,
      title: 'graph',
      owner: 2,
      reviewer: { id: 5, name: 'reviewer' },
      sheets: [{ id: 2, body: 'second', marks: [{ text: 'mark' }] }, { body: 'third' }],
      words: [2, { id: 3, name: 'renamed' }, { id: 4, name: 'new' }],
    });
    await em.flush();
    expect([await texts(db), merged.owner.id, merged.reviewer.id]).toEqual([['2:second', '3:third'], 2, 5]);
    const after = await get(db.em().findById(Document, 1, { populate: ['words', 'sheets.marks'] }));
    expect(after.words.toArray().map(({ name }) => name)).toEqual(['word 2', 'renamed', 'new']);
    expect(
      after.sheets
        .at(0)
        ?.marks.toArray()
        .map(({ text }) => text),
    ).toEqual(['mark']);
    expect((await em.plan()).statements).toEqual([]);
  },
  'what is not in memory is read by one statement for each table and level': async (subject) => {
    await using db = await openDocuments(subject);
    const setUp = db.em();
    const document = await get(setUp.findById(Document, 1));
    for (let n = 0; n < 40; n += 1) {
      const sheet = setUp.create(Sheet, { body: 'b', document });
      setUp.create(Mark, { text: 'm', sheet });
    }
    await setUp.flush();
    const source = await get(db.em().findById(Document, 1, { populate: ['sheets.marks'] }));
    for (const sheet of source.sheets) sheet.body = 'merged';
    const em = db.em();
    const statements = watchStatements(db);
    const merged = await em.merge(source as Document);
    expect(statements.texts.length).toBeLessThanOrEqual(5);
    expect((await merged.sheets.load()).every(({ body }) => body === 'merged')).toBe(true);
    expect(em.contains(source)).toBe(false);
    await em.flush();
    expect((await texts(db)).filter((text) => text.endsWith('merged'))).toHaveLength(42);
  },
  'a circle in the data, and a key that is in it twice, are one entity each': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const root: Record<string, unknown> = { id: 1, title: 'circle' };
    root.sheets = [
      { id: 1, body: 'one', document: root },
      { id: 2, body: 'two', document: { id: 1, pages: 9 } },
    ];
    const merged = await em.merge(Document, root as MergeData<Document>);
    expect([merged.title, merged.pages, (await merged.sheets.load()).length]).toEqual(['circle', 9, 2]);
    await em.flush();
    expect([await texts(db), await db.em().count(Document)]).toEqual([['1:one', '2:two'], 1]);
  },
  'rows between two others are merged by a key that follows from the graph': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    await em.merge(Document, {
      id: 1,
      uses: [
        { word: 1, count: 1 },
        { word: 2, count: 2 },
      ] as never,
    });
    await em.flush();
    await db.em().execute(sql`UPDATE usages SET count = 5 WHERE word_id = 1`, { writes: ['usages'] });
    const later = db.em();
    const [usage] = [await later.merge(Usage, { document: 1, word: 1, count: 7 })];
    expect(later.stateOf(usage)).toBe('persistent');
    await later.flush();
    expect((await db.em().find(Usage, {}, { orderBy: { count: 'asc' } })).map(({ count }) => count)).toEqual([2, 7]);
  },
};

const detached: Laws = {
  'a detached entity brings its edits back, and stays detached itself': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const held = await get(em.findById(Document, 1, { populate: ['words', 'owner'] }));
    em.clear();
    held.title = 'edited';
    held.extra = { note: 'shared' };
    held.owner.set(await get(em.findById(Person, 2)));
    const merged = await em.merge(held as Document);
    expect([merged === held, merged.title, merged.owner.id, em.stateOf(held)]).toEqual([
      false,
      'edited',
      2,
      'detached',
    ]);
    expect(merged.extra === held.extra).toBe(false);
    await em.flush();
    expect(await db.em().count(Document, { title: 'edited', owner: 2 })).toBe(1);
    expect((await em.plan()).statements).toEqual([]);
  },
  'a stale one is refused': async (subject) => {
    await using db = await openDocuments(subject);
    const held = await get(db.em().findById(Document, 1));
    await db.em().execute(sql`UPDATE documents SET title = ${'theirs'}, version = 2`, { writes: ['documents'] });
    held.title = 'mine';
    await expectCode(() => db.em().merge(held), 'stale-entity');
    await db.em().execute(sql`DELETE FROM document_words`, { writes: ['document_words'] });
    await db.em().execute(sql`DELETE FROM sheets`, { writes: ['sheets'] });
    await db.em().execute(sql`DELETE FROM documents`, { writes: ['documents'] });
    await expectCode(() => db.em().merge(held), 'stale-entity');
  },
  'one without a version whose row is gone is inserted again': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const word = await get(em.findById(Word, 3));
    em.remove(word);
    await em.flush();
    const merged = await em.merge(word);
    expect([merged === word, em.stateOf(merged)]).toEqual([false, 'pending']);
    await em.flush();
    expect((await get(db.em().findById(Word, 3))).name).toBe('word 3');
  },
  'references without the cascade are taken by their keys': async (subject) => {
    await using db = await openDocuments(subject);
    const other = db.em();
    const owner = await get(other.findById(Person, 2));
    owner.name = 'not merged';
    const em = db.em();
    const merged = await em.merge(Document, { id: 1, owner });
    expect([merged.owner.id, (await merged.owner.load())?.name]).toEqual([2, 'person 2']);
    await expectCode(() => em.merge(Document, { id: 1, owner: new Word({ id: 1, name: 'x' }) as never }), 'validation');
  },
};

export const mergeLaws: Laws = { ...data, ...graphs, ...detached };
