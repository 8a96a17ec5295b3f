import { Entity, integer, json, manyToMany, manyToOne, oneToMany, oneToOne, text } from '../../../src/index.ts';

/** A document with sheets that it merges, refreshes and keeps in order; versioned. */
export class Document extends Entity('documents', {
  id: integer().primaryKey().generated(),
  code: text({ maxLength: 50 }).unique(),
  slug: text({ maxLength: 50 }).nullable().unique(),
  title: text(),
  pages: integer().default(1),
  extra: json<{ note?: string }>().nullable(),
  version: integer().version(),
}) {
  owner = manyToOne(() => Person, { nullable: true });
  reviewer = manyToOne(() => Person, { nullable: true, cascade: ['all'] });
  sheets = oneToMany(
    () => Sheet,
    (sheet) => sheet.document,
    { cascade: ['all'], orphanRemoval: true },
  );
  words = manyToMany(() => Word, { through: 'document_words', cascade: ['merge'] });
  uses = oneToMany(
    () => Usage,
    (usage) => usage.document,
    { cascade: ['all'] },
  );
}

/** A part of a document; without a version. */
export class Sheet extends Entity('sheets', { id: integer().primaryKey().generated(), body: text() }) {
  document = manyToOne(() => Document, { cascade: ['merge'] });
  marks = oneToMany(
    () => Mark,
    (mark) => mark.sheet,
    { cascade: ['all'], orphanRemoval: true },
  );
}

/** A part of a part. */
export class Mark extends Entity('marks', { id: integer().primaryKey().generated(), text: text() }) {
  sheet = manyToOne(() => Sheet);
}

export class Word extends Entity('words', { id: integer().primaryKey(), name: text() }) {
  documents = manyToMany(() => Document, { inverse: (document) => document.words });
  uses = oneToMany(
    () => Usage,
    (usage) => usage.word,
  );
}

/** A row between two others with a column of its own: its key is both of theirs. */
export class Usage extends Entity('usages', { count: integer() }) {
  document = manyToOne(() => Document, { primaryKey: true });
  word = manyToOne(() => Word, { primaryKey: true });
}

export class Person extends Entity('persons', { id: integer().primaryKey(), name: text() }) {
  documents = oneToMany(
    () => Document,
    (document) => document.owner,
  );
  badge = oneToOne(
    () => Badge,
    (badge) => badge.person,
  );
}

export class Badge extends Entity('badges', { id: integer().primaryKey() }) {
  person = oneToOne(() => Person);
}

export const documents = [Document, Sheet, Mark, Word, Usage, Person, Badge] as const;
