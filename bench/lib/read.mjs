// Reads every field of a result. Runs inside the timed region, so that a contender which decodes lazily pays for it there;
// the number it returns is compared with the fixture's, and `compare*` checks each value once more outside the clock.
import assert from 'node:assert/strict';

/** How a contender's objects are walked. Plain objects with `authorId`, `posts` and `tags` need no override. */
export const plainView = {
  authorId: (post) => post.authorId,
  author: (post) => post.author,
  posts: (author) => author.posts,
  tags: (post) => post.tags,
};

export function readPost(view, p) {
  return (
    p.id +
    view.authorId(p) * 3 +
    p.title.length +
    p.body.length +
    p.views +
    (p.published === true ? 7 : 0) +
    (p.createdAt.getTime() % 1_000_003)
  );
}

export const readAuthor = (a) => a.id + a.name.length + a.email.length + (a.createdAt.getTime() % 1_000_003);
export const readTag = (t) => t.id + t.name.length;

export function readPosts(view, posts) {
  let sum = 0;
  for (const p of posts) sum += readPost(view, p);
  return sum;
}

export function readAuthors(view, authors) {
  let sum = 0;
  for (const a of authors) sum += readAuthor(a) + readPosts(view, view.posts(a));
  return sum;
}

export function readGraph(view, authors) {
  let sum = 0;
  for (const a of authors) {
    sum += readAuthor(a);
    for (const p of view.posts(a)) {
      sum += readPost(view, p);
      for (const t of view.tags(p)) sum += readTag(t);
    }
  }
  return sum;
}

export function readPages(view, pages) {
  let sum = 0;
  for (const page of pages) for (const p of page) sum += readPost(view, p) + readAuthor(view.author(p));
  return sum;
}

const sorted = (items) => [...items].sort((a, b) => a.id - b.id);
const authorFields = (a) => ({ id: a.id, name: a.name, email: a.email, createdAt: a.createdAt.getTime() });
const postFields = (view, p, added = 0) => ({
  id: p.id,
  authorId: view.authorId(p),
  title: p.title,
  body: p.body,
  views: p.views - added,
  published: p.published,
  createdAt: p.createdAt.getTime(),
});

export function comparePosts(view, actual, expected, added = 0) {
  const rows = sorted(actual);
  assert.equal(rows.length, expected.length, 'number of posts');
  for (let i = 0; i < rows.length; i++)
    assert.deepEqual(postFields(view, rows[i], added), postFields(plainView, expected[i]));
}

export function compareGraph(view, actual, expected, withTags) {
  const rows = sorted(actual);
  assert.equal(rows.length, expected.length, 'number of authors');
  rows.forEach((author, i) => {
    assert.deepEqual(authorFields(author), authorFields(expected[i]));
    const posts = sorted(view.posts(author));
    comparePosts(view, posts, expected[i].posts);
    if (!withTags) return;
    posts.forEach((post, k) => {
      const tags = sorted(view.tags(post)).map((t) => ({ id: t.id, name: t.name }));
      assert.deepEqual(
        tags,
        expected[i].posts[k].tags.map((t) => ({ id: t.id, name: t.name })),
      );
    });
  });
}

export function comparePages(view, actual, expected, authors) {
  assert.equal(actual.length, expected.length);
  actual.forEach((page, i) => {
    assert.equal(page.length, expected[i].length);
    page.forEach((post, k) => {
      assert.deepEqual(postFields(view, post), postFields(plainView, expected[i][k]));
      assert.deepEqual(authorFields(view.author(post)), authorFields(authors[expected[i][k].authorId - 1]));
    });
  });
}

/** Rows by the value of one of their properties, for graphs that a contender leaves to its user. */
export function groupBy(rows, key) {
  const groups = new Map();
  for (const row of rows) {
    const group = groups.get(row[key]);
    if (group === undefined) groups.set(row[key], [row]);
    else group.push(row);
  }
  return groups;
}
