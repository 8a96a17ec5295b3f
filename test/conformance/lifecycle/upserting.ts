import { expect } from 'vitest';
import { sql } from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { Document, Person, Usage, Word } from '../model/documents.ts';
import { watchStatements } from '../statements.ts';
import { get, openDocuments } from './open-documents.ts';

export const upsertLaws: Laws = {
  'upsert inserts what is not there and updates what is, in one statement and one that reads it back': async (
    subject,
  ) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const statements = watchStatements(db);
    const found = await em.upsert(
      Document,
      [
        { code: 'z', title: 'new', owner: 1 },
        { code: 'a', title: 'updated', owner: 2 },
      ],
      {
        by: ['code'],
      },
    );
    expect(statements.texts.filter((text) => !/^(BEGIN|COMMIT|START)/.test(text))).toHaveLength(2);
    expect(found.map(({ code, title, pages, version }) => [code, title, pages, version])).toEqual([
      ['z', 'new', 1, 1],
      ['a', 'updated', 1, 2],
    ]);
    expect([found[1]?.id, found.map((entity) => em.stateOf(entity))]).toEqual([1, ['persistent', 'persistent']]);
    const rows = await db.em().find(Document, {}, { orderBy: { code: 'asc' } });
    expect(rows.map(({ id, title, owner }) => [id, title, owner.id])).toEqual([
      [1, 'updated', 2],
      [found[0]?.id, 'new', 1],
    ]);
    expect((await em.plan()).statements).toEqual([]);
  },
  'what the data leaves out of a row that is there stays': async (subject) => {
    await using db = await openDocuments(subject);
    await db.em().execute(sql`UPDATE documents SET pages = 50, slug = ${'s'}`, { writes: ['documents'] });
    const em = db.em();
    const both = [
      { code: 'a', title: 'x' },
      { code: 'b', title: 'y', pages: 3 },
    ];
    const [first, second] = await em.upsert(Document, both, { by: ['code'] });
    expect([first, second]).toMatchObject([
      { pages: 50, slug: 's' },
      { pages: 3, slug: null },
    ]);
    expect(
      await em.upsert(Document, { code: 'a', title: 'q', pages: 7 }, { by: ['code'], update: ['pages'] }),
    ).toMatchObject({
      title: 'x',
      pages: 7,
    });
    expect(await em.upsert(Document, { code: 'a', title: 'no' }, { by: ['code'], update: 'nothing' })).toMatchObject({
      title: 'x',
      version: 3,
    });
    expect(await em.upsert(Document, [])).toEqual([]);
  },
  'it goes by the key, of one column or several': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    expect((await em.upsert(Person, { id: 1, name: 'renamed' })).name).toBe('renamed');
    const usage = (word: number, count: number) => ({ document: 1, word, count });
    await em.upsert(Usage, [usage(1, 1), usage(2, 2)]);
    await em.upsert(Usage, [usage(2, 20), usage(3, 30)]);
    const rows = await db.em().find(Usage, {}, { orderBy: { count: 'asc' } });
    expect(rows.map(({ word, count }) => [word.id, count])).toEqual([
      [1, 1],
      [2, 20],
      [3, 30],
    ]);
  },
  'an entity in memory shows the row; one with unflushed edits is refused before anything is sent': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const held = await get(em.findById(Document, 1));
    expect((await em.upsert(Document, { code: 'a', title: 'shown' }, { by: ['code'] })) === held).toBe(true);
    expect(held).toMatchObject({ title: 'shown', version: 2 });
    held.pages = 5;
    const statements = watchStatements(db);
    await expectCode(() => em.upsert(Document, { code: 'a', title: 'no' }, { by: ['code'] }), 'validation');
    expect([statements.texts, held.title, held.pages]).toEqual([[], 'shown', 5]);
    await em.flush();
    expect(await db.em().findById(Document, 1)).toMatchObject({ title: 'shown', pages: 5, version: 3 });
  },
  'a row that meets another one elsewhere is unique-violation, and nothing is written': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    await em.upsert(
      Document,
      [
        { code: 'b', slug: 'two', title: 'b' },
        { code: 'c', slug: 'three', title: 'c' },
      ],
      { by: ['code'] },
    );
    const meets: readonly { code: string; slug: string; title: string }[] = [
      { code: 'new', slug: 'two', title: 'x' },
      { code: 'c', slug: 'two', title: 'x' },
    ];
    for (const row of meets) {
      const other = db.em();
      await expectCode(
        () => other.upsert(Document, [{ code: 'd', title: 'd' }, row], { by: ['code'] }),
        'unique-violation',
      );
      const third = db.em();
      await expectCode(
        () => third.upsert(Document, { ...row, code: 'b', slug: 'three' }, { by: ['slug'] }),
        'unique-violation',
      );
    }
    const rows = await db.em().find(Document, {}, { orderBy: { code: 'asc' } });
    expect(rows.map(({ code, slug, title }) => [code, slug, title])).toEqual([
      ['a', null, 'first'],
      ['b', 'two', 'b'],
      ['c', 'three', 'c'],
    ]);
  },
  'wrong options and rows are refused': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const row = { code: 'x', title: 'x' };
    const refused = (data: unknown, options: object) =>
      expectCode(() => em.upsert(Document, data as never, options as never), 'validation');
    await refused(row, {});
    await refused(row, { by: ['title'] });
    await refused(row, { by: ['nonsense'] });
    await refused(row, { by: ['slug'] });
    await refused(row, { by: ['code'], update: ['version'] });
    await refused(row, { by: ['code'], update: ['sheets'] });
    await refused([row, row], { by: ['code'] });
    await refused({ ...row, sheets: [] }, { by: ['code'] });
    await refused({ ...row, pages: 'many' }, { by: ['code'] });
    await refused({ ...row, owner: em.create(Person, { id: 9, name: 'new' }) }, { by: ['code'] });
    await refused(null, { by: ['code'] });
    em.clear();
    expect(await db.em().count(Document)).toBe(1);
  },
  'thousands of rows are one transaction, and each entity is its row': async (subject) => {
    await using db = await openDocuments(subject);
    const em = db.em();
    const rows = Array.from({ length: 3000 }, (_, n) => ({
      code: `c${n % 2 === 0 ? n : -n}`,
      title: `t${n}`,
      pages: n,
    }));
    const changes: (readonly string[])[] = [];
    db.on('change', ({ tables }) => changes.push(tables));
    const found = await em.upsert(Document, rows, { by: ['code'] });
    expect(found.every(({ code, pages }, n) => code === rows[n]?.code && pages === n)).toBe(true);
    expect([changes, new Set(found.map(({ id }) => id)).size]).toEqual([[['documents']], 3000]);
  },
  'a rolled-back transaction takes it back in memory, too': {
    requires: ({ interactive }) => interactive !== 'none',
    check: async (subject) => {
      await using db = await openDocuments(subject);
      const em = db.em();
      const held = await get(em.findById(Word, 1));
      let made: Word | undefined;
      const failing = em.transaction(async (tx) => {
        [, made] = await tx.upsert(Word, [
          { id: 1, name: 'x' },
          { id: 8, name: 'y' },
        ]);
        expect([held.name, await tx.count(Word, { name: 'x' })]).toEqual(['x', 1]);
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      expect([held.name, em.changes(held).size, em.contains(made as Word)]).toEqual(['word 1', 0, false]);
      expect(await db.em().count(Word)).toBe(3);
    },
  },
};
