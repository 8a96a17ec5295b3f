import { expectTypeOf, test } from 'vitest';
import type {
  Collection,
  EntityManager,
  Loaded,
  LoadedCollection,
  LoadedOptionalRef,
  LoadedRef,
  OptionalRef,
  Path,
  Ref,
} from '../../src/index.ts';
import { Author, Novel, Order, Post, type Profile, type Tag } from './model.ts';

declare const em: EntityManager;
declare const plain: Post;

test('recursive classes infer their relations without annotations', () => {
  expectTypeOf<Post['author']>().toEqualTypeOf<Ref<Author>>();
  expectTypeOf<Post['editor']>().toEqualTypeOf<OptionalRef<Author>>();
  expectTypeOf<Post['tags']>().toEqualTypeOf<Collection<Tag>>();
  expectTypeOf<Author['posts']>().toEqualTypeOf<Collection<Post>>();
  expectTypeOf<Author['profile']>().toEqualTypeOf<OptionalRef<Profile>>();
  expectTypeOf<Novel['sequel']>().toEqualTypeOf<OptionalRef<Novel>>();
});

test('a relation that is not loaded cannot be read', () => {
  expectTypeOf(plain.author.load()).toEqualTypeOf<Promise<Author>>();
  expectTypeOf(plain.editor.load()).toEqualTypeOf<Promise<Author | null>>();
  expectTypeOf(plain.tags.load()).toEqualTypeOf<Promise<readonly Tag[]>>();
  // @ts-expect-error not loaded
  plain.author.get();
  // @ts-expect-error not loaded
  plain.editor.get();
  // @ts-expect-error not loaded
  plain.tags.at(0);
  // @ts-expect-error not loaded
  plain.tags.length;
  // @ts-expect-error not loaded
  plain.tags.toArray();
  // @ts-expect-error not loaded
  for (const tag of plain.tags) tag.name;
  // @ts-expect-error an entity stands behind load(), not in the relation itself
  plain.author.name;
});

test('relations can be changed whether they are loaded or not', () => {
  plain.author.set(new Author());
  plain.editor.set(null);
  // @ts-expect-error a relation that is never empty
  plain.author.set(null);
  // @ts-expect-error an entity of another class
  plain.author.set(new Order());
  // @ts-expect-error a key is no entity
  plain.author.set(1);
  // @ts-expect-error an item of another class
  plain.tags.add(new Author());
  // @ts-expect-error the relation object itself stays
  plain.author.id = 2;
});

test('populated relations can be read, as deep as they were populated', async () => {
  const posts = await em.find(Post, {}, { populate: ['author.posts', 'author.profile', 'tags', 'editor'] });
  const [post] = posts;
  if (post === undefined) return;
  expectTypeOf(post.author.get().name).toEqualTypeOf<string>();
  expectTypeOf(post.author.get().posts.at(0)?.title).toEqualTypeOf<string | undefined>();
  expectTypeOf(post.author.get().profile.get()?.site).toEqualTypeOf<string | undefined>();
  expectTypeOf(post.editor.get()?.initials).toEqualTypeOf<string | undefined>();
  expectTypeOf(post.tags.length).toEqualTypeOf<number>();
  for (const tag of post.tags) expectTypeOf(tag.name).toEqualTypeOf<string>();
  expectTypeOf(post.author.id).toEqualTypeOf<number>();
  // @ts-expect-error the editor may be missing
  post.editor.get().name;
  // @ts-expect-error the author's edited posts were not populated
  post.author.get().edited.at(0);
  // @ts-expect-error the posts of the author were populated, their tags were not
  post.author.get().posts.at(0)?.tags.at(0);
});

test('a populated entity is still an entity of its class', async () => {
  const takesPost = (post: Post): string => post.title;
  const post = await em.findOne(Post, {}, { populate: ['author.posts.tags'] });
  if (post !== null) expectTypeOf(takesPost(post)).toEqualTypeOf<string>();
});

test('a loaded relation is one of the three loaded kinds', () => {
  expectTypeOf<Loaded<Post, 'author'>['author']>().toExtend<LoadedRef<Author>>();
  expectTypeOf<Loaded<Post, 'editor'>['editor']>().toExtend<LoadedOptionalRef<Author>>();
  expectTypeOf<Loaded<Post, 'tags'>['tags']>().toExtend<LoadedCollection<Tag>>();
  expectTypeOf<Loaded<Post, never>>().toEqualTypeOf<Post>();
});

test('only paths of relations can be populated', () => {
  expectTypeOf<'author.posts.tags.posts'>().toExtend<Path<Post>>();
  expectTypeOf<'sequel.author'>().toExtend<Path<Novel>>();
  expectTypeOf<'title'>().not.toExtend<Path<Post>>();
  expectTypeOf<'author.name'>().not.toExtend<Path<Post>>();
  // @ts-expect-error no such path
  em.find(Post, {}, { populate: ['nope'] });
  // @ts-expect-error a column is no path
  em.find(Post, {}, { populate: ['title'] });
  // @ts-expect-error no such relation of an author
  em.find(Post, {}, { populate: ['author.tags'] });
  // @ts-expect-error a relation of a subtype only
  em.findOne(Post, {}, { populate: ['sequel'] });
});

test('every way to read gives the loaded type', async () => {
  const found = await em.findById(Post, 1, { populate: ['author'] });
  expectTypeOf(found?.author.get().name).toEqualTypeOf<string | undefined>();
  const unloaded = await em.findById(Post, 1);
  expectTypeOf(unloaded).toEqualTypeOf<Post | null>();
  const novels = await em.find(Novel, { pages: 3 }, { populate: ['sequel.author'] });
  expectTypeOf(novels[0]?.sequel.get()?.author.get().name).toEqualTypeOf<string | undefined>();
  expectTypeOf(em.count(Post)).toEqualTypeOf<Promise<number>>();
  expectTypeOf(em.exists(Post, { title: 'x' })).toEqualTypeOf<Promise<boolean>>();
});
