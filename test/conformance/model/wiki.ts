import {
  afterLoad,
  beforeInsert,
  beforeUpdate,
  Entity,
  integer,
  json,
  manyToOne,
  oneToMany,
  text,
} from '../../../src/index.ts';

/** A page whose hooks fill its columns: by a method, and by an option that changes a value in place. */
export class Page extends Entity(
  'pages',
  {
    id: integer().primaryKey().generated(),
    title: text({ maxLength: 50 }).unique(),
    slug: text().default(''),
    edits: integer().default(0),
    log: json<string[]>().default([]),
    version: integer().version(),
  },
  {
    hooks: {
      beforeInsert: ({ log }) => log.push('option'),
      async beforeUpdate({ log }) {
        log.push('option');
      },
    },
  },
) {
  /** No column: what a hook knows of the title that was loaded. */
  loadedTitle = '';
  lines = oneToMany(
    () => Line,
    (line) => line.page,
    { cascade: ['persist', 'remove'], orphanRemoval: true },
  );

  async [beforeInsert](): Promise<void> {
    await Promise.resolve();
    this.slug = this.title.toLowerCase().replaceAll(' ', '-');
    this.log.push('method');
  }
  [beforeUpdate](): void {
    this.edits += 1;
    this.log = [...this.log, 'method'];
  }
  [afterLoad](): void {
    this.loadedTitle = this.title;
  }
}

/** A part of a page, without hooks of its own. */
export class Line extends Entity('page_lines', { id: integer().primaryKey().generated(), body: text() }) {
  page = manyToOne(() => Page);
}

/** What hooks write beside. */
export class Entry extends Entity('page_entries', { id: integer().primaryKey().generated(), body: text() }) {}

export const wiki = [Page, Line, Entry] as const;
