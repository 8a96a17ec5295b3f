import { Author, Comment, Post, Tag, Topic } from '../model/library.ts';
import { only, type Scenario, type Scenarios } from './scenario.ts';

/** Flushes after each edit, all in one transaction. */
const eachFlushed = (edits: Scenario['edits']): Scenario => ({
  edits,
  write: (em, next, limits) =>
    em.transaction(async (tx) => {
      await tx.flush();
      for (const _ of edits().slice(1)) {
        await next(tx);
        await tx.flush();
      }
    }, limits),
});

/** Writes each edit in a transaction within that of the edit before. */
const nested = (edits: Scenario['edits']): Scenario => ({
  edits,
  write: (em, next, limits) =>
    em.transaction(async (one) => {
      await next(one);
      await one.flush();
      await one.transaction(async (two) => {
        await next(two);
        await two.transaction(next);
      });
    }, limits),
});

/** Flushes inside of transactions and savepoints. */
export const inTransactions: Scenarios = {
  'what was scheduled before a transaction, and two flushes in it': eachFlushed(() => [
    (em) => [em.create(Tag, { name: 'before' })],
    (tx) => {
      const author = tx.create(Author, { name: 'inside' });
      return [author, tx.create(Post, { title: 'inside', author })];
    },
    (tx) => [tx.create(Tag, { name: 'later' })],
  ]),
  'a row that is inserted, changed and linked by three flushes': eachFlushed(() => {
    let author: Author;
    let post: Post;
    return [
      (em) => {
        author = em.create(Author, { name: 'first' });
        return [author];
      },
      (tx) => {
        author.name = 'second';
        post = tx.create(Post, { title: 'first', author });
        return [post];
      },
      (tx) => {
        post.title = 'third';
        const tag = tx.create(Tag, { name: 'third' });
        post.tags.add(tag);
        post.editor.set(author);
        return [tag, tx.create(Comment, { body: 'third', post })];
      },
    ];
  }),
  'rows that are changed twice, and moved': eachFlushed(() => {
    let [one, two]: Post[] = [];
    return [
      async (em) => {
        [one, two] = (await em.find(Post, {}, { orderBy: { id: 'asc' }, populate: ['comments'] })) as unknown as [
          Post,
          Post,
        ];
        (one as Post).title = 'once';
        return [one as Post, two as Post];
      },
      () => {
        (one as Post).title = 'twice';
        (two as Post).views = 5;
        return [];
      },
      () => {
        const comments = (one as unknown as { comments: { toArray(): Comment[] } }).comments.toArray();
        for (const comment of comments) comment.post.set(two as Post);
        return comments;
      },
    ];
  }),
  'rows that are removed, and others in their place': eachFlushed(() => {
    let post: Post;
    return [
      async (em) => {
        post = only(
          await em.find(Post, { title: 'post 1' }, { populate: ['author', 'comments', 'tags'] }),
        ) as unknown as Post;
        post.views = 7;
        return [post];
      },
      (tx) => {
        tx.remove(post);
        return [];
      },
      (tx) => [tx.create(Tag, { name: 'instead' })],
    ];
  }),
  'a row that is inserted by one flush and removed by the next': eachFlushed(() => {
    let tag: Tag;
    return [
      (em) => {
        tag = em.create(Tag, { name: 'short-lived' });
        return [tag, em.create(Tag, { name: 'lasting' })];
      },
      (tx) => {
        tx.remove(tag);
        return [];
      },
      (tx) => [tx.create(Topic, { name: 'lasting' })],
    ];
  }),
  'a row with children that is inserted by one flush and removed by the next': eachFlushed(() => {
    let post: Post;
    return [
      (em) => {
        post = em.create(Post, { title: 'short-lived', author: em.create(Author, { name: 'lasting' }) });
        const tag = em.create(Tag, { name: 'lasting' });
        post.tags.add(tag);
        return [post, tag, em.create(Comment, { body: 'short-lived', post })];
      },
      (tx) => {
        tx.remove(post);
        return [];
      },
      (tx) => [tx.create(Tag, { name: 'later' })],
    ];
  }),
  'links and children that come by one flush and go by the next': eachFlushed(() => {
    let post: Post;
    let tag: Tag;
    let comment: Comment;
    return [
      async (em) => {
        post = only(await em.find(Post, { title: 'post 1' }, { populate: ['comments', 'tags'] })) as unknown as Post;
        tag = em.create(Tag, { name: 'lasting' });
        comment = em.create(Comment, { body: 'short-lived', post });
        post.tags.add(tag);
        return [post, tag, comment];
      },
      () => {
        post.tags.remove(tag);
        post.comments.remove(comment);
        return [];
      },
      (tx) => [tx.create(Tag, { name: 'later' })],
    ];
  }),
  'a branch of a tree that is moved, cut off, and grown again': eachFlushed(() => {
    let [root, left, right]: Topic[] = [];
    return [
      async (em) => {
        root = only(await em.find(Topic, { name: 'root' }, { populate: ['children'] })) as unknown as Topic;
        left = only(await em.find(Topic, { name: 'left' }, { populate: ['children'] })) as unknown as Topic;
        right = only(await em.find(Topic, { name: 'right' }, { populate: ['children'] })) as unknown as Topic;
        left.parent.set(right);
        return [root, left, right];
      },
      (tx) => {
        tx.remove(left as Topic);
        return [];
      },
      (tx) => [tx.create(Topic, { name: 'grown', parent: right as Topic })],
    ];
  }),
  'transactions within transactions': nested(() => {
    let author: Author;
    return [
      async (em) => {
        author = only(await em.find(Author, { name: 'Ada' }));
        author.name = 'outer';
        return [author];
      },
      (one) => [one.create(Post, { title: 'one', author })],
      (two) => {
        author.name = 'two';
        return [two.create(Topic, { name: 'two' })];
      },
      (three) => {
        author.name = 'three';
        return [three.create(Post, { title: 'three', author, tags: [three.create(Tag, { name: 'three' })] })];
      },
    ];
  }),
};
