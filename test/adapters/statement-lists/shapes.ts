import type { EntityClass, EntityManager } from '../../../src/index.ts';
import { Document, documents, Sheet, Usage, Word } from '../../conformance/model/documents.ts';
import { Author, Comment, library, Post, Tag, Topic } from '../../conformance/model/library.ts';
import { City, Country, circles } from '../../conformance/model/shop.ts';

/** A flush whose statements are written down. */
export interface Shape {
  readonly entities: readonly EntityClass[];
  /** What is flushed before. */
  prepare?(em: EntityManager): void;
  /** What the flush has to write; reads are not part of the list. */
  edit(em: EntityManager): void | Promise<void>;
  /** The most statements that write, transaction control not counted. */
  readonly most?: { readonly sqlite: number; readonly postgres: number; readonly mysql: number };
}

const byId = { orderBy: { id: 'asc' } } as const;

function times<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}

function preparePosts(count: number): (em: EntityManager) => void {
  return (em) => {
    const author = em.create(Author, { name: 'Ada' });
    for (let n = 0; n < count; n += 1) em.create(Post, { title: `post ${n}`, author });
  };
}

function prepareTags(em: EntityManager): void {
  for (const name of ['a', 'b', 'c']) em.create(Tag, { name });
}

/** Gives each tag the name of the next one. */
async function turnNames(em: EntityManager, count: number): Promise<void> {
  const tags = (await em.find(Tag, {}, byId)).slice(0, count);
  const names = tags.map(({ name }) => name);
  for (const [n, tag] of tags.entries()) tag.name = names[(n + 1) % count] ?? tag.name;
}

/** Of many rows. */
const large: Readonly<Record<string, Shape>> = {
  '200 parents, 300 children and 100 join rows': {
    entities: library,
    prepare: (em) => {
      for (let n = 0; n < 100; n += 1) em.create(Tag, { name: `tag ${n}` });
    },
    async edit(em) {
      const tags = await em.find(Tag, {}, byId);
      const authors = times(200, (n) => em.create(Author, { name: `author ${n}` }));
      for (let n = 0; n < 300; n += 1) {
        const author = authors[n % 200] as Author;
        em.create(Post, { title: `post ${n}`, author, tags: tags.slice(n, n + 1) });
      }
    },
    most: { postgres: 4, sqlite: 6, mysql: 6 },
  },
  '300 dirty rows of one entity': {
    entities: library,
    prepare: preparePosts(300),
    async edit(em) {
      for (const post of await em.find(Post, {}, byId)) post.title += '!';
    },
    most: { postgres: 1, sqlite: 1, mysql: 1 },
  },
  '300 dirty rows without a version': {
    entities: library,
    prepare: (em) => {
      for (let n = 0; n < 300; n += 1) em.create(Tag, { name: `tag ${n}` });
    },
    async edit(em) {
      for (const tag of await em.find(Tag, {}, byId)) tag.name += '!';
    },
    most: { postgres: 1, sqlite: 1, mysql: 1 },
  },
  '300 removed rows with a version': {
    entities: library,
    prepare: preparePosts(300),
    async edit(em) {
      em.remove(...(await em.find(Post, {}, { ...byId, populate: ['comments', 'tags'] })));
    },
    most: { postgres: 1, sqlite: 1, mysql: 1 },
  },
};

/** Of rows that refer to each other. */
const graphs: Readonly<Record<string, Shape>> = {
  'a parent chain of three': {
    entities: library,
    edit(em) {
      const root = em.create(Topic, { name: 'root' });
      em.create(Topic, { name: 'leaf', parent: em.create(Topic, { name: 'middle', parent: root }) });
    },
  },
  'a circle over two tables': {
    entities: circles,
    edit(em) {
      const country = em.create(Country, { name: 'France' });
      country.capital.set(em.create(City, { name: 'Paris', country }));
    },
  },
  'a circle over two tables is removed': {
    entities: circles,
    prepare(em) {
      const country = em.create(Country, { name: 'France' });
      country.capital.set(em.create(City, { name: 'Paris', country }));
    },
    async edit(em) {
      em.remove(...(await em.find(Country)), ...(await em.find(City)));
    },
  },
  'a child moves to another parent': {
    entities: documents,
    prepare(em) {
      const document = em.create(Document, { code: 'from', title: 'from' });
      em.create(Document, { code: 'to', title: 'to' });
      em.create(Sheet, { body: 'moves', document });
    },
    async edit(em) {
      const [from, to] = await em.find(Document, {}, { ...byId, populate: ['sheets.marks'] });
      if (from !== undefined && to !== undefined) to.sheets.add(...from.sheets);
    },
  },
  'a collection of children is replaced': {
    entities: documents,
    prepare(em) {
      const document = em.create(Document, { code: 'one', title: 'one' });
      for (const body of ['a', 'b', 'c']) em.create(Sheet, { body, document });
    },
    async edit(em) {
      const [document] = await em.find(Document, {}, { populate: ['sheets.marks'] });
      const kept = document?.sheets.at(0);
      if (document === undefined || kept === undefined) return;
      document.sheets.set([kept, new Sheet({ body: 'd' })]);
    },
  },
  'links change': {
    entities: library,
    prepare(em) {
      const author = em.create(Author, { name: 'Ada' });
      em.create(Post, { title: 't', author, tags: ['a', 'b', 'c'].map((name) => em.create(Tag, { name })) });
      em.create(Tag, { name: 'd' });
    },
    async edit(em) {
      const tags = await em.find(Tag, {}, byId);
      const [post] = await em.find(Post, {}, { populate: ['tags'] });
      post?.tags.set(tags.slice(2));
    },
  },
  'a row between two others, with a column of its own': {
    entities: documents,
    prepare(em) {
      em.create(Document, { code: 'one', title: 'one' });
      em.create(Word, { id: 1, name: 'word' });
    },
    async edit(em) {
      const [document] = await em.find(Document);
      const [word] = await em.find(Word);
      if (document !== undefined && word !== undefined) em.create(Usage, { count: 2, document, word });
    },
  },
};

/** Of rows that wait for each other's values. */
const values: Readonly<Record<string, Shape>> = {
  'two rows swap a unique value': {
    entities: library,
    prepare: prepareTags,
    edit: (em) => turnNames(em, 2),
  },
  'three rows rotate a unique value': {
    entities: library,
    prepare: prepareTags,
    edit: (em) => turnNames(em, 3),
  },
  'a removed row gives its unique value to a new one': {
    entities: library,
    prepare: (em) => void em.create(Tag, { name: 'a' }),
    async edit(em) {
      em.remove(...(await em.find(Tag, {}, { populate: ['posts'] })));
      em.create(Tag, { name: 'a' });
    },
  },
  'a changed row gives its unique value to a new one': {
    entities: library,
    prepare: (em) => void em.create(Tag, { name: 'a' }),
    async edit(em) {
      for (const tag of await em.find(Tag)) tag.name = 'b';
      em.create(Tag, { name: 'a' });
    },
  },
  'a row switch: a removed key comes back': {
    entities: documents,
    prepare: (em) => void em.create(Word, { id: 1, name: 'old' }),
    async edit(em) {
      em.remove(...(await em.find(Word, {}, { populate: ['documents'] })));
      em.create(Word, { id: 1, name: 'new' });
    },
  },
  'a versioned row is changed, another removed, a third is new': {
    entities: library,
    prepare: preparePosts(2),
    async edit(em) {
      const [first, second] = await em.find(Post, {}, { ...byId, populate: ['author', 'comments', 'tags'] });
      if (first === undefined || second === undefined) return;
      first.views = 7;
      em.remove(second);
      em.create(Comment, { body: 'new', post: first });
    },
  },
  'nothing changed': {
    entities: library,
    prepare: preparePosts(2),
    async edit(em) {
      for (const post of await em.find(Post)) post.title = String(post.title);
    },
    most: { postgres: 0, sqlite: 0, mysql: 0 },
  },
};

/** The flushes of the list, and what surprises most in other ORMs. */
export const shapes = { ...large, ...graphs, ...values };
