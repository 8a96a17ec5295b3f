import { describe, expect, it } from 'vitest';
import { memory } from '../../../adapters/memory/index.ts';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import { createPersistence, type Persistence, sql } from '../../../src/index.ts';
import type { Dialect } from '../../../src/port.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { expectCode } from '../../conformance/laws.ts';
import { Author, library, Post, Tag } from '../../conformance/model/library.ts';

/** An engine with another placeholder, that hands keys out in an INSERT only and tells them as rows. */
const numbered: Dialect = {
  ...sqlite,
  placeholder: (position) => `$${position}`,
  generatedKeys: 'returned',
  allocateKeys: null,
};

async function open(driver = memory()): Promise<Persistence<typeof driver>> {
  return createPersistence({ driver, entities: library });
}

describe('memory() standing alone', () => {
  it('answers what is scripted, and the ORM works as over a database', async () => {
    const db = await open();
    db.driver.answer('FROM "authors"', { rows: [[7, 'Ada', null, null, null]] });
    db.driver.answer(/^UPDATE "authors"/, { affectedRows: 1 });
    const em = db.em();
    const [ada] = await em.find(Author);
    expect([ada?.id, ada?.name, ada?.email]).toEqual([7, 'Ada', null]);
    (ada as Author).name = 'Ada Lovelace';
    await em.flush();
    expect(db.driver.log.at(-2)).toMatchObject({ params: ['Ada Lovelace', 7], transaction: 1, answeredBy: 'script' });
    expect(db.driver.texts.slice(1)).toEqual([
      'BEGIN',
      'UPDATE "authors" SET "name" = ? WHERE "authors"."id" = ?',
      'COMMIT',
    ]);
    await db.close();
  });

  it('refuses what is not scripted with its text, and never with a value', async () => {
    const db = await open();
    const error = await expectCode(() => db.em().find(Post, { title: 'hunter2' }), 'configuration');
    expect(error.message).toContain('SELECT "t0"."id"');
    expect(error.message).toContain('driver.answer(');
    expect(error.message).not.toContain('hunter2');
    expect(db.driver.log[0]).toMatchObject({ error, answeredBy: null, result: null });
    await expectCode(() => createSchema(db), 'configuration');
    await db.close();
  });

  it('never pretends that a write was one: the next read is scripted, too', async () => {
    const db = await open();
    db.driver.answer(/^INSERT/, { keys: [1] });
    const em = db.em();
    const tag = em.create(Tag, { name: 'a' });
    await em.flush();
    expect([tag.id, em.stateOf(tag)]).toEqual([1, 'persistent']);
    await expectCode(() => db.em().count(Tag), 'configuration');
    await db.close();
  });

  it('speaks the dialect it is given, and tells generated keys in its way', async () => {
    const db = await open(memory({ dialect: numbered, capabilities: { numbersBindAsReal: false } }));
    db.driver.answerOnce('INSERT INTO "tags"', { keys: [40, 17] });
    const em = db.em();
    const tags = ['a', 'b'].map((name) => em.create(Tag, { name }));
    await em.flush();
    expect(tags.map(({ id }) => id)).toEqual([40, 17]);
    expect(db.driver.log[1]?.result?.rows).toEqual([
      [1, 40],
      [2, 17],
    ]);
    expect(db.driver.texts[1]).toContain('($1)');
    await db.close();
  });

  it('has the capabilities it is given, and no others', async () => {
    const driver = memory({
      capabilities: { interactive: 'none', batch: 'atomic', streaming: true, savepoints: false },
    });
    const connection = await driver.connect();
    expect(connection.transact).toBeUndefined();
    driver.answer('one', { rows: [[1]] });
    driver.answer('two', { affectedRows: 2 });
    const statements = ['one', 'two'].map((text) => ({ sql: text, params: [] }));
    expect(await connection.batch?.(statements)).toEqual([
      { columns: [], rows: [[1]], affectedRows: 0 },
      { columns: [], rows: [], affectedRows: 2 },
    ]);
    expect(driver.transactions).toMatchObject([{ id: 1, kind: 'batch', outcome: 'committed' }]);
    await expectCode(() => connection.batch?.([{ sql: 'three', params: [] }]), 'configuration');
    expect(driver.transactions[1]?.outcome).toBe('rolled back');
    const chunks = [];
    for await (const rows of connection.stream?.({ sql: 'one', params: [] }) ?? []) chunks.push(rows);
    expect(chunks).toEqual([[[1]]]);
    const db = await createPersistence({ driver, entities: library });
    // A transaction is a batch at its end, and has none inside of it.
    expect(await db.transaction(async () => 1)).toBe(1);
    await expectCode(() => db.transaction((tx) => tx.transaction(async () => 1)), 'unsupported-by-driver');
    const plain = await memory().connect();
    expect([plain.batch, plain.stream]).toEqual([undefined, undefined]);
  });

  it('takes transactions one after the other', async () => {
    const db = await open();
    const order: number[] = [];
    await Promise.all(
      [1, 2, 3].map((n) =>
        db.transaction(async () => {
          order.push(n);
          await new Promise((resolve) => setTimeout(resolve, 1));
          order.push(n);
        }),
      ),
    );
    expect(order).toEqual([1, 1, 2, 2, 3, 3]);
    expect(db.driver.texts).toEqual(['BEGIN', 'COMMIT', 'BEGIN', 'COMMIT', 'BEGIN', 'COMMIT']);
    await db.close();
  });

  it('has several transactions open at once where it is told that it can', async () => {
    const db = await open(memory({ capabilities: { concurrentTransactions: true } }));
    await db.transaction(() => db.transaction(async () => 'inside'));
    expect(db.driver.log.map(({ sql, transaction }) => [sql, transaction])).toEqual([
      ['BEGIN', 1],
      ['BEGIN', 2],
      ['COMMIT', 2],
      ['COMMIT', 1],
    ]);
    await db.close();
  });

  it('records savepoints, and what a rollback took back', async () => {
    const db = await open();
    db.driver.answer(/^(INSERT|x)/, { affectedRows: 1, keys: [1] });
    await db.transaction(async (outer) => {
      await outer.execute(sql`x1`);
      const inner = outer.transaction(async (tx) => {
        await tx.execute(sql`x2`);
        await tx.transaction(async (deep) => deep.execute(sql`x3`));
        throw new Error('inner');
      });
      await expect(inner).rejects.toThrow('inner');
      await outer.execute(sql`x4`);
    });
    expect(db.driver.log.filter(({ rolledBack }) => rolledBack).map((entry) => entry.sql)).toEqual(['x2', 'x3']);
    expect(db.driver.log.map(({ kind }) => kind)).toEqual([
      'begin',
      'statement',
      'savepoint',
      'statement',
      'savepoint',
      'statement',
      'release',
      'rollback-to',
      'release',
      'statement',
      'commit',
    ]);
    await expect(
      db.transaction(async (tx) => {
        await tx.execute(sql`x5`);
        throw new Error('all');
      }),
    ).rejects.toThrow('all');
    expect(db.driver.transactions.map(({ outcome }) => outcome)).toEqual(['committed', 'rolled back']);
    expect(db.driver.log.at(-2)).toMatchObject({ sql: 'x5', rolledBack: true, transaction: 2 });
    await db.close();
  });

  it('knows no savepoint that was not set', async () => {
    const db = await open();
    const failing = db.transaction((tx) => tx.execute(sql`ROLLBACK TO SAVEPOINT nowhere`));
    await expectCode(() => failing, 'driver');
    await db.close();
  });

  it('takes part of the clock', async () => {
    const db = await open(memory({ clock: { now: () => 86_400_000 } }));
    expect([db.driver.clock.now(), typeof db.driver.clock.monotonic()]).toEqual([86_400_000, 'number']);
    await db.close();
  });

  it('is closed after close(), scripts or not', async () => {
    const driver = memory();
    driver.answer('', {});
    const connection = await driver.connect();
    await driver.close();
    await expectCode(() => connection.execute({ sql: 'x', params: [] }), 'closed');
    await expectCode(() => connection.transact?.(async () => 1), 'closed');
    await expectCode(() => driver.connect(), 'closed');
  });
});

describe('Options that cannot be', () => {
  it.each<[string, () => unknown]>([
    ['an unknown name', () => memory({ dialekt: sqlite } as never)],
    ['a dialect beside a backing driver', () => memory({ backing: sqljs(), dialect: sqlite })],
    [
      'a capability that the backing driver has not',
      () => memory({ backing: sqljs(), capabilities: { streaming: true } }),
    ],
    ['a place before the first', () => memory().fail({ at: 0 })],
  ])('are a configuration error: %s', async (_, make) => {
    await expectCode(make, 'configuration');
  });

  it('name what was probably meant', () => {
    expect(() => memory({ dialekt: sqlite } as never)).toThrow("did you mean 'dialect'?");
  });

  it('may take capabilities away from a backing driver', async () => {
    const driver = memory({ backing: sqljs(), capabilities: { batch: 'none', savepoints: false } });
    expect((await driver.connect()).batch).toBeUndefined();
    expect(driver.capabilities).toMatchObject({ batch: 'none', savepoints: false, interactive: 'session' });
    await driver.close();
  });
});
