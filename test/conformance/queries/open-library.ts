import type { Persistence } from '../../../src/index.ts';
import type { Check } from '../laws.ts';
import { Author, Comment, library, Post, Profile, Tag } from '../model/library.ts';
import type { Subject } from '../subject.ts';

/** A day of January 2024. */
export const day = (n: number): Date => new Date(Date.UTC(2024, 0, n));

/** Four authors, six posts and four tags; NULLs and empty relations among them. */
export async function openLibrary(subject: Subject): Promise<Persistence> {
  const db = await subject.open(library);
  const em = db.em();
  const ada = em.create(Author, { name: 'Ada', email: 'ada@x', rating: 4.5, settings: { theme: 'dark' } });
  const bob = em.create(Author, { name: 'Bob', email: null, rating: 3 });
  const cy = em.create(Author, { name: 'Cy', email: 'cy@x' });
  em.create(Author, { name: 'Di', email: 'di@x', rating: 1 });
  em.create(Profile, { id: '00000000-0000-4000-8000-000000000001', site: 'ada.example', author: ada });
  const [red, green, blue] = ['red', 'green', 'blue', 'none'].map((name) => em.create(Tag, { name }));
  if (red === undefined || green === undefined || blue === undefined) throw new Error('three tags');
  em.create(Post, { title: 'Alpha', author: ada, views: 10, publishedAt: day(1), tags: [red, green] });
  em.create(Post, { title: 'Beta', author: ada, views: 20, editor: bob, tags: [red] });
  const gamma = em.create(Post, { title: 'Gamma', author: bob, views: 30, publishedAt: day(3), editor: ada });
  em.create(Post, { title: '50% off', author: bob, views: 40, publishedAt: day(4), tags: [blue] });
  em.create(Post, { title: 'a_b\\c', author: cy, views: 50, publishedAt: day(5), tags: [red, blue] });
  em.create(Post, { title: '[a-z]!', author: cy, views: 50 });
  em.create(Comment, { body: 'yes', post: gamma });
  em.create(Comment, { body: 'no', post: gamma });
  await em.flush();
  return db;
}

/** A law over the library, which is closed behind it. */
export const inLibrary =
  (work: (db: Persistence) => Promise<void>): Check =>
  async (subject) => {
    await using db = await openLibrary(subject);
    await work(db);
  };
