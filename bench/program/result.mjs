// What each program has to read back.
export const DDL = `create table authors (id integer primary key, name text not null);
create table tags (id integer primary key, name text not null);
create table posts (id integer primary key, author_id integer not null references authors (id), title text not null, created_at integer not null);
create table post_tags (post_id integer not null references posts (id), tag_id integer not null references tags (id), primary key (post_id, tag_id))`;

export const EXPECTED = JSON.stringify([
  {
    name: 'Ada',
    posts: [
      { title: 'Notes', year: 2024, tags: ['a', 'b'] },
      { title: 'Sketch', year: 2025, tags: ['c'] },
    ],
  },
]);

/** Authors as JSON, in a fixed order, whatever object the contender made. */
export const describe = (authors, postsOf, tagsOf) =>
  JSON.stringify(
    [...authors].map((a) => ({
      name: a.name,
      posts: [...postsOf(a)]
        .sort((x, y) => x.id - y.id)
        .map((p) => ({
          title: p.title,
          year: p.createdAt.getUTCFullYear(),
          tags: [...tagsOf(p)].map((t) => t.name).sort(),
        })),
    })),
  );

export const DATES = [new Date(Date.UTC(2024, 5, 1)), new Date(Date.UTC(2025, 5, 1))];
