import {
  bigint,
  boolean,
  bytes,
  date,
  datetime,
  decimal,
  Entity,
  float,
  integer,
  json,
  manyToMany,
  manyToOne,
  oneToMany,
  oneToOne,
  subtype,
  text,
  uuid,
} from '../../src/index.ts';

/** The shape of a JSON column. */
export interface Settings {
  theme: 'dark' | 'light';
  sizes?: number[];
}

// Author and Post refer to each other without one annotation: that they infer at all is the first thing proven here.
export class Author extends Entity('authors', {
  id: integer().primaryKey().generated(),
  name: text({ maxLength: 100 }),
  email: text().unique(),
  bio: text().nullable(),
  role: text({ values: ['admin', 'writer'] }).default('writer'),
  settings: json<Settings>(),
  createdAt: datetime().defaultNow(),
}) {
  posts = oneToMany(
    () => Post,
    (post) => post.author,
    { cascade: ['persist', 'remove'] },
  );
  edited = oneToMany(
    () => Post,
    (post) => post.editor,
  );
  profile = oneToOne(
    () => Profile,
    (profile) => profile.author,
  );
  get initials(): string {
    return this.name.slice(0, 1);
  }
  rename(name: string): void {
    this.name = name;
  }
}

export class Post extends Entity('posts', {
  id: integer().primaryKey().generated(),
  title: text(),
  publishedAt: datetime().nullable(),
  version: integer().version(),
}) {
  author = manyToOne(() => Author);
  editor = manyToOne(() => Author, { nullable: true });
  tags = manyToMany(() => Tag, { through: 'post_tags' });
}

export class Tag extends Entity('tags', { id: uuid().primaryKey(), name: text().unique() }) {
  posts = manyToMany(() => Post, { inverse: (post) => post.tags });
}

export class Profile extends Entity('profiles', { id: bigint().primaryKey(), site: text() }) {
  author = oneToOne(() => Author);
}

/** A composite key of two columns. */
export class Seat extends Entity('seats', {
  row: text().primaryKey(),
  no: integer().primaryKey(),
  price: decimal({ precision: 8, scale: 2 }),
  free: boolean().default(true),
}) {}

/** A composite key of a foreign key and a column. */
export class Order extends Entity('orders', { id: text().primaryKey(), day: date() }) {
  lines = oneToMany(
    () => Line,
    (line) => line.order,
  );
}
export class Line extends Entity('lines', {
  no: integer().primaryKey(),
  quantity: integer(),
  weight: float().nullable(),
}) {
  order = manyToOne(() => Order, { primaryKey: true });
  seat = manyToOne(() => Seat, { nullable: true });
}

/** The single column of the key is a foreign key. */
export class Invoice extends Entity('invoices', { total: integer(), scan: bytes().nullable() }) {
  order = manyToOne(() => Order, { primaryKey: true });
}

export class Novel extends subtype(Post, 'novel', { pages: integer(), subtitle: text().nullable() }) {
  sequel = manyToOne(() => Novel, { nullable: true });
  get isLong(): boolean {
    return this.pages > 400;
  }
}
