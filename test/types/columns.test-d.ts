import { expectTypeOf, test } from 'vitest';
import {
  bigint,
  boolean,
  bytes,
  type Column,
  customType,
  type DatetimeColumn,
  date,
  datetime,
  decimal,
  Entity,
  type EntityManager,
  enumeration,
  eq,
  float,
  integer,
  json,
  type Row,
  text,
  uuid,
  type ValueOf,
} from '../../src/index.ts';
import { Author, type Line, type Novel, type Post, type Settings } from './model.ts';

class Money {
  readonly cents: number;
  constructor(cents: number) {
    this.cents = cents;
  }
}
declare const em: EntityManager;

test('each builder gives its property the type of its values', () => {
  const integerColumn = integer();
  const bigintColumn = bigint();
  const floatColumn = float();
  const decimalColumn = decimal({ precision: 5, scale: 2 });
  const textColumn = text();
  const uuidColumn = uuid();
  const booleanColumn = boolean();
  const datetimeColumn = datetime();
  const dateColumn = date();
  const bytesColumn = bytes();
  const jsonColumn = json<Settings>();
  expectTypeOf<ValueOf<typeof integerColumn>>().toEqualTypeOf<number>();
  expectTypeOf<ValueOf<typeof bigintColumn>>().toEqualTypeOf<bigint>();
  expectTypeOf<ValueOf<typeof floatColumn>>().toEqualTypeOf<number>();
  expectTypeOf<ValueOf<typeof decimalColumn>>().toEqualTypeOf<string>();
  expectTypeOf<ValueOf<typeof textColumn>>().toEqualTypeOf<string>();
  expectTypeOf<ValueOf<typeof uuidColumn>>().toEqualTypeOf<string>();
  expectTypeOf<ValueOf<typeof booleanColumn>>().toEqualTypeOf<boolean>();
  expectTypeOf<ValueOf<typeof datetimeColumn>>().toEqualTypeOf<Date>();
  expectTypeOf<ValueOf<typeof dateColumn>>().toEqualTypeOf<string>();
  expectTypeOf<ValueOf<typeof bytesColumn>>().toEqualTypeOf<Uint8Array>();
  expectTypeOf<ValueOf<typeof jsonColumn>>().toEqualTypeOf<Settings>();
});

test('declared values of a text make the type their union', () => {
  const role = text({ values: ['admin', 'writer'] });
  expectTypeOf(role).toEqualTypeOf<Column<'admin' | 'writer'>>();
  // @ts-expect-error the default is none of the values
  role.default('guest');
  const optional = role.nullable();
  expectTypeOf<ValueOf<typeof optional>>().toEqualTypeOf<'admin' | 'writer' | null>();
});

test('an enumeration is the union of its values', () => {
  const format = enumeration('cd', 'lp');
  expectTypeOf(format).toEqualTypeOf<Column<'cd' | 'lp'>>();
  expectTypeOf(format.nullable().default('cd')).toEqualTypeOf<Column<'cd' | 'lp' | null, true>>();
  // @ts-expect-error the default is none of the values
  format.default('mp3');
  // @ts-expect-error one value at least
  enumeration();
  // @ts-expect-error texts only
  enumeration(1, 2);
});

test('a custom type has the type of its values, and wire values of its wire', () => {
  const cents = customType<Money, 'integer'>({
    name: 'money',
    wire: 'integer',
    sqlType: 'INTEGER',
    encode: (money) => money.cents,
    decode: (wire) => {
      expectTypeOf(wire).toEqualTypeOf<number>();
      return new Money(wire);
    },
  });
  expectTypeOf(cents).toEqualTypeOf<Column<Money>>();
  expectTypeOf(cents.nullable()).toEqualTypeOf<Column<Money | null, true>>();
  class Price extends Entity('prices', { id: integer().primaryKey(), price: cents }) {}
  new Price({ id: 1, price: new Money(5) }).price.cents.toFixed();
  void em.find(Price, { price: eq(new Money(5)) });
  // @ts-expect-error an object stands in eq(…)
  void em.find(Price, { price: new Money(5) });
  // @ts-expect-error another type
  void em.find(Price, { price: eq('5') });
  // @ts-expect-error the wire is text, unless said otherwise
  customType<Money>({ name: 'money', sqlType: 'TEXT', encode: ({ cents }) => cents, decode: () => new Money(1) });
  // @ts-expect-error there is no such wire
  customType<Money, 'date'>({ name: 'money', wire: 'date', sqlType: 'DATE', encode: String, decode: String });
  // @ts-expect-error a value is no wire value
  new Price({ id: 1, price: 5 });
});

test('a builder keeps what was said before', () => {
  expectTypeOf(integer().primaryKey().generated()).toEqualTypeOf<Column<number, true, true>>();
  expectTypeOf(integer().generated().primaryKey()).toEqualTypeOf<Column<number, true, true>>();
  expectTypeOf(text().nullable().unique().index().hidden().column('n')).toEqualTypeOf<Column<string | null, true>>();
  expectTypeOf(datetime().defaultNow()).toEqualTypeOf<DatetimeColumn<true>>();
  expectTypeOf(datetime().onUpdateNow()).toEqualTypeOf<DatetimeColumn<true>>();
  expectTypeOf(datetime().defaultNow().onUpdateNow().nullable()).toEqualTypeOf<Column<Date | null, true>>();
  expectTypeOf(integer().generatedAs('1 + 1')).toEqualTypeOf<Column<number, 'computed'>>();
  expectTypeOf(integer().nullable().generatedAs('a', { stored: false }).unique().index()).toEqualTypeOf<
    Column<number | null, 'computed'>
  >();
  expectTypeOf(integer().generatedAs('a').nullable()).toEqualTypeOf<Column<number | null, 'computed'>>();
  // @ts-expect-error only an instant can be that of the update
  integer().onUpdateNow();
  expectTypeOf(text().databaseDefault("'a'")).toEqualTypeOf<Column<string, true>>();
  expectTypeOf(text().nullable().databaseDefault({ sqlite: '1' })).toEqualTypeOf<Column<string | null, true>>();
  // @ts-expect-error an expression is SQL text
  integer().databaseDefault(1);
  // @ts-expect-error of each dialect, too
  integer().databaseDefault({ sqlite: 1 });
  // @ts-expect-error only an instant can be the present one
  text().defaultNow();
  // @ts-expect-error a default of another type
  integer().default('1');
  // @ts-expect-error a default made by a function of another type
  integer().default(() => '1');
  // @ts-expect-error a decimal needs its precision
  decimal();
});

test('an entity has the properties of its columns', () => {
  expectTypeOf<Author['id']>().toEqualTypeOf<number>();
  expectTypeOf<Author['bio']>().toEqualTypeOf<string | null>();
  expectTypeOf<Author['role']>().toEqualTypeOf<'admin' | 'writer'>();
  expectTypeOf<Author['settings']>().toEqualTypeOf<Settings>();
  expectTypeOf<Author['createdAt']>().toEqualTypeOf<Date>();
  expectTypeOf<Author['initials']>().toEqualTypeOf<string>();
  expectTypeOf<Line['weight']>().toEqualTypeOf<number | null>();
  expectTypeOf<Row<{ id: Column<number, true, true> }>>().toEqualTypeOf<{ id: number }>();
  const author = new Author();
  author.name = 'Ada';
  // @ts-expect-error not nullable
  author.name = null;
  // @ts-expect-error no method of persistence on an entity
  author.save();
});

test('a class tells its table and its columns', () => {
  expectTypeOf(Author.table).toEqualTypeOf<'authors'>();
  expectTypeOf(Author.columns.id).toEqualTypeOf<Column<number, true, true>>();
  // @ts-expect-error a column is made by a builder
  Entity('wrong', { id: 'integer' });
});

test('the constructor takes columns, not relations', () => {
  new Author({ name: 'Ada', email: 'ada@example.org', settings: { theme: 'dark' } });
  // @ts-expect-error the email is required
  new Author({ name: 'Ada', settings: { theme: 'dark' } });
  // @ts-expect-error the role is one of two
  new Author({ name: 'Ada', email: 'a', settings: { theme: 'dark' }, role: 'guest' });
  // @ts-expect-error relations are given to em.create
  new Author({ name: 'Ada', email: 'a', settings: { theme: 'dark' }, posts: [] });
});

test('a subtype has the properties and relations of its parent, and is one', () => {
  expectTypeOf<Novel['pages']>().toEqualTypeOf<number>();
  expectTypeOf<Novel['subtitle']>().toEqualTypeOf<string | null>();
  expectTypeOf<Novel['title']>().toEqualTypeOf<string>();
  expectTypeOf<Novel['author']>().toEqualTypeOf<Post['author']>();
  expectTypeOf<Novel['isLong']>().toEqualTypeOf<boolean>();
  expectTypeOf<Post>().not.toHaveProperty('pages');
});
