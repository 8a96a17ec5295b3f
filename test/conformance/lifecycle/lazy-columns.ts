import { expect } from 'vitest';
import {
  bytes,
  Entity,
  integer,
  json,
  lazy,
  like,
  manyToOne,
  type Persistence,
  StaleEntityError,
  subtype,
  text,
} from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { watchStatements, writing } from '../statements.ts';
import type { Subject } from '../subject.ts';
import { get } from './open-documents.ts';

class Writer extends Entity('writers', { id: integer().primaryKey(), photo: lazy(bytes().nullable()), name: text() }) {}
class Article extends Entity('articles', {
  body: lazy(text()),
  id: integer().primaryKey(),
  extra: lazy(json<{ tags: string[] }>().nullable()),
  title: text(),
  version: integer().version(),
}) {
  writer = manyToOne(() => Writer);
}
class Report extends subtype(Article, 'report', { annex: lazy(text()), pages: integer() }) {}

const open = async (subject: Subject): Promise<Persistence> => {
  const db = await subject.open([Writer, Article, Report]);
  const em = db.em();
  const writer = em.create(Writer, { id: 1, name: 'Ada', photo: new Uint8Array([1, 2]) });
  em.create(Article, { id: 1, title: 'one', body: 'b1', extra: { tags: ['x'] }, writer });
  em.create(Article, { id: 2, title: 'two', body: 'b2', writer });
  em.create(Report, { id: 3, title: 'three', body: 'b3', annex: 'a3', pages: 7, writer });
  await em.flush();
  return db;
};

export const lazyColumnLaws: Laws = {
  'a find does not read a lazy column, and also brings it in one further statement': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const statements = watchStatements(db);
    const [first] = await em.find(Article, {}, { orderBy: { id: 'asc' }, populate: ['writer'], limit: 2 });
    expect(statements.texts.join()).not.toMatch(/body|extra|annex|photo/);
    expect([first?.title, first?.body, first?.extra, first?.writer.get().photo]).toEqual([
      'one',
      undefined,
      undefined,
      undefined,
    ]);
    expect([first?.version, first?.writer.get().name, JSON.parse(JSON.stringify(first)).title]).toEqual([
      1,
      'Ada',
      'one',
    ]);
    expect(JSON.stringify(first)).not.toMatch(/body|extra/);
    statements.reset();
    const found = await em.find(Article, {}, { orderBy: { id: 'asc' }, also: ['body'] });
    expect(found.map(({ body, extra }) => [body, extra])).toEqual([
      ['b1', undefined],
      ['b2', undefined],
      ['b3', undefined],
    ]);
    expect(statements.texts.filter((texts) => texts.includes('body'))).toHaveLength(1);
    statements.reset();
    await em.find(Article, { body: like('b%') }, { also: ['body'], orderBy: { body: 'desc' } });
    expect(statements.texts).toHaveLength(1);
    await em.flush();
    expect(statements.texts).toHaveLength(1);
    const report = await get(db.em().findById(Report, 3, { also: ['annex', 'body'] }));
    expect([report.annex, report.body, report.extra, report.pages]).toEqual(['a3', 'b3', undefined, 7]);
  },
  'load brings lazy columns of one entity or several, NULL as null': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const articles = await em.find(Article, {}, { orderBy: { id: 'asc' } });
    const [first, second] = articles;
    if (first === undefined || second === undefined) throw new Error('no rows');
    expect((await em.load(first, ['extra'])).extra).toEqual({ tags: ['x'] });
    expect([first.body, second.extra]).toEqual([undefined, undefined]);
    const statements = watchStatements(db);
    const loaded = await em.load(articles, ['body', 'extra']);
    expect(loaded.map(({ body, extra }) => [body, extra])).toEqual([
      ['b1', { tags: ['x'] }],
      ['b2', null],
      ['b3', null],
    ]);
    expect(statements.texts.filter((texts) => texts.includes('SELECT'))).toHaveLength(2);
    await em.load(articles, ['body']);
    await em.flush();
    expect(writing(statements.texts)).toEqual([]);
    const writer = await em.load(await get(em.findById(Writer, 1)), ['photo']);
    expect(writer.photo).toEqual(new Uint8Array([1, 2]));
    const other = db.em();
    await expectCode(() => other.load(first, ['body']), 'validation');
    await expectCode(() => em.load(first, ['title' as never]), 'validation');
    await expectCode(() => em.find(Article, {}, { also: ['annex' as never] }), 'validation');
    await expectCode(() => em.find(Article, {}, { also: 'body' as never }), 'validation');
    const remover = db.em();
    remover.remove(await get(remover.findById(Article, 2)));
    await remover.flush();
    const stale = await get(db.em().findById(Article, 1));
    expect(stale.body).toBeUndefined();
  },
  'an unloaded column is written only when it was assigned': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [first, second] = await em.find(Article, {}, { orderBy: { id: 'asc' } });
    if (first === undefined || second === undefined) throw new Error('no rows');
    const statements = watchStatements(db);
    first.title = 'uno';
    await em.flush();
    expect(writing(statements.texts).join()).not.toMatch(/body|extra/);
    first.body = 'new';
    first.extra = null;
    expect([...em.changes(first)]).toEqual(
      [
        ['body', { before: undefined, after: 'new' }],
        ['extra', { before: undefined, after: null }],
      ].sort(),
    );
    // What was assigned is not overwritten by what is loaded.
    expect((await em.load(first, ['body'])).body).toBe('new');
    em.revert(second);
    expect(second.body).toBeUndefined();
    second.body = 'edited';
    em.revert(second);
    expect([second.body, em.changes(second).size]).toEqual([undefined, 0]);
    await em.flush();
    statements.reset();
    await em.flush();
    expect(statements.texts).toEqual([]);
    const read = await db.em().find(Article, {}, { also: ['body', 'extra'], orderBy: { id: 'asc' } });
    expect(read.map(({ body, extra, title }) => [title, body, extra])).toEqual([
      ['uno', 'new', null],
      ['two', 'b2', null],
      ['three', 'b3', null],
    ]);
    em.revert(first);
    first.body = 'again';
    await em.flush();
    expect((await get(db.em().findById(Article, 1, { also: ['body'] }))).body).toBe('again');
  },
  'merge, refresh and upsert leave what is not loaded as it is': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const merged = await em.merge(Article, { id: 1, title: 'merged' });
    await em.flush();
    expect([merged.body, merged.title]).toEqual([undefined, 'merged']);
    const detached = await get(db.em().findById(Article, 2));
    detached.title = 'from elsewhere';
    expect((await em.merge(detached)).body).toBeUndefined();
    await em.flush();
    await em.load(merged, ['body']);
    const other = db.em();
    const theirs = await get(other.findById(Article, 1));
    theirs.body = 'theirs';
    await other.flush();
    await em.refresh(merged);
    expect([merged.body, merged.extra, em.changes(merged).size]).toEqual(['theirs', undefined, 0]);
    await other.refresh(theirs);
    expect(theirs.body).toBe('theirs');
    const bodies = async () =>
      (await db.em().find(Article, {}, { also: ['body'], orderBy: { id: 'asc' } })).map(({ body }) => body);
    expect(await bodies()).toEqual(['theirs', 'b2', 'b3']);
    await em.upsert(Writer, { id: 1, name: 'Eve' });
    expect((await get(db.em().findById(Writer, 1, { also: ['photo'] }))).photo).toEqual(new Uint8Array([1, 2]));
  },
  'a transaction that is tried again has the lazy columns that were loaded before': {
    requires: ({ interactive }) => interactive === 'session',
    check: async (subject) => {
      await using db = await open(subject);
      const em = db.em();
      const article = await get(em.findById(Article, 1, { also: ['body'] }));
      let tries = 0;
      const bodies: unknown[] = [];
      const work = async (): Promise<void> => {
        tries += 1;
        bodies.push(article.body, article.extra);
        if (tries === 1) throw new StaleEntityError('once more', { rows: [] });
      };
      await em.transaction(work, { retry: { attempts: 2, codes: ['stale-entity'], backoff: 1 } });
      expect([tries, bodies]).toEqual([2, ['b1', undefined, 'b1', undefined]]);
    },
  },
  'a new entity needs its lazy columns, and has them': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const article = em.create(Article, { id: 9, title: 'nine', body: 'b9', writer: 1 });
    await em.flush();
    expect([article.body, article.extra]).toEqual(['b9', null]);
    article.body = 'c9';
    await em.flush();
    expect((await get(db.em().findById(Article, 9, { also: ['body'] }))).body).toBe('c9');
    em.create(Article, { id: 10, title: 'ten', writer: 1 } as never);
    expect(await expectCode(() => em.flush(), 'validation')).toHaveProperty('property', 'body');
  },
};
