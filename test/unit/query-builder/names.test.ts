import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import { createPersistence, Entity, integer, manyToOne, type Persistence, text } from '../../../src/index.ts';
import { anyOf, field, from, recursive, unionAll } from '../../../src/query-builder/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { refusal } from './shop.ts';

/** Its columns are called like methods of expressions, like words of SQL, and like nothing that needs no quotes. */
class Vote extends Entity('order', {
  id: integer().primaryKey().generated(),
  like: text(),
  in: text(),
  not: integer(),
  and: integer(),
  value: text(),
  path: text(),
  source: text(),
  group: text().column('a "quoted" name; --'),
}) {}
class Entry extends Entity('entries', { id: integer().primaryKey().generated(), name: text() }) {
  vote = manyToOne(() => Vote);
}

let db: Persistence;
beforeAll(async () => {
  db = await createPersistence({ driver: sqljs(), entities: [Vote, Entry] });
  await createSchema(db);
  const em = db.em();
  const vote = em.create(Vote, { like: 'l', in: 'i', not: 1, and: 2, value: 'v', path: 'p', source: 's', group: 'g' });
  em.create(Entry, { name: 'one', vote });
  await em.flush();
});
afterAll(() => db.close());

/** Names that objects have already, that promises and JSON ask for, or that mean something here. */
const names = [
  'constructor',
  'then',
  'toJSON',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'value',
  'like',
  'length',
  'c0',
];

describe('A property of a result', () => {
  it.each(names)('may be called %s, in objects and nested ones, and is its own', async (name) => {
    const query = from(Entry).select((entry) => ({ [name]: entry.id, nested: { [name]: entry.name } }));
    const [row] = await db.em().all(query);
    if (row === undefined) throw new Error('no row');
    expect(Object.entries(row)).toEqual([
      [name, 1],
      ['nested', { [name]: 'one' }],
    ]);
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  });

  it.each(names)('may be called %s in queries inside of others, and touches no prototype', async (name) => {
    const inner = from(Entry).select((entry) => ({ [name]: { [name]: entry.id, deep: { [name]: entry.name } } }));
    const expected = [{ [name]: { [name]: 1, deep: { [name]: 'one' } } }];
    expect(await db.em().all(from(inner))).toEqual(expected);
    expect(await db.em().all(unionAll(inner, inner))).toEqual([...expected, ...expected]);
    expect(await db.em().all(recursive(inner, (found) => found.where(() => anyOf([]))))).toEqual(expected);
    const plain: Record<string, unknown> = {};
    expect([plain.deep, Reflect.get(Object, 'deep'), Reflect.get(Object.prototype.toString, 'deep')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('cannot be called __proto__, however it came there', async () => {
    for (const projection of [
      (entry: { id: unknown }) => Object.defineProperty({}, '__proto__', { value: entry.id, enumerable: true }),
      (entry: { id: unknown }) => ({
        a: Object.defineProperty({}, '__proto__', { value: entry.id, enumerable: true }),
      }),
      (entry: { id: unknown }) => ({ ['__proto__']: entry.id }),
    ]) {
      const error = await refusal(() => db.em().all(from(Entry).select(projection as () => never)));
      expect([error.code, error.message]).toEqual(['validation', expect.stringContaining("'__proto__'")]);
    }
  });

  it('may have any name where no query is around it, and no dots where one is', async () => {
    const query = from(Entry).select((entry) => ({ 'vote.like': entry.id, '': entry.name, '"; --': entry.name }));
    expect(await db.em().all(query)).toEqual([{ 'vote.like': 1, '': 'one', '"; --': 'one' }]);
    for (const name of ['a.b', '']) {
      const inner = from(Entry).select((entry) => ({ [name]: entry.id }));
      expect((await refusal(() => db.em().all(from(inner)))).message).toContain(`cannot be called '${name}'`);
    }
    const quoted = from(Entry).select((entry) => ({ '"; --': entry.name }));
    expect(await db.em().all(from(quoted).where((row) => row['"; --'].eq('one')))).toEqual([{ '"; --': 'one' }]);
  });

  it('has one column only', async () => {
    const twice = from(Entry).select((entry) => ({ 'a.b': entry.id, a: { b: entry.name } }));
    expect((await refusal(() => db.em().all(twice))).message).toContain("two columns 'a.b'");
  });
});

describe('A column', () => {
  it('that is called like a method is a field of its entity, and by field() one behind a relation', async () => {
    const own = from(Vote).select(
      (vote) => [vote.like, vote.in, vote.value, vote.path, vote.source, vote.group] as never,
    );
    expect((await refusal(() => db.em().all(own))).code).toBe('validation');
    const row = from(Vote)
      .where((vote) => vote.like.eq('l').and(vote.not.eq(1), vote.and.plus(vote.not).eq(3)))
      .groupBy((vote) => [vote.like, vote.in, vote.value, vote.path, vote.source, vote.group])
      .select(({ like, in: within, value, path, source, group }) => ({ like, in: within, value, path, source, group }));
    const values = { like: 'l', in: 'i', value: 'v', path: 'p', source: 's', group: 'g' };
    expect(await db.em().all(row)).toEqual([values]);
    expect(await db.em().all(from(row).select(({ group, like }) => ({ group, like })))).toEqual([
      { group: 'g', like: 'l' },
    ]);
    const behind = from(Entry)
      .where((entry) => field<number>(entry.vote, 'not').eq(1))
      .select((entry) => ({
        like: field<string>(entry.vote, 'like'),
        not: field<number>(entry.vote, 'not'),
        value: entry.vote.value,
        group: entry.vote.group,
      }));
    expect(await db.em().all(behind)).toEqual([{ like: 'l', not: 1, value: 'v', group: 'g' }]);
  });

  it('that nobody declared is refused under its name, cut short', async () => {
    for (const name of [
      '__proto__',
      'constructor',
      'then',
      'toJSON',
      'hasOwnProperty',
      '__defineGetter__',
      'x'.repeat(500),
    ]) {
      const unknown = from(Entry).where(
        (entry) => (entry as unknown as Record<string, { eq(x: 1): never }>)[name]?.eq(1) as never,
      );
      const error = await refusal(() => db.em().all(unknown));
      expect([error.code, error.message]).toEqual(['validation', expect.stringContaining(`'${name.slice(0, 60)}'`)]);
    }
  });
});

describe('Fields', () => {
  it('look like nothing to await, JSON, and iteration', async () => {
    const seen: unknown[] = [];
    from(Entry).where((entry) => {
      seen.push(entry, entry.name, entry.vote);
      return entry.id.gt(0);
    });
    for (const one of seen) {
      expect(await one).toBe(one);
      expect(JSON.stringify(one)).toBe('{}');
      expect(Object.keys(one as object)).toEqual([]);
      expect(() => [...(one as Iterable<unknown>)]).toThrow(TypeError);
      expect(Object.prototype.toString.call(one)).toBe('[object Object]');
    }
  });
});
