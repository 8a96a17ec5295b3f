import { sql } from '../../../src/index.ts';
import { Cell } from './cells.ts';
import type { Actor, Scene, Step } from './interleaving.ts';

/** An interleaving of transactions; answers whether the anomaly that it lays a trap for was there to be seen. */
export type Interleaving = (scene: Scene) => Promise<boolean>;

/** The value that a step gave, undefined where it failed. */
const only = async (step: () => Promise<Step<number[]>>): Promise<number | undefined> => (await step()).value?.[0];
const all = async (step: () => Promise<Step<number[]>>): Promise<readonly number[]> => (await step()).value ?? [];
const committed = (...actors: Actor[]): boolean => actors.every(({ outcome }) => outcome === 'committed');
const isOneOf = (value: unknown, ...allowed: unknown[]): boolean =>
  allowed.some((each) => JSON.stringify(each) === JSON.stringify(value));

const idsWhereValueIs = (value: number) => sql`SELECT id FROM cells WHERE value = ${value} ORDER BY id`;
const idsWhereDivisibleBy3 = sql`SELECT id FROM cells WHERE value % 3 = 0 ORDER BY id`;

const reads = {
  'G1a: aborted reads': async (scene) => {
    const [t1, t2] = [await scene.begin(), await scene.begin()];
    await t1.write(1, 101);
    const before = await t2.read(1);
    await t1.rollback();
    const after = await t2.read(1);
    await t2.commit();
    await scene.end();
    return (await only(before)) === 101 || (await only(after)) === 101;
  },
  'G1b: intermediate reads': async (scene) => {
    const [t1, t2] = [await scene.begin(), await scene.begin()];
    await t1.write(1, 101);
    const before = await t2.read(1);
    await t1.write(1, 11);
    await t1.commit();
    const after = await t2.read(1);
    await t2.commit();
    await scene.end();
    return (await only(before)) === 101 || (await only(after)) === 101;
  },
  'G1c: circular information flow': async (scene) => {
    const [t1, t2] = [await scene.begin(), await scene.begin()];
    await t1.write(1, 11);
    await t2.write(2, 22);
    const byT1 = await t1.read(2);
    const byT2 = await t2.read(1);
    await t1.commit();
    await t2.commit();
    await scene.end();
    return committed(t1, t2) && (await only(byT1)) === 22 && (await only(byT2)) === 11;
  },
  'OTV: an observed transaction vanishes': async (scene) => {
    const [t1, t2, t3] = [await scene.begin(), await scene.begin(), await scene.begin()];
    await t1.write(1, 11);
    await t1.write(2, 19);
    await t2.write(1, 12);
    await t1.commit();
    const seen = [await t3.read(1), await t3.read(2)];
    await t2.write(2, 18);
    seen.push(await t3.read(2));
    await t2.commit();
    seen.push(await t3.read(2), await t3.read(1));
    await t3.commit();
    await scene.end();
    // Which transaction's value each read saw; who has seen one of a later transaction must not see an earlier one's.
    const age = new Map([10, 20, 11, 19, 12, 18].map((value, index) => [value, Math.floor(index / 2)]));
    const values = (await Promise.all(seen.map(only))).flatMap((value) => value ?? []);
    const ages = values.map((value) => age.get(value) as number);
    return ages.some((each, index) => each < (ages[index - 1] ?? 0));
  },
  'PMP: a predicate meets rows of many transactions': async (scene) => {
    const [t1, t2] = [await scene.begin(), await scene.begin()];
    const first = await t1.select(idsWhereValueIs(30));
    await t2.execute(sql`INSERT INTO cells (id, value) VALUES (3, 30)`);
    await t2.commit();
    const second = await t1.select(idsWhereDivisibleBy3);
    await t1.commit();
    await scene.end();
    return !(await all(first)).includes(3) && (await all(second)).includes(3);
  },
  'G-single: read skew': async (scene) => {
    const [t1, t2] = [await scene.begin(), await scene.begin()];
    const first = await t1.read(1);
    await t2.read(1);
    await t2.read(2);
    await t2.write(1, 12);
    await t2.write(2, 18);
    await t2.commit();
    const second = await t1.read(2);
    await t1.commit();
    await scene.end();
    return (await only(first)) === 10 && (await only(second)) === 18;
  },
  'G-single: read skew by predicates': async (scene) => {
    const [t1, t2] = [await scene.begin(), await scene.begin()];
    const first = await t1.select(sql`SELECT id FROM cells WHERE value % 5 = 0 ORDER BY id`);
    await t2.execute(sql`UPDATE cells SET value = 12 WHERE value = 10`);
    await t2.commit();
    const second = await t1.select(idsWhereDivisibleBy3);
    await t1.commit();
    await scene.end();
    return (await all(first)).includes(1) && (await all(second)).includes(1);
  },
} satisfies Record<string, Interleaving>;

const writes = {
  'G0: dirty writes': async (scene) => {
    const [t1, t2] = [await scene.begin(), await scene.begin()];
    await t1.write(1, 11);
    await t2.write(1, 12);
    await t1.write(2, 21);
    await t1.commit();
    await t2.write(2, 22);
    await t2.commit();
    await scene.end();
    const { 1: one, 2: two } = await scene.cells();
    return !isOneOf([one, two], [10, 20], [11, 21], [12, 22]);
  },
  'PMP: a predicate of a write meets other rows than that of a read': async (scene) => {
    const [t1, t2] = [await scene.begin(), await scene.begin()];
    const first = await t2.select(idsWhereValueIs(20));
    await t1.execute(sql`UPDATE cells SET value = value + 10`);
    await t2.execute(sql`DELETE FROM cells WHERE value = 20`);
    await t1.commit();
    await t2.commit();
    await scene.end();
    // One after the other, in either order, T2 deletes the row that it read.
    const inOrder = [
      [[1], { 2: 30 }],
      [[2], { 1: 20 }],
    ];
    return committed(t1, t2) && !isOneOf([await all(first), await scene.cells()], ...inOrder);
  },
  'P4: lost update': async (scene) => {
    const [t1, t2] = [await scene.begin(), await scene.begin()];
    const load = (actor: Actor) => actor.run(async (tx) => (await tx.findById(Cell, 1)) as Cell);
    const [one, two] = [await load(t1), await load(t2)];
    const increment = (actor: Actor, loaded: () => Promise<Step<Cell>>) =>
      actor.run(async (tx) => {
        const cell = (await loaded()).value as Cell;
        cell.value += 1;
        await tx.flush();
      });
    await increment(t1, one);
    await increment(t2, two);
    await t1.commit();
    await t2.commit();
    await scene.end();
    return committed(t1, t2) && (await scene.cells())[1] === 11;
  },
  'G-single: a write misses the row that was read': async (scene) => {
    const [t1, t2] = [await scene.begin(), await scene.begin()];
    const first = await t1.read(1);
    await t2.write(1, 12);
    await t2.write(2, 18);
    await t2.commit();
    await t1.execute(sql`DELETE FROM cells WHERE value = 20`);
    await t1.commit();
    await scene.end();
    // T1 read the first cell as it was before T2, so that it should have found the second one before T2, too.
    return committed(t1, t2) && (await only(first)) === 10 && 2 in (await scene.cells());
  },
  'G2-item: write skew': async (scene) => {
    const [t1, t2] = [await scene.begin(), await scene.begin()];
    const seen = [await t1.read(1), await t1.read(2), await t2.read(1), await t2.read(2)];
    await t1.write(1, 11);
    await t2.write(2, 21);
    await t1.commit();
    await t2.commit();
    await scene.end();
    return committed(t1, t2) && isOneOf(await Promise.all(seen.map(only)), [10, 20, 10, 20]);
  },
  'G2: write skew by predicates': async (scene) => {
    const [t1, t2] = [await scene.begin(), await scene.begin()];
    const [first, second] = [await t1.select(idsWhereDivisibleBy3), await t2.select(idsWhereDivisibleBy3)];
    await t1.execute(sql`INSERT INTO cells (id, value) VALUES (3, 30)`);
    await t2.execute(sql`INSERT INTO cells (id, value) VALUES (4, 42)`);
    await t1.commit();
    await t2.commit();
    await scene.end();
    return committed(t1, t2) && (await all(first)).length + (await all(second)).length === 0;
  },
  'G2: a reader sees what the order of two writers rules out': async (scene) => {
    const [t1, t2] = [await scene.begin(), await scene.begin()];
    const everything = sql`SELECT value FROM cells ORDER BY id`;
    const first = await t1.select(everything);
    await t2.execute(sql`UPDATE cells SET value = value + 5 WHERE id = 2`);
    await t2.commit();
    const t3 = await scene.begin();
    const between = await t3.select(everything);
    await t3.commit();
    await t1.write(1, 0);
    await t1.commit();
    await scene.end();
    return (
      committed(t1, t2, t3) &&
      isOneOf(
        [await all(first), await all(between)],
        [
          [10, 20],
          [10, 25],
        ],
      )
    );
  },
} satisfies Record<string, Interleaving>;

/**
 * The Hermitage interleavings (https://github.com/ept/hermitage), by the anomaly of Adya's that each is made for. In all
 * of them a transaction whose statement fails is rolled back and not tried again.
 */
export const anomalies = { ...writes, ...reads };

export type Anomaly = keyof typeof anomalies;
