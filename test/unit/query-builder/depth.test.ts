import { describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import { createPersistence, Entity, integer, text, ValidationError } from '../../../src/index.ts';
import { allOf, anyOf, type Expression, from, literal, statementOf } from '../../../src/query-builder/index.ts';
import { createSchema } from '../../../src/schema/index.ts';

class Item extends Entity('items', { id: integer().primaryKey().generated(), name: text(), n: integer() }) {}

async function openItems() {
  const db = await createPersistence({ driver: sqljs(), entities: [Item] });
  await createSchema(db);
  const em = db.em();
  em.create(Item, { name: 'one', n: 1 });
  await em.flush();
  return db;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('A built query of any size', () => {
  it('takes 5,000 conditions, in a list and one behind the other, and 100,000 values', async () => {
    await using db = await openItems();
    const items = from(Item);
    const inList = items.where((item) => anyOf(numbers(5000).map((n) => item.n.eq(n))));
    expect(await db.em().all(inList)).toHaveLength(1);
    const inChain = items.where((item) => {
      let condition: Expression<boolean> = item.n.eq(1);
      for (const n of numbers(5000)) condition = condition.or(item.n.eq(n));
      return condition;
    });
    expect(await db.em().all(inChain)).toHaveLength(1);
    expect(await db.em().all(items.where((item) => item.n.in(numbers(100_000))))).toHaveLength(1);
    expect(await db.em().all(items.where((item) => allOf(numbers(100).map((n) => item.n.ne(n + 2)))))).toHaveLength(1);
  });

  it.each([600, 100_000])('refuses expressions nested %i deep, before any SQL', async (depth) => {
    await using db = await openItems();
    const negated = from(Item).where((item) => {
      let condition: Expression<boolean> = item.n.eq(1);
      for (let level = 0; level < depth; level += 1) condition = condition.not();
      return condition;
    });
    await expect(db.em().all(negated)).rejects.toBeInstanceOf(ValidationError);
    const added = from(Item).select((item) => {
      let sum: Expression<number> = item.n;
      for (let level = 0; level < depth; level += 1) sum = sum.plus(1);
      return sum;
    });
    await expect(db.em().all(added)).rejects.toBeInstanceOf(ValidationError);
  });

  it('is a statement with parameters, whatever the values are', async () => {
    await using db = await openItems();
    const query = from(Item)
      .where((item) => item.name.eq(`" OR 1 = 1 --`).and(item.n.gt(3)))
      .select((item) => ({ id: item.id, text: literal("'") }));
    expect(statementOf(query, db)).toEqual({
      sql: 'SELECT "t0"."id", ? FROM "items" AS "t0" WHERE "t0"."name" = ? AND "t0"."n" > ?',
      params: ["'", '" OR 1 = 1 --', 3],
    });
  });

  it('takes nothing that only looks like a query or an expression', async () => {
    await using db = await openItems();
    const forged: unknown[] = [
      JSON.parse('{"read": "x"}'),
      JSON.parse('{"lower": {}, "value": 1}'),
      { ...from(Item) },
      { plan: () => ({}) },
    ];
    for (const query of forged) await expect(db.em().all(query as never)).rejects.toThrow();
    for (const value of [JSON.parse('{"eq": 1}'), { $gt: 0 }, [1], { toString: () => '1' }, true]) {
      const query = from(Item).where((item) => item.n.eq(value as never));
      await expect(db.em().all(query)).rejects.toBeInstanceOf(ValidationError);
    }
  });
});
