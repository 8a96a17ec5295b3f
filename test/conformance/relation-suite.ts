import { describe, expect } from 'vitest';
import type { EntityManager, Persistence } from '../../src/index.ts';
import { some, startsWith, toPlain } from '../../src/index.ts';
import type { Capabilities } from '../../src/port.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import { Author, Comment, library, Post, Profile, Tag, Topic } from './model/library.ts';
import { watchStatements } from './statements.ts';
import type { Subject } from './subject.ts';

const profileId = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Ten authors with three posts each, of which each has two comments and two of five tags; odd authors have a profile. */
async function openLibrary(subject: Subject): Promise<Persistence> {
  const db = await subject.open(library);
  const em = db.em();
  const tags = Array.from({ length: 5 }, (_, t) => em.create(Tag, { name: `tag ${t}` }));
  for (let a = 0; a < 10; a += 1) {
    const author = em.create(Author, { name: `author ${a}` });
    if (a % 2 === 1) em.create(Profile, { id: profileId(a), site: `site ${a}`, author });
    for (let p = 0; p < 3; p += 1) {
      const post = em.create(Post, {
        title: `post ${a}.${p}`,
        author,
        tags: [p, p + 1].flatMap((t) => tags[t] ?? []),
        ...(p === 0 ? { editor: author } : {}),
      });
      for (let c = 0; c < 2; c += 1) em.create(Comment, { body: `comment ${a}.${p}.${c}`, post });
    }
  }
  await em.flush();
  return db;
}

async function one<T>(found: Promise<T | null>): Promise<T> {
  const entity = await found;
  if (entity === null) throw new Error('not found');
  return entity;
}

// Where a round trip costs, a graph is one batch, which does not know what is in memory.
const levelByLevel = ({ batch, roundTrip }: Capabilities): boolean => batch === 'none' || roundTrip === 'local';

const byId = { orderBy: { id: 'asc' } } as const;

const populating: Laws = {
  'a to-one relation is there after populate': async (subject) => {
    await using db = await openLibrary(subject);
    const posts = await db.em().find(Post, {}, { populate: ['author', 'editor'], ...byId });
    expect(posts).toHaveLength(30);
    expect(posts.map((post) => post.author.get().name)).toEqual(
      posts.map((_, index) => `author ${Math.floor(index / 3)}`),
    );
    expect(posts.slice(0, 2).map((post) => post.editor.get()?.name)).toEqual(['author 0', undefined]);
  },
  'a to-one relation of a short result is read with it in one statement': async (subject) => {
    await using db = await openLibrary(subject);
    const statements = watchStatements(db);
    const posts = await db.em().find(Post, {}, { populate: ['author', 'editor'], limit: 4, ...byId });
    expect(posts.map((post) => [post.author.get().name, post.editor.get()?.name ?? null])).toEqual([
      ['author 0', 'author 0'],
      ['author 0', null],
      ['author 0', null],
      ['author 1', 'author 1'],
    ]);
    expect(statements.texts).toHaveLength(1);
  },
  'criteria over a relation and its population share the join': async (subject) => {
    await using db = await openLibrary(subject);
    const statements = watchStatements(db);
    const found = await db
      .em()
      .find(Post, { author: { name: 'author 7' } }, { populate: ['author'], limit: 10, ...byId });
    expect(found.map((post) => post.author.get().name)).toEqual(['author 7', 'author 7', 'author 7']);
    expect(statements.texts).toHaveLength(1);
    expect(statements.texts[0]?.match(/JOIN/g)).toHaveLength(1);
  },
  'a to-many relation is there after populate, in the order of keys': async (subject) => {
    await using db = await openLibrary(subject);
    const authors = await db.em().find(Author, {}, { populate: ['posts'], ...byId });
    expect(authors.map((author) => author.posts.toArray().map((post) => post.title))).toEqual(
      authors.map((_, a) => [0, 1, 2].map((p) => `post ${a}.${p}`)),
    );
    expect(authors[0]?.posts.at(-1)?.title).toBe('post 0.2');
    expect(authors[0]?.posts.length).toBe(3);
    expect([...(authors[0]?.posts ?? [])]).toHaveLength(3);
  },
  'a many-to-many relation is there after populate, from both ends': async (subject) => {
    await using db = await openLibrary(subject);
    const posts = await db.em().find(Post, { author: 1 }, { populate: ['tags'], ...byId });
    expect(posts.map((post) => post.tags.toArray().map((tag) => tag.name))).toEqual([
      ['tag 0', 'tag 1'],
      ['tag 1', 'tag 2'],
      ['tag 2', 'tag 3'],
    ]);
    const tags = await db.em().find(Tag, {}, { populate: ['posts'], ...byId });
    expect(tags.map((tag) => tag.posts.length)).toEqual([10, 20, 20, 10, 0]);
  },
  'both sides of a one-to-one are there after populate': async (subject) => {
    await using db = await openLibrary(subject);
    const authors = await db.em().find(Author, {}, { populate: ['profile'], ...byId });
    expect(authors.map((author) => author.profile.get()?.site ?? null).slice(0, 4)).toEqual([
      null,
      'site 1',
      null,
      'site 3',
    ]);
    const profiles = await db.em().find(Profile, {}, { populate: ['author.profile'], ...byId });
    expect(profiles.map((profile) => profile.author.get()?.name)).toEqual([1, 3, 5, 7, 9].map((a) => `author ${a}`));
    expect(profiles.every((profile) => profile.author.get()?.profile.get() === profile)).toBe(true);
  },
  'paths go down several levels, with one statement for each kind of row': {
    requires: levelByLevel,
    check: async (subject) => {
      await using db = await openLibrary(subject);
      const statements = watchStatements(db);
      const authors = await db
        .em()
        .find(Author, {}, { populate: ['posts.comments', 'posts.tags', 'posts.author'], ...byId });
      // Authors; posts; comments; links of tags; tags. The authors of posts are in memory already.
      expect(statements.texts).toHaveLength(5);
      const [first] = authors;
      expect(
        first?.posts
          .at(2)
          ?.comments.toArray()
          .map((comment) => comment.body),
      ).toEqual(['comment 0.2.0', 'comment 0.2.1']);
      expect(
        first?.posts
          .at(2)
          ?.tags.toArray()
          .map((tag) => tag.name),
      ).toEqual(['tag 2', 'tag 3']);
      expect(first?.posts.at(0)?.author.get() === first).toBe(true);
    },
  },
  'what is populated already is not asked for again': {
    requires: levelByLevel,
    check: async (subject) => {
      await using db = await openLibrary(subject);
      const em = db.em();
      await em.find(Author, {}, { populate: ['posts'] });
      const statements = watchStatements(db);
      await em.find(Author, {}, { populate: ['posts'] });
      expect(statements.texts).toHaveLength(1);
    },
  },
  'findById and findOne populate, too': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    expect((await one(em.findById(Author, 2, { populate: ['posts.tags'] }))).posts.at(0)?.tags.length).toBe(2);
    expect((await one(em.findOne(Post, { title: 'post 3.1' }, { populate: ['author'] }))).author.get().name).toBe(
      'author 3',
    );
  },
  'a table that refers to itself populates by levels': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    const root = em.create(Topic, { name: 'root' });
    const child = em.create(Topic, { name: 'child', parent: root });
    em.create(Topic, { name: 'grandchild', parent: child, similar: [root, child] });
    await em.flush();
    const [read] = await db.em().find(Topic, { name: 'root' }, { populate: ['children.children.similar'] });
    const grandchild = read?.children.at(0)?.children.at(0);
    expect(grandchild?.similar.toArray().map((topic) => topic.name)).toEqual(['root', 'child']);
  },
  'ten thousand related rows are populated in one statement': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    const author = em.create(Author, { name: 'prolific' });
    for (let n = 0; n < 10_000; n += 1) em.create(Post, { title: `post ${n}`, author });
    await em.flush();
    const statements = watchStatements(db);
    const [read] = await db.em().find(Author, {}, { populate: ['posts'] });
    expect(read?.posts.length).toBe(10_000);
    expect(statements.texts).toHaveLength(2);
  },
};

const loading: Laws = {
  'the key of a to-one relation is there at once, and null where there is none': async (subject) => {
    await using db = await openLibrary(subject);
    const statements = watchStatements(db);
    const post = await one(db.em().findById(Post, 2));
    expect([post.author.id, post.author.isLoaded, post.editor.id, post.editor.isLoaded]).toEqual([
      1,
      false,
      null,
      true,
    ]);
    expect(statements.texts).toHaveLength(1);
  },
  'load() reads a to-one relation once': async (subject) => {
    await using db = await openLibrary(subject);
    const post = await one(db.em().findById(Post, 2));
    const statements = watchStatements(db);
    expect((await post.author.load()).name).toBe('author 0');
    expect((await post.author.load()).name).toBe('author 0');
    expect(await post.editor.load()).toBeNull();
    expect(statements.texts).toHaveLength(1);
  },
  'loads that begin in one tick share a statement': async (subject) => {
    await using db = await openLibrary(subject);
    const posts = await db.em().find(Post, {}, byId);
    const statements = watchStatements(db);
    const names = await Promise.all(posts.map(async (post) => (await post.author.load()).name));
    expect(new Set(names).size).toBe(10);
    expect(statements.texts).toHaveLength(1);
    statements.reset();
    const comments = await Promise.all(posts.map((post) => post.comments.load()));
    expect(comments.flat()).toHaveLength(60);
    expect(statements.texts).toHaveLength(1);
    statements.reset();
    const tags = await Promise.all(posts.map((post) => post.tags.load()));
    expect(tags.flat()).toHaveLength(60);
    expect(statements.texts).toHaveLength(2);
  },
  'a load in a loop with await is one statement each, and right': async (subject) => {
    await using db = await openLibrary(subject);
    const authors = await db.em().find(Author, {}, byId);
    const statements = watchStatements(db);
    for (const [a, author] of authors.entries()) {
      expect((await author.posts.load()).map((post) => post.title)).toEqual([0, 1, 2].map((p) => `post ${a}.${p}`));
    }
    expect(statements.texts).toHaveLength(10);
  },
  'what is in memory needs no statement': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const author = await one(em.findById(Author, 1));
    const [post] = await em.find(Post, { author: 1 });
    const statements = watchStatements(db);
    expect(post?.author.isLoaded).toBe(true);
    expect((await post?.author.load()) === author).toBe(true);
    expect(statements.texts).toEqual([]);
  },
  'count() and matching() ask the database': async (subject) => {
    await using db = await openLibrary(subject);
    const author = await one(db.em().findById(Author, 1));
    expect(await author.posts.count()).toBe(3);
    expect((await author.posts.matching({ title: startsWith('post 0.1') })).map((post) => post.title)).toEqual([
      'post 0.1',
    ]);
    expect((await author.posts.matching({ tags: some<Tag>({ name: 'tag 3' }) })).map((post) => post.title)).toEqual([
      'post 0.2',
    ]);
    const [post] = await author.posts.matching({ title: 'post 0.0' });
    expect(await post?.tags.count()).toBe(2);
    expect((await post?.tags.matching({ name: 'tag 1' }))?.map((tag) => tag.name)).toEqual(['tag 1']);
    expect(author.posts.isLoaded).toBe(false);
  },
  'a relation that is not loaded cannot be read': async (subject) => {
    await using db = await openLibrary(subject);
    const post = await one(db.em().findById(Post, 2));
    const unsafe = post as unknown as {
      author: { get(): unknown };
      comments: { length: number; at(n: number): unknown; toArray(): unknown; [Symbol.iterator](): unknown };
    };
    await expectCode(() => unsafe.author.get(), 'validation');
    await expectCode(() => unsafe.comments.length, 'validation');
    await expectCode(() => unsafe.comments.at(0), 'validation');
    await expectCode(() => unsafe.comments.toArray(), 'validation');
    await expectCode(() => [...(unsafe.comments as Iterable<unknown>)], 'validation');
    await expectCode(() => post.comments.set([]), 'validation');
    await expectCode(() => post.comments.clear(), 'validation');
  },
  'a relation of an entity that no EntityManager knows is transaction-scope': async (subject) => {
    await using db = await openLibrary(subject);
    const post = new Post({ title: 'mine' });
    await expectCode(() => post.author.load(), 'transaction-scope');
    await expectCode(() => post.comments.load(), 'transaction-scope');
    await expectCode(() => post.comments.count(), 'transaction-scope');
    expect(await db.em().count(Post)).toBe(30);
  },
  'a collection of an entity that was cleared away does not claim to be empty': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const author = await one(em.findById(Author, 1));
    em.clear();
    for (const ask of [() => author.posts.load(), () => author.posts.count(), () => author.posts.matching({})]) {
      await expectCode(ask, 'validation');
    }
  },
  'a row that is gone is not-found': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const comment = await one(em.findById(Comment, 1));
    const other = db.em();
    other.remove(await one(other.findById(Post, 1)));
    await other.flush();
    await expectCode(() => comment.post.load(), 'not-found');
  },
  'JSON shows keys, and what is loaded of a collection': async (subject) => {
    await using db = await openLibrary(subject);
    const [post] = await db.em().find(Post, { title: 'post 1.0' }, { populate: ['tags', 'author'] });
    const expected = {
      id: 4,
      title: 'post 1.0',
      views: 0,
      publishedAt: null,
      version: 1,
      author: 2,
      editor: 2,
      tags: [1, 2],
    };
    expect(JSON.parse(JSON.stringify(post))).toEqual(expected);
    expect(toPlain(post as Post)).toEqual(expected);
    expect(structuredClone(toPlain(post as Post))).toEqual(expected);
  },
};

const oneToOne: Laws = {
  'setting the owning side shows on the inverse side, and is written': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const author = await one(em.findById(Author, 1, { populate: ['profile'] }));
    const profile = em.create(Profile, { id: profileId(100), site: 'new' });
    expect(author.profile.get()).toBeNull();
    profile.author.set(author);
    expect(author.profile.get() === profile).toBe(true);
    await em.flush();
    expect((await one(db.em().findById(Author, 1, { populate: ['profile'] }))).profile.get()?.site).toBe('new');
  },
  'setting the inverse side sets the foreign key, and is written': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const author = await one(em.findById(Author, 1, { populate: ['profile'] }));
    const profile = em.create(Profile, { id: profileId(100), site: 'new' });
    author.profile.set(profile);
    await em.flush();
    expect(profile.author.id).toBe(1);
    expect((await one(db.em().findById(Profile, profileId(100)))).author.id).toBe(1);
  },
  'taking the inverse side away empties the foreign key': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const author = await one(em.findById(Author, 2, { populate: ['profile'] }));
    author.profile.set(null);
    await em.flush();
    expect((await one(db.em().findById(Profile, profileId(1)))).author.id).toBeNull();
  },
  'giving a partner away takes it from the former one': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const [first, second] = await em.find(Author, {}, { populate: ['profile'], limit: 2, ...byId });
    const profile = second?.profile.get();
    if (first === undefined || second === undefined || profile == null) throw new Error('no profile');
    first.profile.set(profile);
    expect([first.profile.get() === profile, second.profile.get(), profile.author.id]).toEqual([true, null, first.id]);
    await em.flush();
    expect((await one(db.em().findById(Profile, profile.id))).author.id).toBe(first.id);
  },
  'taking a partner over from the owning side leaves the other owner without': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const author = await one(em.findById(Author, 2, { populate: ['profile'] }));
    const former = author.profile.get();
    const next = em.create(Profile, { id: profileId(100), site: 'next' });
    next.author.set(author);
    expect([former?.author.id, author.profile.get() === next]).toEqual([null, true]);
  },
  'a new author brings a new profile along': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const profile = new Profile({ id: profileId(200), site: 'along' });
    em.create(Author, { name: 'fresh', profile });
    expect(em.stateOf(profile)).toBe('pending');
    await em.flush();
    expect((await one(db.em().findOne(Profile, { author: { name: 'fresh' } }))).site).toBe('along');
  },
};

async function titlesOf(em: EntityManager, author: number): Promise<string[]> {
  return (await em.find(Post, { author }, byId)).map((post) => post.title);
}

const toOne: Laws = {
  'setting a to-one relation moves the row, and both collections see it': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const [a, b] = await em.find(Author, {}, { populate: ['posts'], limit: 2, ...byId });
    const post = a?.posts.at(1);
    if (a === undefined || b === undefined || post === undefined) throw new Error('no posts');
    post.author.set(b);
    expect([a.posts.length, b.posts.length, b.posts.at(3) === post, post.author.id]).toEqual([2, 4, true, 2]);
    await em.flush();
    expect(await titlesOf(db.em(), 1)).toEqual(['post 0.0', 'post 0.2']);
    expect(await titlesOf(db.em(), 2)).toEqual(['post 0.1', 'post 1.0', 'post 1.1', 'post 1.2']);
  },
  'a collection that is loaded later sees unflushed moves': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const [a, b] = await em.find(Author, {}, { limit: 2, ...byId });
    const post = await one(em.findById(Post, 2));
    if (a === undefined || b === undefined) throw new Error('no authors');
    post.author.set(b);
    expect((await a.posts.load()).map(({ title }) => title)).toEqual(['post 0.0', 'post 0.2']);
    expect((await b.posts.load()).map(({ title }) => title).sort()).toEqual([
      'post 0.1',
      'post 1.0',
      'post 1.1',
      'post 1.2',
    ]);
  },
  'an unflushed edit of another relation keeps the order of a collection': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const post = await one(em.findById(Post, 1));
    post.editor.set(null);
    const author = await one(em.findById(Author, 1));
    expect((await author.posts.load()).map(({ title }) => title)).toEqual(['post 0.0', 'post 0.1', 'post 0.2']);
  },
  'a related entity that is not persisted is refused by name, without cascade': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const post = await one(em.findById(Post, 1));
    post.editor.set(new Author({ name: 'nobody' }));
    const error = await expectCode(() => em.flush(), 'validation');
    expect(error).toMatchObject({ entity: 'posts', property: 'editor' });
  },
  'a related object of another class is refused by name': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const post = await one(em.findById(Post, 1));
    const tag = await one(em.findById(Tag, 1));
    await expectCode(async () => {
      post.author.set(tag as never);
      await em.flush();
    }, 'validation');
    await expectCode(() => post.author.set(7 as never), 'validation');
    await expectCode(() => em.create(Post, { title: 'x', author: tag as never }), 'validation');
  },
  'a relation that must not be empty refuses null': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const post = await one(em.findById(Post, 1));
    post.author.set(null as never);
    const error = await expectCode(() => em.flush(), 'validation');
    expect(error).toMatchObject({ entity: 'posts', property: 'author' });
    const orphan = db.em();
    orphan.create(Post, { title: 'x' } as never);
    await expectCode(() => orphan.flush(), 'validation');
  },
  'an entity of another EntityManager is refused': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const post = await one(em.findById(Post, 1));
    post.author.set(await one(db.em().findById(Author, 3)));
    await expectCode(() => em.flush(), 'validation');
  },
  'a new entity can be given the key of a row that is not loaded': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const post = em.create(Post, { title: 'by key', author: 3 });
    expect(post.author.id).toBe(3);
    await em.flush();
    expect((await post.author.load()).name).toBe('author 2');
    const missing = db.em();
    missing.create(Post, { title: 'dangling', author: 999 });
    await expectCode(() => missing.flush(), 'foreign-key-violation');
  },
};

/** Relations as they are read, loaded, set and written. */
export function relationSuite(subject: Subject): void {
  describe(`${subject.name}: relations`, () => {
    registerLaws(subject, 'relations', { ...populating, ...loading, ...oneToOne, ...toOne });
  });
}
