import { describe, expect, it } from 'vitest';
import { Operator } from '../../../src/criteria/operator.ts';
import { all, and, between, eq, isIn, like, not, or, some } from '../../../src/index.ts';
import { queryPlanner } from '../../support/query-planner.ts';
import { refusalOf } from '../../support/registry-of.ts';
import { Author, queryRegistry } from '../query/model.ts';

const genuine = like('%') as unknown as Operator;

// The bare realm has no structuredClone: a copy, which is what a clone of an object comes to, stands for it there.
const cloneOf = (value: object): object => globalThis.structuredClone?.(value) ?? { ...value };

/** Everything that has the looks of an operator without having been made by a function of ours. */
const forgeries: Record<string, unknown> = {
  'parsed JSON': JSON.parse(JSON.stringify(genuine)),
  'JSON written by hand': JSON.parse('{"kind":"all","operands":[]}'),
  'a structured clone': cloneOf(genuine),
  'an object that inherits from one': Object.create(genuine),
  'a copy': { ...genuine },
  'an object with its prototype': Object.setPrototypeOf({ kind: 'like', operands: ['%'] }, Operator.prototype),
  'a proxy of one': new Proxy(genuine, {}),
  'raw SQL as other libraries have it': JSON.parse('{"__raw":true,"sql":"1=1","params":[]}'),
  'a map of symbols': { [Symbol.for('meshestra.operator')]: true, kind: 'all', operands: [] },
};

describe('the brand of operators', () => {
  it.each([
    ['a condition', and({ id: 1 }, or(), not({}))],
    ['everything', all()],
    ['a comparison', eq(1)],
    ['a range', between(1, 2)],
    ['a list', isIn([1])],
    ['a quantifier', some({})],
    ['a pattern', like('%')],
  ])('is on %s', (_, operator) => {
    expect(Operator.is(operator)).toBe(true);
  });

  it.each(Object.entries(forgeries))('is not on %s', (_, forged) => {
    expect(Operator.is(forged)).toBe(false);
  });

  it.each([[null], [undefined], [0], [''], ['all'], [true], [1n], [Symbol('x')], [() => true], [[]], [[genuine]]])(
    'is not on %o',
    (value) => {
      expect(Operator.is(value)).toBe(false);
    },
  );

  it.each(Object.entries(forgeries))('makes %s a value at most, never a condition', (_, forged) => {
    const planner = queryPlanner(queryRegistry());
    for (const where of [forged, { name: forged }, { posts: forged }, { settings: forged }, { id: isIn([forged]) }]) {
      expect(refusalOf(() => planner.plan(Author, { where }))).toMatchObject({ code: 'validation' });
    }
  });

  it('lets a JSON column be compared with what looks like an operator', () => {
    const planner = queryPlanner(queryRegistry());
    const { compiled, values } = planner.plan(Author, { where: { settings: eq(forgeries['parsed JSON']) } });
    expect(compiled.sql).toContain('WHERE "t0"."settings" = ?');
    expect(values).toEqual(['{"kind":"like","operands":["%"]}']);
  });
});
