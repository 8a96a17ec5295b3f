import { describe, expect } from 'vitest';
import type { EntityManager, Persistence } from '../../src/index.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import { Document, documents, Mark, Sheet } from './model/documents.ts';
import { Author, Comment, library, Post, Tag, Topic } from './model/library.ts';
import { watchStatements } from './statements.ts';
import type { Subject } from './subject.ts';

/** Two authors; the first has posts 1 to 3, of which the first has comments 1 to 3 and tags 1 and 2; tag 3 is free. */
async function open(subject: Subject): Promise<Persistence> {
  const db = await subject.open(library);
  const em = db.em();
  const author = em.create(Author, { name: 'first' });
  em.create(Author, { name: 'second' });
  const tags = ['a', 'b', 'c'].map((name) => em.create(Tag, { name }));
  const posts = [1, 2, 3].map((n) => em.create(Post, { title: `post ${n}`, author }));
  posts[0]?.tags.add(...tags.slice(0, 2));
  for (const n of [1, 2, 3]) em.create(Comment, { body: `comment ${n}`, post: posts[0] as Post });
  await em.flush();
  return db;
}

async function get<T extends object>(found: Promise<T | null>): Promise<T> {
  const entity = await found;
  if (entity === null) throw new Error('not found');
  return entity;
}

const author = (em: EntityManager, id = 1) => get(em.findById(Author, id, { populate: ['posts'] }));
const post = (em: EntityManager, id = 1) => get(em.findById(Post, id, { populate: ['tags', 'comments'] }));
const tag = (em: EntityManager, id: number) => get(em.findById(Tag, id, { populate: ['posts'] }));

async function links(db: Persistence): Promise<string[]> {
  const posts = await db.em().find(Post, {}, { populate: ['tags'], orderBy: { id: 'asc' } });
  return posts.flatMap(({ id, tags }) => tags.toArray().map((other) => `${id}-${other.id}`));
}

async function children(db: Persistence, id = 1): Promise<number[]> {
  return (await db.em().find(Post, { author: id }, { orderBy: { id: 'asc' } })).map((found) => found.id);
}

const oneToMany: Laws = {
  'add() gives an item its owner, and is written': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const second = await author(em, 2);
    const moved = await get(em.findById(Post, 3));
    second.posts.add(moved, moved);
    expect([second.posts.length, moved.author.id]).toEqual([1, 2]);
    await em.flush();
    expect([await children(db, 1), await children(db, 2)]).toEqual([[1, 2], [3]]);
  },
  'add() to a collection that is not loaded is written, and seen once it is loaded': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const second = await get(em.findById(Author, 2));
    const moved = await get(em.findById(Post, 3));
    const statements = watchStatements(db);
    second.posts.add(moved);
    expect(statements.texts).toEqual([]);
    expect(second.posts.isLoaded).toBe(false);
    expect((await second.posts.load()).map(({ id }) => id)).toEqual([3]);
    await em.flush();
    expect(await children(db, 2)).toEqual([3]);
  },
  'a new item is persisted along by the cascade': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const first = await author(em);
    const fresh = new Post({ title: 'fresh' });
    first.posts.add(fresh);
    expect([em.stateOf(fresh), fresh.author.id]).toEqual(['pending', 1]);
    await em.flush();
    expect(await children(db)).toEqual([1, 2, 3, 4]);
  },
  'a new item that nobody persists is refused, never silently left out': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const first = await get(em.findById(Author, 1, { populate: ['edited'] }));
    const fresh = new Post({ title: 'fresh' });
    first.edited.add(fresh);
    const error = await expectCode(() => em.flush(), 'validation');
    expect(error.message).toContain('authors.edited');
    fresh.author.set(first);
    em.persist(fresh);
    await em.flush();
    expect(await db.em().count(Post, { editor: 1 })).toBe(1);
  },
  'remove() takes the owner away': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const first = await get(em.findById(Author, 1, { populate: ['edited'] }));
    const one = await get(em.findById(Post, 1));
    first.edited.add(one);
    await em.flush();
    first.edited.remove(one);
    expect([first.edited.length, one.editor.id]).toEqual([0, null]);
    await em.flush();
    expect(await db.em().count(Post, { editor: 1 })).toBe(0);
  },
  'remove() is refused by the flush where the owner is required': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const first = await author(em);
    first.posts.remove(first.posts.toArray()[0] as Post);
    const error = await expectCode(() => em.flush(), 'validation');
    expect(error).toMatchObject({ entity: 'posts', property: 'author' });
    expect(await children(db)).toEqual([1, 2, 3]);
  },
  'set() makes the items exactly these': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [first, second] = [await author(em, 1), await author(em, 2)];
    const [one, two, three] = first.posts.toArray() as [Post, Post, Post];
    second.posts.set([three, one]);
    second.posts.set([one, two]);
    three.author.set(first);
    expect([first.posts.toArray().map(({ id }) => id), second.posts.toArray().map(({ id }) => id)]).toEqual([
      [3],
      [1, 2],
    ]);
    await em.flush();
    expect([await children(db, 1), await children(db, 2)]).toEqual([[3], [1, 2]]);
  },
  'an item can come back to a collection after a flush': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [first, second] = [await author(em, 1), await author(em, 2)];
    const one = await get(em.findById(Post, 1));
    second.posts.add(one);
    await em.flush();
    one.author.set(first);
    await em.flush();
    second.posts.add(one);
    expect([first.posts.length, second.posts.length, one.author.id]).toEqual([2, 1, 2]);
    await em.flush();
    expect([await children(db, 1), await children(db, 2)]).toEqual([[2, 3], [1]]);
  },
  'what was added and flushed is no edit of a later load': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const second = await get(em.findById(Author, 2));
    second.posts.add(await get(em.findById(Post, 3)));
    await em.flush();
    const other = db.em();
    (await get(other.findById(Post, 3))).author.set(await get(other.findById(Author, 1)));
    await other.flush();
    const reader = db.em();
    expect((await author(reader, 2)).posts.length).toBe(0);
    await em.refresh(await get(em.findById(Post, 3)));
    await em.refresh(second);
    expect(await second.posts.load()).toHaveLength(0);
  },
  'a collection of a hundred thousand items is replaced': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const parent = em.create(Topic, { name: 'parent' });
    const items = Array.from({ length: 100_000 }, (_, n) => em.create(Topic, { name: `${n}`, parent }));
    const kept = [...items.slice(50_000), em.create(Topic, { name: 'more' })];
    parent.children.set(kept);
    expect(await parent.children.load()).toHaveLength(50_001);
    parent.children.clear();
    expect(await parent.children.load()).toEqual([]);
    expect(items[99_999]?.parent.id).toBeNull();
  },
};

const orphans: Laws = {
  'an item that leaves is deleted': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const one = await post(em);
    const [first] = one.comments.toArray() as [Comment];
    one.comments.remove(first);
    expect(em.stateOf(first)).toBe('deleted');
    await em.flush();
    expect(em.stateOf(first)).toBe('detached');
    expect((await db.em().find(Comment)).map(({ id }) => id)).toEqual([2, 3]);
  },
  'clear() deletes all, and set() those that are left out': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const one = await post(em);
    const [, second] = one.comments.toArray() as [Comment, Comment];
    one.comments.set([second]);
    await em.flush();
    expect((await db.em().find(Comment)).map(({ id }) => id)).toEqual([2]);
    one.comments.clear();
    await em.flush();
    expect(await db.em().count(Comment)).toBe(0);
  },
  'an item that is added again stays': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const one = await post(em);
    const [first] = one.comments.toArray() as [Comment];
    one.comments.remove(first);
    one.comments.add(first);
    expect(em.stateOf(first)).toBe('persistent');
    await em.flush();
    expect(await db.em().count(Comment)).toBe(3);
  },
  'an item that moves to another owner stays, whichever edit comes first': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [one, two] = [await post(em, 1), await post(em, 2)];
    const [first, second, third] = one.comments.toArray() as [Comment, Comment, Comment];
    one.comments.remove(first);
    two.comments.add(first);
    two.comments.add(second);
    one.comments.remove(second);
    third.post.set(two);
    expect([one.comments.length, two.comments.length]).toEqual([0, 3]);
    await em.flush();
    expect(await db.em().count(Comment, { post: 2 })).toBe(3);
  },
  'a new item that leaves before the flush is not written': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const one = await post(em);
    const fresh = em.create(Comment, { body: 'fresh', post: one });
    expect(one.comments.length).toBe(4);
    one.comments.remove(fresh);
    expect(em.stateOf(fresh)).toBe('transient');
    one.comments.add(fresh);
    expect(em.stateOf(fresh)).toBe('pending');
    one.comments.remove(fresh);
    await em.flush();
    expect(await db.em().count(Comment)).toBe(3);
  },
  'an orphan takes along what it owns, level by level': async (subject) => {
    await using db = await subject.open(documents);
    const first = db.em();
    const paper = first.create(Document, { code: 'p', title: 'paper' });
    for (const body of ['a', 'b']) {
      const sheet = first.create(Sheet, { body, document: paper });
      for (const text of ['x', 'y']) first.create(Mark, { text, sheet });
    }
    await first.flush();
    const em = db.em();
    const [loaded] = await em.find(Document, {}, { populate: ['sheets'] });
    const [gone, kept] = loaded?.sheets.toArray() ?? [];
    if (gone === undefined || kept === undefined) throw new Error('no sheets');
    loaded?.sheets.remove(gone);
    await em.flush();
    expect((await db.em().find(Sheet)).map(({ id }) => id)).toEqual([kept.id]);
    expect((await db.em().find(Mark)).map((mark) => mark.sheet.id)).toEqual([kept.id, kept.id]);
  },
  'what an orphan owned stays where it moved to another owner': async (subject) => {
    await using db = await subject.open(documents);
    const em = db.em();
    const paper = em.create(Document, { code: 'p', title: 'paper' });
    const [from, to] = ['from', 'to'].map((body) => em.create(Sheet, { body, document: paper })) as [Sheet, Sheet];
    const marks = ['stays', 'moves'].map((text) => em.create(Mark, { text, sheet: from })) as [Mark, Mark];
    await em.flush();
    to.marks.add(marks[1]);
    paper.sheets.remove(from);
    await em.flush();
    expect((await db.em().find(Mark)).map(({ text, sheet }) => [text, sheet.id])).toEqual([['moves', to.id]]);
    expect([em.stateOf(marks[0]), em.stateOf(marks[1])]).toEqual(['detached', 'persistent']);
  },
  'an explicit removal is not taken back by another owner': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [one, two] = [await post(em, 1), await post(em, 2)];
    const [first] = one.comments.toArray() as [Comment];
    em.remove(first);
    two.comments.add(first);
    expect(em.stateOf(first)).toBe('deleted');
  },
};

const cascades: Laws = {
  'removing an owner removes what cascades, level by level': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    em.remove(await get(em.findById(Author, 1)));
    await em.flush();
    expect([await db.em().count(Author), await db.em().count(Post), await db.em().count(Comment)]).toEqual([1, 0, 0]);
    expect(await db.em().count(Tag)).toBe(3);
  },
  'removing an owner whose items do not cascade is a foreign-key-violation': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const second = await get(em.findById(Author, 2));
    (await get(em.findById(Post, 1))).editor.set(second);
    await em.flush();
    em.remove(second);
    await expectCode(() => em.flush(), 'foreign-key-violation');
    expect(await db.em().count(Author)).toBe(2);
  },
  'a removal that is taken back takes its cascade back': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const first = await get(em.findById(Author, 1));
    em.remove(first);
    await em.plan();
    em.revert(first);
    await em.flush();
    em.remove(first);
    await em.plan();
    em.persist(first);
    await em.flush();
    expect([await db.em().count(Post), await db.em().count(Comment)]).toEqual([3, 3]);
  },
  'a cascade of removals reaches new items': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const first = await author(em);
    const fresh = em.create(Post, { title: 'fresh', author: first });
    em.remove(first);
    await em.flush();
    expect(em.stateOf(fresh)).toBe('transient');
    expect(await db.em().count(Post)).toBe(0);
  },
  'taking a new owner back takes its new items back': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const fresh = em.create(Author, { name: 'fresh' });
    const item = em.create(Post, { title: 'fresh', author: fresh });
    em.create(Comment, { body: 'fresh', post: item });
    em.remove(fresh);
    expect(em.stateOf(item)).toBe('transient');
    await em.flush();
    expect([await db.em().count(Author), await db.em().count(Comment)]).toEqual([2, 3]);
  },
  'a chain of thousands is persisted and removed along': async (subject) => {
    await using db = await open(subject);
    const length = subject.rounds ?? 10_000;
    const em = db.em();
    const chain = Array.from({ length }, (_, n) => new Topic({ name: `topic ${n}` }));
    for (const [n, topic] of chain.entries()) {
      const parent = chain[n - 1];
      if (parent !== undefined) topic.parent.set(parent);
    }
    em.persist(chain.at(-1) as Topic);
    await em.flush();
    expect(await db.em().count(Topic)).toBe(length);
    const [root] = chain;
    expect(root?.id).not.toBeUndefined();
    const other = db.em();
    other.remove(await get(other.findById(Topic, root?.id as number)));
    await other.flush();
    expect(await db.em().count(Topic)).toBe(0);
  },
};

const manyToMany: Laws = {
  'links are written from either side, and show on both': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [one, c] = [await post(em, 1), await tag(em, 3)];
    one.tags.add(c);
    expect(c.posts.toArray()[0] === one).toBe(true);
    await em.flush();
    expect(await links(db)).toEqual(['1-1', '1-2', '1-3']);
    const two = await post(em, 2);
    c.posts.add(two);
    expect(two.tags.toArray()[0] === c).toBe(true);
    await em.flush();
    expect(await links(db)).toEqual(['1-1', '1-2', '1-3', '2-3']);
    c.posts.clear();
    expect([one.tags.length, two.tags.length]).toEqual([2, 0]);
    await em.flush();
    expect(await links(db)).toEqual(['1-1', '1-2']);
  },
  'a link writes no entity, and no version': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [one, c] = [await post(em, 1), await tag(em, 3)];
    const statements = watchStatements(db);
    one.tags.add(c);
    await em.flush();
    expect(statements.texts).toHaveLength(1);
    expect(statements.texts[0]).toMatch(/^INSERT INTO .post_tags./);
    expect((await get(db.em().findById(Post, 1))).version).toBe(1);
  },
  'the same link from both sides is written once': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [two, c] = [await post(em, 2), await tag(em, 3)];
    two.tags.add(c);
    c.posts.add(two);
    two.tags.add(c);
    expect([two.tags.length, c.posts.length]).toEqual([1, 1]);
    await em.flush();
    expect(await links(db)).toEqual(['1-1', '1-2', '2-3']);
  },
  'a link that one side adds and the other takes away is none': async (subject) => {
    await using db = await open(subject);
    for (const load of [true, false]) {
      const em = db.em();
      const two = load ? await post(em, 2) : await get(em.findById(Post, 2));
      const c = load ? await tag(em, 3) : await get(em.findById(Tag, 3));
      two.tags.add(c);
      c.posts.remove(two);
      await em.flush();
      expect(await links(db)).toEqual(['1-1', '1-2']);
    }
  },
  'a link that one side takes away and the other adds again stays': async (subject) => {
    await using db = await open(subject);
    for (const load of [true, false]) {
      const em = db.em();
      const one = load ? await post(em, 1) : await get(em.findById(Post, 1));
      const a = load ? await tag(em, 1) : await get(em.findById(Tag, 1));
      one.tags.remove(a);
      a.posts.add(one);
      expect([(await one.tags.load()).length, (await a.posts.load()).length]).toEqual([2, 1]);
      await em.flush();
      expect(await links(db)).toEqual(['1-1', '1-2']);
    }
  },
  'edits of a collection that is not loaded are exact': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [one, a, c] = [
      await get(em.findById(Post, 1)),
      await get(em.findById(Tag, 1)),
      await get(em.findById(Tag, 3)),
    ];
    one.tags.add(a);
    one.tags.remove(a);
    one.tags.remove(c);
    one.tags.add(c);
    await em.flush();
    expect(await links(db)).toEqual(['1-2', '1-3']);
    one.tags.add(a, c);
    expect((await one.tags.load()).map(({ id }) => id).sort()).toEqual([1, 2, 3]);
    one.tags.remove(c);
    await em.flush();
    expect(await links(db)).toEqual(['1-1', '1-2']);
  },
  'clear and add again writes what is left of it': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const one = await post(em, 1);
    const [a, b] = one.tags.toArray() as [Tag, Tag];
    one.tags.clear();
    one.tags.add(b);
    const statements = watchStatements(db);
    await em.flush();
    expect(statements.texts).toHaveLength(1);
    expect(await links(db)).toEqual(['1-2']);
    one.tags.set([a]);
    await em.flush();
    expect(await links(db)).toEqual(['1-1']);
  },
  'new entities on both ends are linked': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const first = await get(em.findById(Author, 1));
    em.create(Post, { title: 'linked', author: first, tags: [new Tag({ name: 'd' }), em.create(Tag, { name: 'e' })] });
    await em.flush();
    expect(await links(db)).toEqual(['1-1', '1-2', '4-4', '4-5']);
  },
  'deleting either end deletes its links': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const one = await post(em, 1);
    const [a] = one.tags.toArray() as [Tag];
    em.remove(a);
    await em.flush();
    expect(await links(db)).toEqual(['1-2']);
    one.tags.remove(a);
    await em.flush();
    em.remove(one);
    await em.flush();
    expect(await links(db)).toEqual([]);
    expect(await db.em().count(Tag)).toBe(2);
  },
  'a new entity that is taken back takes its links back': async (subject) => {
    await using db = await open(subject);
    const takeBack = [
      (em: EntityManager, entity: object) => em.remove(entity),
      (em: EntityManager, entity: object) => em.revert(entity),
      (em: EntityManager) => em.revert(),
    ];
    for (const forget of takeBack) {
      const em = db.em();
      const [first, c] = [await author(em), await tag(em, 3)];
      const fresh = em.create(Post, { title: 'fresh', author: first, tags: [c] });
      const other = em.create(Post, { title: 'other', author: first });
      c.posts.add(other);
      expect([first.posts.length, c.posts.length]).toEqual([5, 2]);
      forget(em, fresh);
      if (em.stateOf(other) === 'pending') forget(em, other);
      expect([first.posts.length, c.posts.length]).toEqual([3, 0]);
      await em.flush();
      expect(await links(db)).toEqual(['1-1', '1-2']);
      expect(await db.em().count(Post)).toBe(3);
    }
  },
  'a table can be linked with itself': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [x, y] = [em.create(Topic, { name: 'x' }), em.create(Topic, { name: 'y' })];
    x.similar.add(y, x);
    y.similar.add(x);
    await em.flush();
    const [readX, readY] = await db.em().find(Topic, {}, { populate: ['similar'], orderBy: { id: 'asc' } });
    expect(readX?.similar.toArray().map(({ name }) => name)).toEqual(['x', 'y']);
    expect(readY?.similar.toArray().map(({ name }) => name)).toEqual(['x']);
    x.similar.remove(y);
    await em.flush();
    expect(await (await get(db.em().findOne(Topic, { name: 'x' }))).similar.count()).toBe(1);
  },
  'ten thousand links are written, read and taken away': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const one = await post(em, 1);
    one.tags.add(...Array.from({ length: 10_000 }, (_, n) => em.create(Tag, { name: `tag ${n}` })));
    await em.flush();
    const read = await post(db.em(), 1);
    expect(read.tags.length).toBe(10_002);
    one.tags.clear();
    await em.flush();
    expect(await links(db)).toEqual([]);
  },
  'an item of another class is refused at once': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [one, first] = [await post(em, 1), await author(em, 1)];
    await expectCode(() => one.tags.add(first as never), 'validation');
    await expectCode(() => first.posts.add(new Tag({ name: 'x' }) as never), 'validation');
    await expectCode(() => one.tags.add(1 as never), 'validation');
    expect([one.tags.length, first.posts.length]).toEqual([2, 3]);
    expect((await em.plan()).statements).toEqual([]);
  },
};

const reverting: Laws = {
  'revert of an owner takes edits of its links back on both sides': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [one, a, c] = [await post(em, 1), await tag(em, 1), await tag(em, 3)];
    one.tags.add(c);
    one.tags.remove(a);
    em.revert(one);
    expect([
      one.tags
        .toArray()
        .map(({ id }) => id)
        .sort(),
      a.posts.length,
      c.posts.length,
    ]).toEqual([[1, 2], 1, 0]);
    expect((await em.plan()).statements).toEqual([]);
  },
  'revert of an item takes its move back on both sides': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [first, second] = [await author(em, 1), await author(em, 2)];
    const three = await get(em.findById(Post, 3));
    three.author.set(second);
    em.revert(three);
    expect([first.posts.length, second.posts.length, three.author.id]).toEqual([3, 0, 1]);
    expect((await em.plan()).statements).toEqual([]);
  },
  'revert of an owner takes the moves of its items back': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [first, second] = [await author(em, 1), await author(em, 2)];
    const [one, two] = first.posts.toArray() as [Post, Post];
    second.posts.add(one, two);
    em.revert(second);
    expect([first.posts.length, second.posts.length, one.author.id, two.author.id]).toEqual([3, 0, 1, 1]);
    second.posts.add(one);
    em.revert(first);
    expect([first.posts.length, second.posts.length]).toEqual([3, 0]);
    expect((await em.plan()).statements).toEqual([]);
  },
  'revert of an owner brings its orphans back': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const one = await post(em, 1);
    const [first] = one.comments.toArray() as [Comment];
    one.comments.remove(first);
    em.revert(one);
    expect([one.comments.length, em.stateOf(first)]).toEqual([3, 'persistent']);
    await em.flush();
    expect(await db.em().count(Comment)).toBe(3);
  },
  'revert of everything leaves nothing to write, and every side as it was': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [first, second, one, c] = [await author(em, 1), await author(em, 2), await post(em, 1), await tag(em, 3)];
    const [comment] = one.comments.toArray() as [Comment];
    one.comments.remove(comment);
    second.posts.add(one);
    one.tags.add(c);
    one.title = 'edited';
    em.create(Post, { title: 'fresh', author: second, tags: [c] });
    em.remove(await get(em.findById(Post, 2)));
    em.revert();
    expect((await em.plan()).statements).toEqual([]);
    expect([first.posts.length, second.posts.length, one.comments.length, one.tags.length, c.posts.length]).toEqual([
      3, 0, 3, 2, 0,
    ]);
    expect([one.title, one.author.id]).toEqual(['post 1', 1]);
  },
};

/** Collections: editing, both sides in step, orphans, cascades, links, and taking it all back. */
export function collectionSuite(subject: Subject): void {
  describe(`${subject.name}: collections`, () => {
    registerLaws(subject, 'collections', { ...oneToMany, ...orphans, ...cascades, ...manyToMany, ...reverting });
  });
}
