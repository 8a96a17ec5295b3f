import { expectTypeOf, test } from 'vitest';
import { Column, ManyToMany, ManyToOne, Mapped, OneToMany, OneToOne, Subtype } from '../../src/decorators.ts';
import {
  type Collection,
  datetime,
  type EntityManager,
  enumeration,
  eq,
  type Generated,
  gt,
  integer,
  json,
  type Keyed,
  type KeyOf,
  like,
  type OptionalRef,
  type Ref,
  some,
  text,
} from '../../src/index.ts';

interface Settings {
  theme: string;
}

@Mapped('authors')
class Author {
  @Column(integer().primaryKey().generated()) id!: Generated<number>;
  @Column(text()) name!: string;
  @Column(text().nullable()) bio!: string | null;
  @Column(text({ values: ['admin', 'writer'] }).default('writer')) role!: Generated<'admin' | 'writer'>;
  @Column(json<Settings>()) settings!: Settings;
  @Column(datetime().defaultNow()) createdAt!: Generated<Date>;
  @OneToMany(
    () => Post,
    (post) => post.author,
    { cascade: ['persist'] },
  )
  posts!: Collection<Post>;
  get initials(): string {
    return this.name.slice(0, 1);
  }
}

@Mapped('posts')
class Post {
  @Column(integer().primaryKey().generated()) id!: Generated<number>;
  @Column(text()) title!: string;
  @ManyToOne(() => Author) author!: Ref<Author>;
  @ManyToOne(() => Author, { nullable: true }) editor!: OptionalRef<Author>;
  @ManyToMany(() => Tag, { through: 'post_tags' }) tags!: Collection<Tag>;
  @OneToOne(() => Post) sequel!: OptionalRef<Post>;
}

@Subtype('novel')
class Novel extends Post {
  @Column(integer()) pages!: number;
}

// How a class whose key is not its `id` tells the key's type.
// biome-ignore lint/correctness/noUnusedVariables: it merges with the class below
interface Tag extends Keyed<string> {}
@Mapped('tags')
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the same
class Tag {
  @Column(text().primaryKey()) name!: string;
  @ManyToMany(() => Post, { inverse: (post) => post.tags }) posts!: Collection<Post>;
}

declare const em: EntityManager;
declare const ada: Author;

test('a column of the decorated form is a plain value to read and to write', () => {
  const id: number = ada.id;
  const role: 'admin' | 'writer' = ada.role;
  expectTypeOf(id + 1).toEqualTypeOf<number>();
  expectTypeOf(role).toEqualTypeOf<'admin' | 'writer'>();
  expectTypeOf(ada.createdAt.getTime()).toEqualTypeOf<number>();
  expectTypeOf(ada.bio).toEqualTypeOf<string | null>();
  ada.id = 2;
  ada.role = 'admin';
  ada.createdAt = new Date();
  // @ts-expect-error none of the declared values
  ada.role = 'guest';
});

test('generated and nullable columns are optional in create', () => {
  em.create(Author, { name: 'Ada', settings: { theme: 'dark' } });
  em.create(Author, {
    id: 1,
    name: 'Ada',
    bio: 'x',
    role: 'admin',
    settings: { theme: 'dark' },
    createdAt: new Date(),
  });
  em.create(Post, { title: 'Notes', author: ada, tags: [em.create(Tag, { name: 'x' })] });
  em.create(Post, { title: 'Notes', author: 7, editor: null });
  em.create(Novel, { title: 'Emma', author: ada, pages: 474 });
  // @ts-expect-error the settings are required
  em.create(Author, { name: 'Ada' });
  // @ts-expect-error a value of another type
  em.create(Author, { name: 1, settings: { theme: 'dark' } });
  // @ts-expect-error a generated column of another type
  em.create(Author, { id: '1', name: 'Ada', settings: { theme: 'dark' } });
  // @ts-expect-error the author is required
  em.create(Post, { title: 'Notes' });
  // @ts-expect-error the pages are required
  em.create(Novel, { title: 'Emma', author: ada });
});

@Mapped('notes')
class Note {
  @Column(integer().primaryKey()) readonly id!: number;
  @Column(text()) body!: string;
  cached?: string;
  #secret = 1;
  private hits = 0;
  get length(): number {
    return this.body.length + this.#secret + this.hits;
  }
}

test('what is no column is never required by create', () => {
  em.create(Note, { id: 1, body: 'x' });
  em.find(Note, { id: 1 });
  // @ts-expect-error the body is required
  em.create(Note, { id: 1 });
  // @ts-expect-error a private field is no column
  em.find(Note, { hits: 1 });
});

test('keys, criteria and loading type as in the inferred form', async () => {
  expectTypeOf<KeyOf<Tag>>().toEqualTypeOf<string>();
  em.findById(Author, 1);
  em.findById(Tag, 'x');
  // @ts-expect-error wrong key type
  em.findById(Author, 'x');
  // @ts-expect-error wrong type of a key that is not `id`
  em.findById(Tag, 1);
  em.find(Author, { id: gt(1), name: like('A%'), settings: eq({ theme: 'dark' }), bio: null });
  em.find(Post, { author: { name: 'Ada' }, editor: null, tags: some<Tag>({ name: 'x' }) });
  // @ts-expect-error wrong operator type
  em.find(Author, { name: gt(3) });
  // @ts-expect-error a to-many relation without a quantifier
  em.find(Post, { tags: { name: 'x' } });
  // @ts-expect-error a JSON column without eq()
  em.find(Author, { settings: { theme: 'dark' } });
  const posts = await em.find(Post, {}, { populate: ['author.posts', 'tags', 'sequel'] });
  expectTypeOf(posts[0]?.author.get().posts.at(0)?.title).toEqualTypeOf<string | undefined>();
  expectTypeOf(posts[0]?.sequel.get()?.title).toEqualTypeOf<string | undefined>();
  const [plain] = await em.find(Novel, { pages: gt(1) });
  // @ts-expect-error not loaded
  plain?.author.get();
});

test('a field of the wrong type does not compile', () => {
  class Wrong {
    // @ts-expect-error a number for a text
    @Column(text()) name!: number;
    // @ts-expect-error a text for a number, marked or not
    @Column(integer()) age!: Generated<string>;
    // @ts-expect-error null for a column that is never NULL
    @Column(text()) bio!: string | null;
    // @ts-expect-error a column that may be NULL without null
    @Column(text().nullable()) note!: string;
    // @ts-expect-error wider than the declared values
    @Column(text({ values: ['a', 'b'] })) kind!: string;
    // @ts-expect-error another shape of JSON
    @Column(json<Settings>()) settings!: { theme: number };
    // @ts-expect-error a number is no column
    @Column(1) one!: number;
  }
  return Wrong;
});

test('a relation of the wrong type does not compile', () => {
  class Wrong {
    // @ts-expect-error another class
    @ManyToOne(() => Author) tag!: Ref<Tag>;
    // @ts-expect-error a relation that is never empty
    @ManyToOne(() => Author) author!: OptionalRef<Author>;
    // @ts-expect-error a relation that may be empty
    @ManyToOne(() => Author, { nullable: true }) editor!: Ref<Author>;
    // @ts-expect-error one for many
    @ManyToMany(() => Tag) tags!: Ref<Tag>;
    // @ts-expect-error many of another class
    @ManyToMany(() => Tag) posts!: Collection<Post>;
    // @ts-expect-error a one-to-one relation may be empty
    @OneToOne(() => Post) post!: Ref<Post>;
  }
  return Wrong;
});

test('an inverse side that points elsewhere does not compile', () => {
  const titleOf = (post: Post): string => post.title;
  class Wrong {
    wrong = 1;
    // @ts-expect-error the posts' author is an Author, not this class
    @OneToMany(
      () => Post,
      (post) => post.author,
    )
    posts!: Collection<Post>;
    // @ts-expect-error no relation at all
    @OneToMany(() => Post, titleOf) titles!: Collection<Post>;
    // @ts-expect-error the other class's relation
    @OneToMany(
      () => Post,
      (post) => post.editor,
    )
    edited!: Collection<Post>;
  }
  return Wrong;
});

@Mapped('bills')
class Bill {
  @Column(integer().primaryKey().generated()) id!: Generated<number>;
  @Column(integer()) price!: number;
  @Column(integer().generatedAs('price * 2')) readonly total!: number;
  @Column(text().databaseDefault("'new'")) state!: Generated<string>;
  @Column(datetime().onUpdateNow()) updatedAt!: Generated<Date>;
  @Column(enumeration('a', 'b')) kind!: 'a' | 'b';
}

test('what the database gives or computes, and instants of updates, may be left out', () => {
  const bill = em.create(Bill, { price: 1, kind: 'a' });
  expectTypeOf(bill.total).toEqualTypeOf<number>();
  em.create(Bill, { price: 1, kind: 'b', state: 'old', updatedAt: new Date() });
  // @ts-expect-error the database computes it
  bill.total = 3;
  // @ts-expect-error none of the values
  em.create(Bill, { price: 1, kind: 'c' });
  // @ts-expect-error the kind is required
  em.create(Bill, { price: 1 });
});
