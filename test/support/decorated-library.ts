/**
 * Entities of the decorated form. vitest does not lower standard decorators, so this file is only ever compiled by
 * compile-decorated.ts, and brings along all that its tests use: classes are told apart by the module they are from.
 */
import {
  Column,
  Embeddable,
  ManyToMany,
  ManyToOne,
  Mapped,
  OneToMany,
  OneToOne,
  Subtype,
} from '../../src/decorators.ts';
import {
  afterLoad,
  beforeInsert,
  beforeUpdate,
  type Collection,
  datetime,
  type Embedded,
  type EmbeddedJson,
  type EntityClass,
  embedded,
  type Generated,
  integer,
  json,
  manyToOne,
  type OptionalRef,
  type Ref,
  text,
} from '../../src/index.ts';

export { sqljs } from '../../adapters/sqljs/index.ts';
export { createPersistence, eq, gt, some, sql, toPlain } from '../../src/index.ts';
export { createSchema } from '../../src/schema/index.ts';

@Mapped('authors', { indexes: [{ properties: ['name'] }] })
export class Author {
  @Column(integer().primaryKey().generated()) id!: Generated<number>;
  @Column(text()) name!: string;
  @Column(text().nullable()) bio!: string | null;
  @Column(text().hidden()) password!: string;
  @Column(text({ values: ['admin', 'writer'] }).default('writer')) role!: Generated<'admin' | 'writer'>;
  @Column(json<{ theme: string }>()) settings!: { theme: string };
  @Column(datetime().defaultNow()) createdAt!: Generated<Date>;
  @OneToMany(
    () => Post,
    (post) => post.author,
    { cascade: ['persist', 'remove'] },
  )
  posts!: Collection<Post>;
  // No column: what has no decorator is the application's own.
  private visits = 0;
  #secret = 'secret';
  visit(): number {
    this.visits += 1;
    return this.visits;
  }
  get secret(): string {
    return this.#secret;
  }
}

@Mapped('posts', { discriminatorValue: 'post' })
export class Post {
  @Column(integer().primaryKey().generated()) id!: Generated<number>;
  @Column(text()) title!: string;
  @Column(integer().version()) version!: Generated<number>;
  @ManyToOne(() => Author) author!: Ref<Author>;
  @ManyToOne(() => Author, { nullable: true }) editor!: OptionalRef<Author>;
  @ManyToMany(() => Tag, { through: 'post_tags', cascade: ['persist'] }) tags!: Collection<Tag>;
  @OneToOne(() => Post) sequel!: OptionalRef<Post>;
  @OneToOne(
    () => Post,
    (post) => post.sequel,
  )
  prequel!: OptionalRef<Post>;
}

@Subtype('novel')
export class Novel extends Post {
  @Column(integer()) pages!: number;
  get isLong(): boolean {
    return this.pages > 400;
  }
}

@Embeddable()
export class Money {
  @Column(integer()) amount!: number;
  @Column(text().default('EUR')) currency!: Generated<string>;
  @Column(text().hidden().nullable()) note: string | null = null;
  get shown(): string {
    return `${this.amount} ${this.currency}`;
  }
}

@Mapped('bills')
export class Bill {
  @Column(integer().primaryKey().generated()) id!: Generated<number>;
  @Column(embedded(Money)) total!: Embedded<Money>;
  @Column(embedded(Money).nullable()) tip!: Embedded<Money> | null;
  @Column(embedded(Money, { as: 'json' }).nullable()) kept!: EmbeddedJson<Money> | null;
}

@Mapped('tags')
export class Tag {
  @Column(integer().primaryKey().generated()) id!: Generated<number>;
  @Column(text().unique()) name!: string;
  @ManyToMany(() => Post, { inverse: (post) => post.tags }) posts!: Collection<Post>;
  toJSON(): unknown {
    return this.name;
  }
}

@Mapped('stamps', { hooks: { beforeInsert: (stamp: Stamp) => stamp.trace.push('option') } })
export class Stamp {
  @Column(integer().primaryKey().generated()) id!: Generated<number>;
  @Column(text()) name!: string;
  @Column(json<string[]>().default([])) trace!: Generated<string[]>;
  static readonly loaded: string[] = [];
  async [beforeInsert](): Promise<void> {
    this.trace.push('method');
  }
  [beforeUpdate](): void {
    this.trace = [...this.trace, 'edited'];
  }
  [afterLoad](): void {
    Stamp.loaded.push(this.name);
  }
}

export const library: readonly EntityClass[] = [Author, Post, Novel, Tag, Bill, Stamp];

/** Two classes of which the first one forgot its `@Mapped`, so that its columns are left to the second one. */
export function declareStrays(): EntityClass {
  class Forgotten {
    @Column(text()) stray!: string;
  }
  @Mapped('next')
  class Next {
    @Column(integer().primaryKey()) id!: number;
  }
  void Forgotten;
  return Next;
}

/** A subtype of what is no entity. */
export function declareOrphan(): void {
  @Subtype('orphan')
  class Orphan {}
  void Orphan;
}

/** A field that is no column, and one that cannot be declared as one. */
export function declareSymbol(): void {
  class Odd {
    @Column(text()) [Symbol.iterator]!: string;
  }
  void Odd;
}
export function declareNoColumn(): void {
  class Odd {
    @Column(undefined as never) name!: unknown;
  }
  void Odd;
}
export function declareRefused(): void {
  @Mapped('odd')
  class Odd {
    // biome-ignore lint/suspicious/noThenProperty: what is refused
    @Column(text()) then!: string;
  }
  void Odd;
}

/** The decorated form with a hand-made key of a relation. */
export function declareKeyRelation(): readonly EntityClass[] {
  @Mapped('owners')
  class Owner {
    @Column(text().primaryKey()) id!: string;
  }
  @Mapped('parts')
  class Part {
    @Column(integer().primaryKey()) no!: number;
    @ManyToOne(() => Owner, { primaryKey: true }) owner!: ReturnType<typeof keyRelation>;
  }
  function keyRelation() {
    return manyToOne(() => Owner, { primaryKey: true });
  }
  return [Owner, Part];
}
