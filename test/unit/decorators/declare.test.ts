import { describe, expect, it } from 'vitest';
import { Column, ManyToMany, ManyToOne, Mapped, OneToMany, OneToOne, Subtype } from '../../../src/decorators.ts';
import { type EntityClass, integer, text } from '../../../src/index.ts';
import { refusalOf, registryOf, relationOf } from '../../support/registry-of.ts';

// What compilers make of a decorator: a call with a context. Nothing more of the context is used than the name, so that
// no compiler's idea of `metadata` or `access` matters; what they emit is run by decorated-form.test.ts.
type Decorator = (value: never, context: never) => unknown;
const onField = (decorator: Decorator, name: string | symbol): unknown =>
  decorator(undefined as never, { name } as never);
const onClass = (decorator: Decorator, target: EntityClass): void =>
  void decorator(target as never, { kind: 'class' } as never);
const initial = (decorator: Decorator, name: string): unknown =>
  (onField(decorator, name) as (value: unknown) => unknown)(undefined);

class Author {
  id = undefined;
  name = undefined;
  posts = initial(
    OneToMany(
      () => Post,
      (post) => post.author as never,
    ) as Decorator,
    'posts',
  );
}
onField(Column(integer().primaryKey().generated()) as Decorator, 'id');
onField(Column(text()) as Decorator, 'name');
onClass(Mapped('authors', { indexes: [{ properties: ['name'] }] }) as Decorator, Author);

class Post {
  id = undefined;
  author = initial(ManyToOne(() => Author) as Decorator, 'author');
  editor = initial(ManyToOne(() => Author, { nullable: true }) as Decorator, 'editor');
  next = initial(OneToOne(() => Post) as Decorator, 'next');
  similar = initial(ManyToMany(() => Post, { through: 'similar' }) as Decorator, 'similar');
}
onField(Column(integer().primaryKey()) as Decorator, 'id');
onClass(Mapped('posts') as Decorator, Post);

class Novel extends Post {
  pages = undefined;
}
onField(Column(integer()) as Decorator, 'pages');
onClass(Subtype('novel') as Decorator, Novel);

describe('what decorators declare', () => {
  const registry = registryOf(Author, Post, Novel);

  it('is the metadata of the inferred form', () => {
    const author = registry.get(Author);
    expect([...author.properties.keys()]).toEqual(['id', 'name']);
    expect(author.indexes).toEqual([{ columns: ['name'], unique: false }]);
    const post = registry.get(Post);
    expect([...post.relations.values()].map(({ property, kind, nullable }) => [property, kind, nullable])).toEqual([
      ['author', 'to-one', false],
      ['editor', 'to-one', true],
      ['next', 'to-one', true],
      ['similar', 'link', false],
    ]);
    expect(relationOf(author, 'posts').inverse).toBe(relationOf(post, 'author'));
    expect(registry.links.map(({ table }) => table)).toEqual(['similar']);
    expect(registry.get(Novel).ownColumns.map(({ name }) => name)).toContain('pages');
    expect(registry.get(Novel).discriminator?.value).toBe('novel');
  });

  it('gives the class a toJSON that does not show among its properties', () => {
    const author = Object.assign(new Author(), { id: 1, name: 'Ada' });
    expect(JSON.stringify(author)).toBe('{"id":1,"name":"Ada"}');
    expect(Object.keys(Author.prototype)).toEqual([]);
  });

  it('leaves nothing for the next class', () => {
    class Other {
      id = undefined;
    }
    onField(Column(integer().primaryKey()) as Decorator, 'id');
    onClass(Mapped('others') as Decorator, Other);
    expect([...registryOf(Other).get(Other).properties.keys()]).toEqual(['id']);
  });

  it('is refused for symbols, for what is no column, and for a subtype of nothing', () => {
    const column = Column(text()) as Decorator;
    expect(refusalOf(() => onField(column, Symbol('x')))).toMatchObject({ code: 'configuration' });
    expect(refusalOf(() => onField(Column('text' as never) as Decorator, 'x'))).toMatchObject({
      code: 'configuration',
    });
    expect(refusalOf(() => onClass(Subtype('x') as Decorator, class {}))).toMatchObject({ code: 'configuration' });
  });
});
