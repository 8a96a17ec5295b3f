import fc from 'fast-check';
import { abs, coalesce, type Expression, type Fields } from '../../../../src/query-builder/index.ts';
import type { Sale } from '../../model/sales.ts';
import { add, compare, type Decimal, multiplied, negated, withScale } from './exact-number.ts';
import { exactly, type SaleRow } from './sale-row.ts';

/** The fields of a sale, as callbacks receive them. */
export type SaleFields = Fields<Sale>;

/** An expression over numbers, beside what it means. Its numbers are whole, or decimals. */
export interface NumberExpression {
  readonly isWhole: boolean;
  /** Digits behind the point. */
  readonly scale: number;
  readonly text: string;
  readonly make: (sale: SaleFields) => Expression<number | null> | Expression<string | null>;
  readonly value: (row: SaleRow) => Decimal | null;
}

/** A condition, beside what it means: null where it is unknown. */
export interface Condition {
  readonly text: string;
  readonly make: (sale: SaleFields) => Expression<boolean>;
  readonly holds: (row: SaleRow) => boolean | null;
}

const whole = (value: number): Decimal => ({ units: BigInt(value), scale: 0 });

const LEAVES: readonly NumberExpression[] = [
  { isWhole: true, scale: 0, text: 'amount', make: ({ amount }) => amount, value: ({ amount }) => whole(amount) },
  { isWhole: false, scale: 2, text: 'price', make: ({ price }) => price, value: ({ price }) => exactly(price, 2) },
  {
    isWhole: false,
    scale: 3,
    text: 'discount',
    make: ({ discount }) => discount,
    value: ({ discount }) => exactly(discount, 3),
  },
  {
    isWhole: false,
    scale: 3,
    text: "coalesce(discount, '1.500')",
    make: ({ discount }) => coalesce(discount, '1.500'),
    value: ({ discount }) => exactly(discount ?? '1.500', 3),
  },
];

type Whole = Expression<number>;

// The types of the builder tell whole numbers and decimals apart; here a value decides.
const asWhole = (expression: unknown): Whole => expression as Whole;

function computedWith(number: NumberExpression, by: number, operator: 'plus' | 'minus' | 'times'): NumberExpression {
  return {
    isWhole: number.isWhole,
    scale: number.scale,
    text: `${number.text}.${operator}(${by})`,
    make: (sale) => asWhole(number.make(sale))[operator](by),
    value(row) {
      const value = number.value(row);
      if (value === null) return null;
      if (operator === 'times') return multiplied(value, whole(by));
      return add(value, operator === 'plus' ? whole(by) : whole(-by));
    },
  };
}

function together(left: NumberExpression, right: NumberExpression, operator: 'plus' | 'minus'): NumberExpression {
  return {
    isWhole: left.isWhole,
    scale: Math.max(left.scale, right.scale),
    text: `${left.text}.${operator}(${right.text})`,
    make: (sale) => asWhole(left.make(sale))[operator](asWhole(right.make(sale))),
    value(row) {
      const [a, b] = [left.value(row), right.value(row)];
      return a === null || b === null ? null : add(a, operator === 'plus' ? b : negated(b));
    },
  };
}

function orElse(first: NumberExpression, second: NumberExpression): NumberExpression {
  const scale = Math.max(first.scale, second.scale);
  return {
    isWhole: first.isWhole,
    scale,
    text: `coalesce(${first.text}, ${second.text})`,
    make: (sale) => coalesce(asWhole(first.make(sale)), asWhole(second.make(sale))),
    value(row) {
      const value = first.value(row) ?? second.value(row);
      return value === null ? null : withScale(value, scale);
    },
  };
}

function size(of: NumberExpression): NumberExpression {
  return {
    isWhole: of.isWhole,
    scale: of.scale,
    text: `abs(${of.text})`,
    make: (sale) => abs(asWhole(of.make(sale))),
    value(row) {
      const value = of.value(row);
      return value !== null && value.units < 0n ? negated(value) : value;
    },
  };
}

/** Numbers of a sale and what is computed of them, a few steps deep. */
export const numbers: fc.Arbitrary<NumberExpression> = fc.letrec<{ number: NumberExpression }>((tie) => ({
  number: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...LEAVES),
    fc
      .tuple(tie('number'), fc.integer({ min: -3, max: 3 }), fc.constantFrom(...(['plus', 'minus', 'times'] as const)))
      .map(([number, by, operator]) => computedWith(number, by, operator)),
    fc
      .tuple(tie('number'), tie('number'), fc.constantFrom(...(['plus', 'minus'] as const)))
      .filter(([left, right]) => left.isWhole === right.isWhole)
      .map(([left, right, operator]) => together(left, right, operator)),
    tie('number').map(size),
    fc
      .tuple(tie('number'), tie('number'))
      .filter(([first, second]) => first.isWhole === second.isWhole)
      .map(([first, second]) => orElse(first, second)),
  ),
})).number;

const COMPARED = {
  eq: (order: number) => order === 0,
  lt: (order: number) => order < 0,
  lte: (order: number) => order <= 0,
  gt: (order: number) => order > 0,
  gte: (order: number) => order >= 0,
};

const comparisons: fc.Arbitrary<Condition> = fc
  .tuple(numbers, numbers, fc.constantFrom(...(['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const)))
  .filter(([left, right]) => left.isWhole === right.isWhole)
  .map(([left, right, operator]) => ({
    text: `${left.text}.${operator}(${right.text})`,
    make: (sale) => asWhole(left.make(sale))[operator](asWhole(right.make(sale))),
    holds(row) {
      const [a, b] = [left.value(row), right.value(row)];
      // NULL is a value like others.
      if (operator === 'ne') return a === null || b === null ? a !== b : compare(a, b) !== 0;
      return a === null || b === null ? null : COMPARED[operator](compare(a, b));
    },
  }));

const SIMPLE: readonly Condition[] = [
  { text: 'paid', make: ({ paid }) => paid as Expression<boolean>, holds: ({ paid }) => paid },
  {
    text: 'discount.isNull()',
    make: ({ discount }) => discount.isNull(),
    holds: ({ discount }) => discount === null,
  },
  {
    text: "seller.name.eq('Ann')",
    make: ({ seller }) => seller.name.eq('Ann'),
    holds: ({ seller }) => (seller === null ? null : seller === 'Ann'),
  },
  {
    text: "seller.name.ne('Ann')",
    make: ({ seller }) => seller.name.ne('Ann'),
    holds: ({ seller }) => seller !== 'Ann',
  },
  {
    text: "seller.name.notIn(['Eve', 'Max'])",
    make: ({ seller }) => seller.name.notIn(['Eve', 'Max']),
    holds: ({ seller }) => (seller === null ? null : seller === 'Ann'),
  },
  {
    text: "place.city.in(['Rome', 'Bonn'])",
    make: ({ place }) => place.city.in(['Rome', 'Bonn']),
    holds: ({ city }) => city === 'Rome' || city === 'Bonn',
  },
  {
    text: "place.city.contains('o')",
    make: ({ place }) => place.city.contains('o'),
    // Case counts on some engines only; there is none in which a capital O begins.
    holds: ({ city }) => city.includes('o'),
  },
];

function allOf(left: boolean | null, right: boolean | null): boolean | null {
  if (left === false || right === false) return false;
  return left === null || right === null ? null : true;
}

/** Conditions over a sale. */
export const conditions: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...SIMPLE),
    comparisons,
    fc.tuple(tie('condition'), tie('condition'), fc.boolean()).map(
      ([left, right, isAnd]): Condition => ({
        text: `(${left.text} ${isAnd ? 'and' : 'or'} ${right.text})`,
        make: (sale) => (isAnd ? left.make(sale).and(right.make(sale)) : left.make(sale).or(right.make(sale))),
        holds(row) {
          const [a, b] = [left.holds(row), right.holds(row)];
          if (isAnd) return allOf(a, b);
          const neither = allOf(a === null ? null : !a, b === null ? null : !b);
          return neither === null ? null : !neither;
        },
      }),
    ),
    tie('condition').map(
      (condition): Condition => ({
        text: `not ${condition.text}`,
        make: (sale) => condition.make(sale).not(),
        holds: (row) => condition.holds(row) !== true,
      }),
    ),
  ),
})).condition;
