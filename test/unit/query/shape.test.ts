import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  all,
  and,
  between,
  contains,
  type EntityClass,
  eq,
  every,
  gt,
  isIn,
  isNull,
  ne,
  none,
  not,
  notIn,
  or,
  some,
} from '../../../src/index.ts';
import { openTables, queryPlanner, runPlan } from '../../support/query-planner.ts';
import type { RawSqljs } from '../../support/raw-sqljs.ts';
import { Author, Novel, Post, queryRegistry, rows, Tag } from './model.ts';

const id = fc.integer({ min: 0, max: 5 });
const number = fc.oneof(
  id,
  id.map(eq),
  id.map(ne),
  id.map(gt),
  fc.tuple(id, id).map(([low, high]) => between(low, high)),
  fc.array(id, { maxLength: 3 }).map(isIn),
  fc.array(id, { maxLength: 3 }).map(notIn),
);
const word = fc.constantFrom('Ada', 'Bob', 'one', 'two', 'x', 'a', '%');
const text = fc.oneof(word, word.map(eq), word.map(ne), word.map(contains), fc.array(word, { maxLength: 2 }).map(isIn));
const nullable = fc.oneof(text, fc.constant(null), fc.constant(isNull()));

/** An object with some of the properties, in any order. */
function someOf(properties: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  const names = Object.keys(properties);
  return fc
    .shuffledSubarray(names, { maxLength: Math.min(3, names.length) })
    .chain((chosen) =>
      fc
        .tuple(...chosen.map((name) => properties[name] ?? fc.constant(null)))
        .map((values) => Object.fromEntries(chosen.map((name, index) => [name, values[index]]))),
    );
}

function combined(plain: fc.Arbitrary<object>, again: fc.Arbitrary<object>): fc.Arbitrary<object> {
  const list = fc.array(again, { maxLength: 3 });
  return fc.oneof(
    { weight: 4, arbitrary: plain },
    { weight: 1, arbitrary: list.map((operands) => and(...operands)) },
    { weight: 1, arbitrary: list.map((operands) => or(...operands)) },
    { weight: 1, arbitrary: again.map((operand) => not(operand)) },
    { weight: 1, arbitrary: fc.constant(all()) },
  );
}

function quantified(where: fc.Arbitrary<object>): fc.Arbitrary<unknown> {
  return fc.tuple(fc.constantFrom(some, every, none), where).map(([quantifier, operand]) => quantifier(operand));
}

type Criteria = { author: object; post: object; tag: object };
const criteria = fc.letrec<Criteria>((tie) => ({
  author: combined(
    someOf({ id: number, name: text, bio: nullable, posts: quantified(tie('post')), pass: fc.constant(null) }),
    tie('author'),
  ),
  post: combined(
    someOf({
      id: number,
      title: text,
      author: fc.oneof(id, tie('author')),
      editor: fc.oneof(id, fc.constant(null), tie('author')),
      tags: quantified(tie('tag')),
      seat: fc.constantFrom(null, { row: 'A' }, {}),
    }),
    tie('post'),
  ),
  tag: combined(someOf({ name: text, posts: quantified(tie('post')) }), tie('tag')),
}));

const direction = fc.constantFrom('asc', 'desc');
const options = fc.record(
  {
    orderBy: fc.oneof(
      direction.map((by) => ({ id: by })),
      direction.map((by) => [{ title: by }, { id: 'asc' }]),
    ),
    limit: fc.integer({ min: 0, max: 3 }),
    offset: fc.integer({ min: 0, max: 2 }),
    count: fc.boolean(),
  },
  { requiredKeys: [] },
);
type Request = [target: EntityClass, where: object, rest: object];
const request: fc.Arbitrary<Request> = fc.oneof(
  fc.tuple(fc.constantFrom<EntityClass>(Post, Novel), criteria.post, options),
  fc.tuple(fc.constant<EntityClass>(Author), criteria.author, fc.constant({})),
  fc.tuple(fc.constant<EntityClass>(Tag), criteria.tag, fc.constant({})),
);

describe('the shape of criteria', () => {
  let raw: RawSqljs;
  beforeAll(async () => {
    raw = await openTables(queryRegistry());
    raw.db.exec(rows);
  });

  it('stands for one text, and a cached statement finds what a fresh one finds', () => {
    const registry = queryRegistry();
    const [cached, fresh] = [queryPlanner(registry), queryPlanner(registry, false)];
    const texts = new Map<string, string>();
    let plans = 0;
    fc.assert(
      fc.property(request, ([target, where, rest]) => {
        const one = fresh.plan(target, { where, ...rest });
        const other = cached.plan(target, { where, ...rest });
        plans += 1;
        expect(cached.lastShape).toBe(fresh.lastShape);
        expect(texts.get(fresh.lastShape) ?? one.compiled.sql).toBe(one.compiled.sql);
        texts.set(fresh.lastShape, one.compiled.sql);
        expect(other.compiled.sql).toBe(one.compiled.sql);
        expect(other.values).toEqual(one.values);
        expect(runPlan(raw, other)).toEqual(runPlan(raw, one));
      }),
      { seed: 20_261_121, numRuns: 1500 },
    );
    // Else nothing came out of the cache, and nothing was compared.
    expect(cached.compiled).toBeLessThan(plans);
    expect(cached.compiled).toBeGreaterThan(100);
    expect(fresh.compiled).toBe(plans);
  });

  it.each<[string, object, object]>([
    ['values', { id: 1, name: 'x' }, { id: 2, name: 'y' }],
    ['lengths of lists', { id: isIn([]) }, { id: isIn([1, 2, 3]) }],
    ['a value and eq()', { id: 1 }, { id: eq(2) }],
    ['null and isNull()', { bio: null }, { bio: isNull() }],
  ])('is the same for other %s', (_, one, other) => {
    const planner = queryPlanner(queryRegistry());
    planner.plan(Author, { where: one });
    planner.plan(Author, { where: other });
    expect(planner.compiled).toBe(1);
  });

  it.each<[string, object, object]>([
    ['operators', { id: gt(1) }, { id: eq(1) }],
    ['columns', { name: 'x' }, { bio: 'x' }],
    ['quantifiers', { posts: some({}) }, { posts: none({}) }],
    ['quantifiers that negate', { posts: every({ id: 1 }) }, { posts: none({ id: 1 }) }],
    ['conditions', or({ id: 1 }, { id: 2 }), and({ id: 1 }, { id: 2 })],
    ['groups', or({ id: 1 }, { id: 2, name: 'x' }), or({ id: 1 }, { id: 2 }, { name: 'x' })],
    ['null and a value', { bio: null }, { bio: 'x' }],
  ])('differs for other %s', (_, one, other) => {
    const planner = queryPlanner(queryRegistry());
    planner.plan(Author, { where: one });
    planner.plan(Author, { where: other });
    expect(planner.compiled).toBe(2);
  });
});
