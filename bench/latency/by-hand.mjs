// The same rows by SQL written by hand, over the same protocol. The keys of one request are needed by the next, and over HTTP
// no transaction stays open between two: neither of these is atomic.
import { AUTHORS, BOOKS, CATEGORIES, TAGS } from './graph.mjs';

function client({ url, endpoint }) {
  const headers = { 'Neon-Connection-String': url, 'Neon-Raw-Text-Output': 'true', 'Neon-Array-Mode': 'true' };
  return async (query, params) => {
    const body = JSON.stringify({ query, params: params.map((value) => (value === null ? null : String(value))) });
    const response = await fetch(endpoint, { method: 'POST', headers, body });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.message);
    return answer;
  };
}

const holes = (rows, types) =>
  rows.map((_, r) => `(${types.map((type, c) => `$${r * types.length + c + 1}::${type}`).join(', ')})`).join(', ');

/** Inserts the rows by one statement, and gives the key of each by its name. */
async function insert(send, table, columns, types, rows) {
  const text = `insert into ${table} (${columns.join(', ')}) values ${holes(rows, types)} returning id, ${columns[0]}`;
  const answer = await send(text, rows.flat());
  return new Map(answer.rows.map(([id, name]) => [name, id]));
}

function expectRows({ rowCount }, count) {
  if (rowCount !== count) throw new Error(`stale: ${rowCount} rows in place of ${count}`);
}

async function writePerTable(send, known) {
  const authors = await insert(
    send,
    'authors',
    ['name', 'version'],
    ['text', 'bigint'],
    AUTHORS.map((name) => [name, 1]),
  );
  const tags = await insert(
    send,
    'tags',
    ['name'],
    ['text'],
    TAGS.map((name) => [name]),
  );
  const categories = new Map();
  for (const level of CATEGORIES) {
    const rows = level.map(([name, parent]) => [name, categories.get(parent) ?? null]);
    const keys = await insert(send, 'categories', ['name', 'parent_id'], ['text', 'bigint'], rows);
    for (const [name, key] of keys) categories.set(name, key);
  }
  const books = await insert(
    send,
    'books',
    ['title', 'author_id'],
    ['text', 'bigint'],
    BOOKS.map(({ title, author }) => [title, authors.get(author)]),
  );
  const links = BOOKS.flatMap(({ title, tags: names }) => names.map((name) => [books.get(title), tags.get(name)]));
  await send(`insert into book_tags (book_id, tag_id) values ${holes(links, ['bigint', 'bigint'])}`, links.flat());
  const [first, second, third] = known;
  const changed = [first, second].map(([id, name, version]) => [id, `${name}!`, version]);
  const update = `update authors a set name = v.name, version = a.version + 1
    from (values ${holes(changed, ['bigint', 'text', 'bigint'])}) v (id, name, version)
    where a.id = v.id and a.version = v.version`;
  expectRows(await send(update, changed.flat()), 2);
  expectRows(await send('delete from authors where id = $1 and version = $2', [third[0], third[2]]), 1);
}

async function writePerRow(send, known) {
  const one = async (table, columns, types, row) => [...(await insert(send, table, columns, types, [row])).values()][0];
  const [authors, tags, categories] = [new Map(), new Map(), new Map()];
  for (const name of AUTHORS)
    authors.set(name, await one('authors', ['name', 'version'], ['text', 'bigint'], [name, 1]));
  for (const name of TAGS) tags.set(name, await one('tags', ['name'], ['text'], [name]));
  for (const [name, parent] of CATEGORIES.flat()) {
    const row = [name, categories.get(parent) ?? null];
    categories.set(name, await one('categories', ['name', 'parent_id'], ['text', 'bigint'], row));
  }
  for (const { title, author, tags: names } of BOOKS) {
    const book = await one('books', ['title', 'author_id'], ['text', 'bigint'], [title, authors.get(author)]);
    for (const name of names)
      await send('insert into book_tags (book_id, tag_id) values ($1, $2)', [book, tags.get(name)]);
  }
  const [first, second, third] = known;
  for (const [id, name, version] of [first, second]) {
    const update = 'update authors set name = $1, version = version + 1 where id = $2 and version = $3';
    expectRows(await send(update, [`${name}!`, id, version]), 1);
  }
  expectRows(await send('delete from authors where id = $1 and version = $2', [third[0], third[2]]), 1);
}

const opener = (write) => async (place) => {
  const send = client(place);
  return {
    async prepare() {
      const { rows } = await send('select id, name, version from authors order by id', []);
      return () => write(send, rows);
    },
    async close() {},
  };
};

export const openPerTable = opener(writePerTable);
export const openPerRow = opener(writePerRow);
