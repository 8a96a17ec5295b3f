import { describe, expect, it } from 'vitest';
import { type MemoryDriver, memory } from '../../../adapters/memory/index.ts';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import { createPersistence, type EntityManager, type Persistence } from '../../../src/index.ts';
import type { Dialect, Driver } from '../../../src/port.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { library, Topic } from '../../conformance/model/library.ts';

/** SQLite as an engine with other traits, as some are. */
async function open(traits: Partial<Dialect>): Promise<{ db: Persistence; em: EntityManager; driver: MemoryDriver }> {
  const inner = sqljs();
  const dialect: Dialect = { ...inner.dialect, ...traits };
  const driver = memory({
    backing: new Proxy<Driver>(inner, { get: (target, key) => replaced(target, key, dialect) }),
  });
  const db = await createPersistence({ driver, entities: library });
  await createSchema(db);
  driver.reset();
  return { db, em: db.em(), driver };
}

function replaced(target: Driver, key: string | symbol, dialect: Dialect): unknown {
  if (key === 'dialect') return dialect;
  const value: unknown = Reflect.get(target, key);
  return typeof value === 'function' ? value.bind(target) : value;
}

const inserts = ({ log }: MemoryDriver) =>
  log.filter(({ sql }) => sql.startsWith('INSERT')).map(({ params }) => params);

describe('Where keys cannot be allocated before an INSERT', () => {
  it('the rows of a tree are inserted at once, and tied by an UPDATE', async () => {
    const { db, em, driver } = await open({ allocateKeys: null });
    const root = em.create(Topic, { name: 'root' });
    const branches = ['a', 'b'].map((name) => em.create(Topic, { name, parent: root }));
    for (const parent of branches) em.create(Topic, { name: `${parent.name}1`, parent });
    await em.flush();
    expect(inserts(driver)).toEqual([['root', null, 'a', null, 'b', null, 'a1', null, 'b1', null]]);
    const leaf = await db.em().findOne(Topic, { name: 'b1' }, { populate: ['parent.parent'] });
    expect(leaf?.parent.get()?.parent.get()?.name).toBe('root');
  });

  it('so are those of a deep one', async () => {
    const { db, em, driver } = await open({ allocateKeys: null });
    const topics = await chain(em, 50);
    const writes = driver.log.map(({ sql }) => sql).filter((sql) => /INSERT|UPDATE/.test(sql));
    expect(writes.map((sql) => sql.includes('INSERT'))).toEqual([true, false]);
    expect(topics.map(({ id, parent }) => [id, parent.id])).toEqual(
      topics.map((_, index) => [index + 1, index === 0 ? null : index]),
    );
    const read = await db.em().find(Topic, {}, { orderBy: { id: 'asc' } });
    expect(read.map(({ parent }) => parent.id)).toEqual(topics.map(({ parent }) => parent.id));
    driver.reset();
    await em.flush();
    expect(driver.texts).toEqual([]);
  });

  it('a row that refers to itself is closed by an UPDATE', async () => {
    const { db, em } = await open({ allocateKeys: null });
    const topic = em.create(Topic, { name: 'self' });
    topic.parent.set(topic);
    await em.flush();
    expect([topic.id, topic.parent.id]).toEqual([1, 1]);
    expect((await db.em().findById(Topic, 1))?.parent.id).toBe(1);
  });
});

/** Topics in a chain of parents, stored. */
async function chain(em: EntityManager, length: number): Promise<Topic[]> {
  const topics: Topic[] = [];
  for (let index = 0; index < length; index += 1) {
    const parent = topics[index - 1];
    topics.push(em.create(Topic, { name: `t${index}`, ...(parent === undefined ? {} : { parent }) }));
  }
  await em.flush();
  return topics;
}

describe('Where foreign keys are checked after each row', () => {
  it('rows of one table are parted before they are deleted, those that stay in touch with others are not', async () => {
    const { db, em, driver } = await open({ foreignKeysCheckedPer: 'row' });
    const topics = await chain(em, 4);
    driver.reset();
    for (const topic of topics.slice(1)) em.remove(topic);
    await em.flush();
    const writes = driver.log.filter(({ params }) => params.length > 0);
    expect(writes.map(({ sql }) => sql.split(' ').find((word) => word === 'UPDATE' || word === 'DELETE'))).toEqual([
      'UPDATE',
      'DELETE',
    ]);
    expect(writes[0]?.params).toEqual([3, null, 4, null]);
    expect((await db.em().find(Topic)).map(({ name }) => name)).toEqual(['t0']);
  });
});

describe('Where all rows of an UPDATE travel as one list', () => {
  it('the statement has one parameter, and the same text for any number of rows', async () => {
    const { hooks } = sqljs().dialect;
    const { db, em, driver } = await open({
      rowLists: { insert: 'values', update: 'rows' },
      hooks: {
        ...hooks,
        updateRows(update) {
          if (update.rows !== 'lists') return hooks.updateRows(update);
          return (
            `WITH v AS MATERIALIZED (SELECT value ->> 0 AS k, value ->> 1 AS n FROM json_each(${update.parameter(0, 0)})) ` +
            'UPDATE "topics" SET "name" = v.n FROM v WHERE "topics"."id" = v.k'
          );
        },
      },
    });
    const topics = await chain(em, 5);
    const rename = async (count: number, suffix: string): Promise<(readonly unknown[])[]> => {
      driver.reset();
      for (const topic of topics.slice(0, count)) topic.name += suffix;
      await em.flush();
      return driver.log.filter(({ params }) => params.length > 0).map(({ sql, params }) => [sql, ...params]);
    };
    const [three = []] = await rename(3, '!');
    const [five = []] = await rename(5, '?');
    expect(three[1]).toBe('[[1,"t0!"],[2,"t1!"],[3,"t2!"]]');
    expect(five[0]).toBe(three[0]);
    expect(await rename(1, '.')).toEqual([[expect.stringContaining('WHERE'), 't0!?.', 1]]);
    expect((await db.em().find(Topic)).map(({ name }) => name)).toEqual(['t0!?.', 't1!?', 't2!?', 't3?', 't4?']);
  });
});
