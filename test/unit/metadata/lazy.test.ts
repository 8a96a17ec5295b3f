import { describe, expect, it } from 'vitest';
import {
  type AnyColumn,
  Embeddable,
  Entity,
  embedded,
  integer,
  lazy,
  manyToOne,
  softDelete,
  subtype,
  text,
} from '../../../src/index.ts';
import { type Refusal, refusalOf, registryOf } from '../../support/registry-of.ts';

const id = { id: integer().primaryKey() };
const refused = (columns: Record<string, AnyColumn>): Refusal =>
  refusalOf(() => registryOf(class extends Entity('things', { ...id, ...columns }) {}));

describe('lazy columns', () => {
  it('stand behind all others in the rows of a table, those of subtypes too', () => {
    class Post extends Entity('posts', { body: lazy(text()), ...id, title: text() }) {
      next = manyToOne(() => Post, { nullable: true });
    }
    class Novel extends subtype(Post, 'novel', { annex: lazy(text()), pages: integer() }) {}
    const registry = registryOf(Post, Novel);
    const { columns, eager, primaryKey, discriminator } = registry.get(Post);
    expect(columns.map(({ property }) => property)).toEqual(['id', 'title', 'pages', 'next', 'type', 'body', 'annex']);
    expect(columns.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(eager).toEqual(columns.slice(0, 5));
    expect([primaryKey[0]?.index, discriminator?.column.index]).toEqual([0, 4]);
    const novel = registry.get(Novel);
    expect([...novel.properties.values()].map(({ property, index }) => [property, index])).toEqual([
      ['body', 5],
      ['id', 0],
      ['title', 1],
      ['annex', 6],
      ['pages', 2],
    ]);
    expect(novel.relations.get('next')?.columns[0]?.index).toBe(3);
  });

  it.each<[string, AnyColumn]>([
    ['a key', lazy(text()).primaryKey()],
    ['a unique value', lazy(text()).unique()],
    ['a version', lazy(integer()).version()],
    ['softDelete()', lazy(softDelete())],
    ['a column of an embedded value', embedded(class extends Embeddable({ a: lazy(text()) }) {})],
  ])('cannot be %s', (_title, column) => {
    expect(refused({ a: column })).toMatchObject({ code: 'configuration', entity: 'things' });
  });

  it('cannot be embedded values', () => {
    class Address extends Embeddable({ city: text() }) {}
    expect(refusalOf(() => lazy(embedded(Address)))).toMatchObject({ code: 'configuration' });
  });
});
