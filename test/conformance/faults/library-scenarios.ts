import type { EntityManager } from '../../../src/index.ts';
import { Author, Comment, library, Post, Profile, Tag, Topic } from '../model/library.ts';
import type { Model } from './fail-each.ts';
import { flushed, only, type Scenarios } from './scenario.ts';

const PROFILE = '00000000-0000-4000-8000-00000000000';
const byId = { orderBy: { id: 'asc' } } as const;

/** Two authors, four posts with comments and tags, a profile, and a tree of topics. */
export const libraryModel: Model = {
  entities: library,
  seed(em) {
    const authors = ['Ada', 'Bob'].map((name) => em.create(Author, { name }));
    const tags = ['a', 'b', 'c'].map((name) => em.create(Tag, { name }));
    for (const n of [1, 2, 3, 4]) {
      const author = authors[n % 2] as Author;
      const post = em.create(Post, { title: `post ${n}`, author, tags: tags.slice(0, n % 3) });
      for (const part of ['a', 'b']) em.create(Comment, { body: `comment ${n}${part}`, post });
    }
    em.create(Profile, { id: `${PROFILE}1`, site: 'first', author: authors[0] as Author });
    const root = em.create(Topic, { name: 'root' });
    for (const name of ['left', 'right']) {
      const branch = em.create(Topic, { name, parent: root });
      em.create(Topic, { name: `${name} leaf`, parent: branch });
    }
  },
};

async function posts(em: EntityManager): Promise<[Post, Post, Post, Post]> {
  return (await em.find(Post, {}, { ...byId, populate: ['author', 'tags', 'comments'] })) as unknown as [
    Post,
    Post,
    Post,
    Post,
  ];
}

const itemsOf = <T>(collection: unknown): T[] => (collection as { toArray(): T[] }).toArray();

/** New rows. */
export const inserting: Scenarios = {
  'new rows of several tables, with links': flushed((em) => {
    const author = em.create(Author, { name: 'new', email: 'new@x' });
    const profile = em.create(Profile, { id: `${PROFILE}9`, site: 's', author });
    const tag = em.create(Tag, { name: 'new' });
    const made = [1, 2, 3].map((n) => em.create(Post, { title: `new ${n}`, author, tags: [tag] }));
    return [author, profile, tag, ...made, em.create(Comment, { body: 'new', post: made[0] as Post })];
  }),
  'new rows that cascades reach from one': flushed((em) => {
    const author = new Author({ name: 'reached' });
    const post = new Post({ title: 'reached' });
    const tag = new Tag({ name: 'reached' });
    const comment = new Comment({ body: 'reached' });
    author.posts.add(post);
    post.tags.add(tag);
    post.comments.add(comment);
    em.persist(author);
    return [author, post, tag, comment];
  }),
  'a tree, a ring, and links within one table': flushed((em) => {
    const root = em.create(Topic, { name: 'new root' });
    const child = em.create(Topic, { name: 'child', parent: root });
    const ring = [em.create(Topic, { name: 'x' }), em.create(Topic, { name: 'y' })] as const;
    ring[0].parent.set(ring[1]);
    ring[1].parent.set(ring[0]);
    child.similar.add(root, ...ring);
    return [root, child, ...ring];
  }),
  'a new parent for rows that are there': flushed(async (em) => {
    const [left, right] = (await em.find(Topic, { parent: { name: 'root' } }, byId)) as [Topic, Topic];
    const parent = em.create(Topic, { name: 'between' });
    for (const topic of [left, right]) topic.parent.set(parent);
    return [left, right, parent];
  }),
  'a row that is made, taken back, and made again': flushed((em) => {
    const [gone, kept] = [em.create(Tag, { name: 'gone' }), em.create(Tag, { name: 'kept' })];
    em.remove(gone, kept);
    em.persist(kept);
    return [gone, kept];
  }),
};

/** Rows that are changed. */
export const updating: Scenarios = {
  'updates of several shapes, a move, and a new editor': flushed(async (em) => {
    const all = await posts(em);
    const [one, two, three, four] = all;
    one.title = 'changed';
    two.views = 9;
    two.title = 'changed too';
    three.author.set(await four.author.load());
    four.editor.set(em.create(Author, { name: 'editor' }));
    return all;
  }),
  'many versioned rows of one shape': flushed(async (em) => {
    const all = await posts(em);
    for (const post of all) post.views += 10;
    return all;
  }),
  'values of every kind that become null, or something else': flushed(async (em) => {
    const authors = (await em.find(Author, {}, byId)) as [Author, Author];
    const all = await posts(em);
    authors[0].settings = { theme: 'dark' };
    authors[0].rating = 4.5;
    authors[1].email = 'b@x';
    all[0].publishedAt = new Date(86_400_000);
    all[1].editor.set(authors[0]);
    return [...authors, ...all];
  }),
  'children that move by their reference': flushed(async (em) => {
    const all = await posts(em);
    const comments = itemsOf<Comment>(all[0].comments);
    for (const comment of comments) comment.post.set(all[1]);
    return [...all, ...comments];
  }),
  'children that move by the collection of their new parent': flushed(async (em) => {
    const authors = await em.find(Author, {}, { ...byId, populate: ['posts'] });
    const [ada, bob] = authors as unknown as [Author, Author];
    const moved = itemsOf<Post>(ada.posts);
    bob.posts.add(...moved);
    return [ada, bob, ...moved];
  }),
};

/** Relations of many to many, one to one, and of parents to children that do not outlive them. */
export const relating: Scenarios = {
  'links edited from the side that has them': flushed(async (em) => {
    const all = await posts(em);
    const [tag] = (await em.find(Tag, { name: 'c' })) as [Tag];
    all[0].tags.add(tag, em.create(Tag, { name: 'linked' }));
    all[1].tags.remove(...itemsOf<Tag>(all[1].tags).slice(0, 1));
    all[3].tags.clear();
    return [...all, tag];
  }),
  'links edited from the other side': flushed(async (em) => {
    const all = await posts(em);
    const tags = await em.find(Tag, {}, { ...byId, populate: ['posts'] });
    const [a, , c] = tags as unknown as [Tag, Tag, Tag];
    a.posts.remove(...itemsOf<Post>(a.posts).slice(0, 1));
    c.posts.add(all[0], all[2]);
    return [...all, ...tags];
  }),
  'links edited from both sides, unloaded': flushed(async (em) => {
    const [first] = (await em.find(Post, { title: 'post 1' })) as [Post];
    const [third] = (await em.find(Post, { title: 'post 3' })) as [Post];
    const tag = only(await em.find(Tag, { name: 'b' }));
    first.tags.add(tag);
    tag.posts.add(third);
    return [first, third, tag];
  }),
  'orphans that go, and new ones that come': flushed(async (em) => {
    const all = await posts(em);
    const gone = itemsOf<Comment>(all[0].comments);
    all[0].comments.set([em.create(Comment, { body: 'instead', post: all[0] })]);
    all[1].comments.clear();
    return [...all, ...gone];
  }),
  'an orphan that finds another parent': flushed(async (em) => {
    const all = await posts(em);
    const [comment] = itemsOf<Comment>(all[0].comments) as [Comment];
    all[0].comments.remove(comment);
    all[2].comments.add(comment);
    comment.body = 'moved';
    return [...all, comment];
  }),
  'a new partner of a one-to-one, and the old one removed': flushed(async (em) => {
    const ada = only(await em.find(Author, { name: 'Ada' }, { populate: ['profile'] }));
    const former = (await ada.profile.load()) as Profile;
    em.remove(former);
    const bob = only(await em.find(Author, { name: 'Bob' }, { populate: ['profile'] }));
    const profile = em.create(Profile, { id: `${PROFILE}2`, site: 'second', author: bob });
    return [ada, bob, former, profile];
  }),
};

/** Rows that go, alone and with everything else. */
export const removing: Scenarios = {
  'a row with all that cascades from it': flushed(async (em) => {
    const author = only(await em.find(Author, { name: 'Ada' }, { populate: ['profile'] }));
    em.remove(author);
    return [author];
  }),
  'a whole tree': flushed(async (em) => {
    const root = only(await em.find(Topic, { name: 'root' }));
    em.remove(root);
    return [root];
  }),
  'versioned rows that go while others change': flushed(async (em) => {
    const all = await posts(em);
    em.remove(all[0], all[3]);
    all[1].title = 'stays';
    return all;
  }),
  'a removal that is taken back, beside one that is not': flushed(async (em) => {
    const all = await posts(em);
    em.remove(all[0], all[1]);
    em.persist(all[0]);
    return all;
  }),
  'everything at once': flushed(async (em) => {
    const all = await posts(em);
    const [one, two, three, four] = all;
    em.remove(one);
    two.comments.clear();
    two.tags.clear();
    three.tags.set([em.create(Tag, { name: 'fresh' })]);
    four.views = 1;
    const author = em.create(Author, { name: 'fresh' });
    four.author.set(author);
    const comment = em.create(Comment, { body: 'fresh', post: four });
    const topic = only(await em.find(Topic, { name: 'left leaf' }));
    topic.similar.add(
      only(await em.find(Topic, { name: 'right' })),
      em.create(Topic, { name: 'fresh', parent: topic }),
    );
    return [...all, author, comment, topic];
  }),
};
