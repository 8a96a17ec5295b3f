import type { Persistence } from '../../../src/index.ts';
import { Badge, Document, documents, Person, Sheet, Word } from '../model/documents.ts';
import type { Subject } from '../subject.ts';

/** Persons 1 and 2, words 1 to 3; document 1 of person 1 with sheets 1 and 2 and words 1 and 2; a badge of person 1. */
export async function openDocuments(subject: Subject): Promise<Persistence> {
  const db = await subject.open(documents);
  const em = db.em();
  const persons = [1, 2].map((id) => em.create(Person, { id, name: `person ${id}` }));
  const words = [1, 2, 3].map((id) => em.create(Word, { id, name: `word ${id}` }));
  const document = em.create(Document, { code: 'a', title: 'first', owner: persons[0] as Person });
  document.words.add(...words.slice(0, 2));
  for (const n of [1, 2]) em.create(Sheet, { body: `sheet ${n}`, document });
  em.create(Badge, { id: 1, person: persons[0] as Person });
  await em.flush();
  return db;
}

/** What was found, which must be there. */
export async function get<T>(found: Promise<T | null>): Promise<T> {
  const entity = await found;
  if (entity === null) throw new Error('not found');
  return entity;
}
