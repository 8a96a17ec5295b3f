import { describe, expect } from 'vitest';
import {
  contains,
  Entity,
  eq,
  integer,
  isIn,
  json,
  like,
  ne,
  not,
  or,
  type Persistence,
  some,
  sql,
  text,
} from '../../src/index.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import { Author, library, Post, Tag } from './model/library.ts';
import type { Subject } from './subject.ts';

/** What a parsed request body can hold, whatever the compiler was told. */
const body = (text: string): never => JSON.parse(text) as never;

async function open(subject: Subject): Promise<Persistence> {
  const db = await subject.open([...library, Vault]);
  const em = db.em();
  const ada = em.create(Author, { name: 'Ada', email: 'ada@x', settings: { theme: 'dark' } });
  const bob = em.create(Author, { name: 'Bob', email: 'bob@x' });
  em.create(Post, { title: 'one', author: ada, tags: [em.create(Tag, { name: 't' })] });
  em.create(Post, { title: 'two', author: bob });
  em.create(Vault, { secret: 's3cret', role: 'user', data: { a: 1 } });
  await em.flush();
  return db;
}

class Vault extends Entity('vaults', {
  id: integer().primaryKey().generated(),
  secret: text(),
  role: text(),
  data: json<unknown>().nullable(),
}) {}

/** Everything is still as it was, and no prototype was changed. */
async function expectUntouched(db: Persistence): Promise<void> {
  const em = db.em();
  expect([await em.count(Author), await em.count(Post), await em.count(Tag), await em.count(Vault)]).toEqual([
    2, 2, 1, 1,
  ]);
  expect(await em.findOne(Vault)).toMatchObject({ secret: 's3cret', role: 'user', data: { a: 1 } });
  const plain: Record<string, unknown> = {};
  expect([plain.isAdmin, plain.x, plain.tenant]).toEqual([undefined, undefined, undefined]);
}

/** A law: none of the inputs finds anything; each is refused with `validation`. */
const refusesAll = (inputs: readonly string[], ask: (db: Persistence, input: never) => Promise<unknown>) => {
  return async (subject: Subject): Promise<void> => {
    await using db = await open(subject);
    for (const input of inputs) {
      const error = await expectCode(() => ask(db, body(input)), 'validation');
      expect(error.message).not.toContain('s3cret');
    }
    await expectUntouched(db);
  };
};

const forgeries: readonly string[] = [
  '{"name":"admin"}',
  '{"not":""}',
  '{"$ne":null}',
  '{"$gt":""}',
  '{"gt":0}',
  '{"__raw":true,"sql":"1=1","params":[]}',
  '{"__entity":true}',
  '{"__reference":true}',
  '{"toSqlString":"x"}',
  '{"toPostgres":"x"}',
  '{"_type":"raw"}',
  '{"kind":"like","operands":["%"]}',
  '{"kind":"is-not-null","operands":[]}',
  '{"city":{"name":"x","role":"admin"}}',
  '[["1","2) or 1=1 -- "]]',
  '[{"a":1},{"b":2}]',
  '[]',
  '[null]',
  '{}',
  '{"__proto__":{"x":1}}',
  '{"constructor":{"prototype":{"x":1}}}',
];

const values: Laws = {
  'an object is no value of a text column': refusesAll(forgeries, (db, input) =>
    db.em().find(Vault, { secret: input }),
  ),
  'an object is no value of a number column': refusesAll(forgeries, (db, input) => db.em().find(Vault, { id: input })),
  'an object is no operand': refusesAll(forgeries, (db, input) => db.em().find(Vault, { secret: eq(input) })),
  'an object is no pattern': refusesAll(forgeries, (db, input) => db.em().find(Vault, { secret: contains(input) })),
  'an object is no item of a list': refusesAll(forgeries, (db, input) =>
    db.em().find(Vault, { secret: isIn([input]) }),
  ),
  'an object is no JSON value without eq': refusesAll(forgeries, (db, input) => db.em().find(Vault, { data: input })),
  'an object is no key': refusesAll([...forgeries, 'null', '""', '"1"', '1.5', 'true', '1e999'], (db, input) =>
    db.em().findById(Vault, input),
  ),
  'an object is no value of a new entity': refusesAll(forgeries, async (db, input) => {
    const em = db.em();
    em.create(Vault, { secret: input, role: 'user' });
    await em.flush();
  }),
  'an object is no value of a loaded entity': refusesAll(forgeries, async (db, input) => {
    const em = db.em();
    const vault = await em.findOne(Vault);
    if (vault === null) throw new Error('no vault');
    vault.role = input;
    await em.flush();
  }),
  'a value of another type is refused, whatever the engine would make of it': refusesAll(
    ['0', 'true', 'false', '[0]'],
    (db, input) => db.em().find(Vault, { secret: input }),
  ),
};

const filters: Laws = {
  'undefined never widens a filter': async (subject) => {
    await using db = await open(subject);
    const absent = undefined as never;
    const em = db.em();
    for (const where of [
      { id: absent },
      { secret: eq(absent) },
      { secret: ne(absent) },
      { secret: contains(absent) },
      { secret: isIn(absent) },
      { secret: isIn([absent]) },
      or<Vault>(absent),
      or<Vault>({ id: 1 }, absent),
      not<Vault>(absent),
      or<Vault>({ id: absent }),
    ]) {
      await expectCode(() => em.find(Vault, where as never), 'validation');
    }
    await expectCode(() => em.find(Post, { author: absent }), 'validation');
    await expectCode(() => em.find(Post, { author: { name: absent } }), 'validation');
    await expectCode(() => em.find(Post, { tags: some<Tag>(absent) }), 'validation');
    await expectCode(() => em.find(Post, { tags: absent }), 'validation');
    await expectCode(() => em.findById(Post, absent), 'validation');
    await expectCode(() => em.find(Post, null as never), 'validation');
  },
  'criteria that are no plain object are refused': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const vault = await em.findOne(Vault);
    for (const where of [
      [],
      [{}],
      'x',
      1,
      true,
      new Date(0),
      new Map(),
      new Uint8Array(0),
      vault,
      () => true,
      Symbol('s'),
    ]) {
      await expectCode(() => em.find(Vault, where as never), 'validation');
      await expectCode(() => em.count(Vault, where as never), 'validation');
    }
    await expectCode(() => em.find(Post, { author: new Map() as never }), 'validation');
    await expectCode(() => em.find(Post, { author: [] as never }), 'validation');
  },
  'NaN and NULL are no keys': async (subject) => {
    await using db = await open(subject);
    await expectCode(() => db.em().findById(Vault, NaN), 'validation');
    await expectCode(() => db.em().findById(Vault, null as never), 'validation');
    await expectCode(() => db.em().find(Post, { author: NaN }), 'validation');
  },
  'a property that is no column is refused as a filter, by name': async (subject) => {
    await using db = await open(subject);
    for (const text of [
      '{"nope":1}',
      '{"__proto__":{"tenant":false}}',
      '{"constructor":1}',
      '{"toString":1}',
      '{"hasOwnProperty":1}',
      '{"id = 1 or 1":1}',
      '{"metadata.role::text) or 1=1--":"x"}',
      '{"a\\"b":1}',
      '{"secret ":1}',
      '{"SECRET":"s3cret"}',
      '{"":1}',
    ]) {
      await expectCode(() => db.em().find(Vault, body(text)), 'validation');
      await expectCode(() => db.em().find(Post, { author: body(text) }), 'validation');
      await expectCode(() => db.em().find(Post, { tags: some<Tag>(body(text)) }), 'validation');
    }
    await expectUntouched(db);
  },
  'keys of JSON are data, whatever they look like': async (subject) => {
    await using db = await open(subject);
    const keys = [
      "a' or '1'='1",
      'a"b',
      'a\\"b',
      "a\\\\'b",
      'a.b',
      'a[0]',
      '*',
      '**',
      '$',
      '?',
      '#-1',
      '',
      "x') OR 1=1 -- ",
      "';",
    ];
    const em = db.em();
    for (const key of keys) em.create(Vault, { secret: key, role: 'json', data: { [key]: key } });
    em.create(Vault, { secret: 'proto', role: 'json', data: body('{"__proto__":{"isAdmin":true}}') });
    await em.flush();
    for (const key of keys) {
      const found = await db.em().find(Vault, { data: eq<object>({ [key]: key }) });
      expect(found.map((vault) => vault.secret)).toEqual([key]);
    }
    const [proto] = await db.em().find(Vault, { data: eq<object>(body('{"__proto__":{"isAdmin":true}}')) });
    expect(Object.hasOwn(proto?.data as object, '__proto__')).toBe(true);
    const plain: Record<string, unknown> = {};
    expect(plain.isAdmin).toBeUndefined();
  },
  'wildcards in contains are text; in like they are wildcards': async (subject) => {
    await using db = await open(subject);
    for (const part of ['%', '_', '%%', '_3cret', 's%t', '\\', '[a-z]', '!']) {
      expect(await db.em().count(Vault, { secret: contains(part) }), part).toBe(0);
    }
    expect(await db.em().count(Vault, { secret: like('s_cre%') })).toBe(1);
  },
  'a pattern that the engine refuses is a typed error': async (subject) => {
    await using db = await open(subject);
    let caught: unknown;
    await db
      .em()
      .find(Vault, { secret: contains('%'.repeat(50_001)) })
      .catch((error: unknown) => {
        caught = error;
      });
    expect(caught === undefined || typeof (caught as { code?: unknown }).code === 'string').toBe(true);
    await expectUntouched(db);
  },
};

const clauses: Laws = {
  'orderBy takes columns and asc or desc only': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    for (const orderBy of [
      { 'name; drop table vaults': 'asc' },
      { '(select 1)': 'asc' },
      { '1': 'asc' },
      { 'secret desc': 'asc' },
      body('{"__proto__":"asc"}'),
      { secret: 'asc; drop table vaults' },
      { secret: 'ASC,(select 1)' },
      { secret: {} },
      { secret: 'toString' },
      { secret: 1 },
      { secret: null },
      { constructor: 'asc' },
      { data: 'asc' },
      'secret',
      ['secret'],
      [null],
      null,
      body('{"secret":{"direction":"asc","nulls":"FIRST; drop"}}'),
    ]) {
      await expectCode(() => em.find(Vault, {}, { orderBy: orderBy as never }), 'validation');
    }
    await expectUntouched(db);
  },
  'limit and offset take whole numbers from 0 only': async (subject) => {
    await using db = await open(subject);
    const bad = [
      '1; drop table vaults',
      '1 union select',
      -1,
      1.5,
      Infinity,
      NaN,
      {},
      [1, 2],
      2 ** 53,
      '10',
      null,
      true,
      5n,
    ];
    for (const value of bad) {
      await expectCode(() => db.em().find(Vault, {}, { limit: value as never }), 'validation');
      await expectCode(() => db.em().find(Vault, {}, { offset: value as never }), 'validation');
    }
    await expectUntouched(db);
  },
  'populate takes paths of relations only': async (subject) => {
    await using db = await open(subject);
    for (const populate of [
      ['nope'],
      ['author.nope'],
      ['id'],
      ['author.'],
      ['.author'],
      [''],
      ['__proto__'],
      ['constructor'],
      'author',
      {},
      [1],
      null,
    ]) {
      await expectCode(() => db.em().find(Post, {}, { populate: populate as never }), 'validation');
    }
  },
  'a new entity takes its own columns and relations only': async (subject) => {
    await using db = await open(subject);
    for (const text of [
      '{"secret":"a","role":"b","isAdmin":true}',
      '{"secret":"a","role":"b","__proto__":{"isAdmin":true}}',
      '{"secret":"a","role":"b","constructor":{"prototype":{"x":1}}}',
      '{"secret":"a","role":"b","nested.role":"admin"}',
      '{"secret":"a","role":"b","toJSON":1}',
    ]) {
      await expectCode(() => db.em().create(Vault, body(text)), 'validation');
    }
    await expectCode(() => db.em().create(Post, body('{"title":"x","author":{"id":2,"name":"x"}}')), 'validation');
    await expectCode(() => db.em().create(Post, body('{"title":"x","tags":{"0":1}}')), 'validation');
    await expectCode(() => db.em().create(Post, body('{"title":"x","tags":[1]}')), 'validation');
    await expectCode(() => db.em().create(Author, body('null')), 'validation');
    expect(() => new Vault(body('{"secret":"a","role":"b","isAdmin":true}'))).toThrow(/isAdmin/);
    await expectUntouched(db);
  },
  'a hole of raw SQL takes values only': async () => {
    for (const hole of [
      undefined,
      {},
      [],
      NaN,
      Infinity,
      '\ud800',
      () => 1,
      Symbol('s'),
      new Map(),
      new Date(NaN),
      body('{"sql":"1=1"}'),
    ]) {
      await expectCode(() => sql`SELECT ${hole as never}`, 'validation');
    }
  },
  'an error and its event carry no value': async (subject) => {
    await using db = await open(subject);
    const events: unknown[] = [];
    db.on('statement', (event) => events.push(event));
    const em = db.em();
    em.create(Author, { name: 'hunter2', email: 'ada@x' });
    const error = await expectCode(() => em.flush(), 'unique-violation');
    expect(
      JSON.stringify([error, error.message, String(error.stack), String((error as { cause?: unknown }).cause), events]),
    ).not.toContain('hunter2');
  },
  'odd names of properties, columns and tables are names': async (subject) => {
    const emoji = await nameTaken(subject, '😀 a.b "."', 'é a.b "."');
    class Odd extends Entity('select "x"; --', {
      key: integer().primaryKey().generated(),
      // Every object inherits these two, which must not count as given values.
      valueOf: text().column('toString').nullable(),
      isPrototypeOf: text().column('a"b`c]d').nullable(),
      order: text().column('group'),
      emoji: text().column(emoji),
      value: text().column('count(*) as x'),
    }) {}
    await using db = await subject.open([Odd]);
    const em = db.em();
    const odd: { order: string } = em.create(Odd, { isPrototypeOf: 'b', order: 'c', emoji: 'd', value: 'e' } as never);
    await em.flush();
    odd.order = 'changed';
    await em.flush();
    const where = { order: 'changed', emoji: 'd', isPrototypeOf: 'b', valueOf: null };
    const found = await db.em().find(Odd, where as never, { orderBy: { emoji: 'desc', value: 'asc' } as never });
    expect(found.map((read) => JSON.parse(JSON.stringify(read)))).toEqual([
      { key: 1, valueOf: null, isPrototypeOf: 'b', order: 'changed', emoji: 'd', value: 'e' },
    ]);
    em.remove(odd);
    await em.flush();
    expect(await db.em().count(Odd)).toBe(0);
  },
};

/** The name, or another one where the engine has no such names, which is then a `validation` error. */
async function nameTaken(subject: Subject, name: string, instead: string): Promise<string> {
  class Plain extends Entity('plain', { id: integer().primaryKey() }) {}
  await using db = await subject.open([Plain]);
  try {
    db.dialect.quote(name);
    return name;
  } catch (error) {
    expect(error).toMatchObject({ code: 'validation' });
    return instead;
  }
}

/** What a request body may hold never becomes SQL, an operator, or a wider filter. */
export function attackSuite(subject: Subject): void {
  describe(`${subject.name}: criteria under attack`, () => {
    registerLaws(subject, 'criteria under attack', { ...values, ...filters, ...clauses });
  });
}
