import { expectTypeOf, test } from 'vitest';
import { Column, Mapped } from '../../src/decorators.ts';
import { Entity, type EntityManager, integer, type LazyKeys, lazy, like, manyToOne, text } from '../../src/index.ts';

class Writer extends Entity('writers', { id: integer().primaryKey(), name: text() }) {}
class Article extends Entity('articles', {
  id: integer().primaryKey(),
  title: text(),
  body: lazy(text()),
  notes: lazy(text().nullable()),
}) {
  writer = manyToOne(() => Writer);
}

@Mapped('pages')
class Page {
  @Column(integer().primaryKey()) id!: number;
  @Column(lazy(text())) body?: string;
  // @ts-expect-error undefined is missing
  @Column(lazy(text())) wrong!: string;
}

declare const em: EntityManager;
declare const article: Article;

test('a lazy column may be undefined until it is asked for', async () => {
  expectTypeOf<LazyKeys<Article>>().toEqualTypeOf<'body' | 'notes'>();
  expectTypeOf(article.body).toEqualTypeOf<string | undefined>();
  expectTypeOf(article.notes).toEqualTypeOf<string | null | undefined>();
  // @ts-expect-error not loaded
  article.body.length;
  article.body = 'assigned without being loaded';
  const [found] = await em.find(Article, { body: like('a%') }, { also: ['body'], populate: ['writer'] });
  if (found !== undefined) {
    expectTypeOf(found.body.length).toEqualTypeOf<number>();
    expectTypeOf(found.writer.get().name).toEqualTypeOf<string>();
    expectTypeOf(found.notes).toEqualTypeOf<string | null | undefined>();
  }
  const one = await em.findById(Article, 1, { also: ['body', 'notes'] });
  expectTypeOf(one?.notes).toEqualTypeOf<string | null | undefined>();
  expectTypeOf((await em.load(article, ['body'])).body).toEqualTypeOf<string>();
  expectTypeOf((await em.load([article], ['body']))[0]?.body).toEqualTypeOf<string | undefined>();
  const page = await em.findOne(Page, { id: 1 }, { also: ['body'] });
  if (page !== null) expectTypeOf(page.body.length).toEqualTypeOf<number>();
  // @ts-expect-error no lazy column
  em.find(Article, {}, { also: ['title'] });
  // @ts-expect-error no lazy column
  em.load(article, ['writer']);
});

test('a new entity needs it like any other column', () => {
  em.create(Article, { id: 1, title: 't', body: 'b', writer: 1 });
  // @ts-expect-error the body is missing
  em.create(Article, { id: 1, title: 't', writer: 1 });
  // @ts-expect-error undefined is no value
  em.create(Article, { id: 1, title: 't', body: undefined, writer: 1 });
});
