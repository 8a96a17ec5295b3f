import { describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import { createPersistence, type EntityManager, type Persistence } from '../../../src/index.ts';
import type { Dialect, Driver } from '../../../src/port.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { library, Topic } from '../../conformance/model/library.ts';
import { type RecordingDriver, recordingDriver } from '../../support/recording-driver.ts';

/** SQLite as an engine that hands keys out in an INSERT only, as some are. */
async function open(): Promise<{ db: Persistence; em: EntityManager; driver: RecordingDriver }> {
  const inner = sqljs();
  const dialect: Dialect = { ...inner.dialect, allocateKeys: null };
  const driver = recordingDriver(new Proxy<Driver>(inner, { get: (target, key) => without(target, key, dialect) }));
  const db = await createPersistence({ driver, entities: library });
  await createSchema(db);
  driver.reset();
  return { db, em: db.em(), driver };
}

function without(target: Driver, key: string | symbol, dialect: Dialect): unknown {
  if (key === 'dialect') return dialect;
  const value: unknown = Reflect.get(target, key);
  return typeof value === 'function' ? value.bind(target) : value;
}

const inserts = ({ log }: RecordingDriver) =>
  log.filter(({ sql }) => sql.startsWith('INSERT')).map(({ params }) => params);

describe('Where keys cannot be allocated before an INSERT', () => {
  it('each level of a tree is a statement of its own', async () => {
    const { db, em, driver } = await open();
    const root = em.create(Topic, { name: 'root' });
    const branches = ['a', 'b'].map((name) => em.create(Topic, { name, parent: root }));
    for (const parent of branches) em.create(Topic, { name: `${parent.name}1`, parent });
    await em.flush();
    expect(inserts(driver)).toEqual([
      ['root', null],
      ['a', 1, 'b', 1],
      ['a1', 2, 'b1', 3],
    ]);
    const leaf = await db.em().findOne(Topic, { name: 'b1' }, { populate: ['parent.parent'] });
    expect(leaf?.parent.get()?.parent.get()?.name).toBe('root');
  });

  it('a row that refers to itself is closed by an UPDATE', async () => {
    const { db, em } = await open();
    const topic = em.create(Topic, { name: 'self' });
    topic.parent.set(topic);
    await em.flush();
    expect([topic.id, topic.parent.id]).toEqual([1, 1]);
    expect((await db.em().findById(Topic, 1))?.parent.id).toBe(1);
  });
});
