import { describe, expect, it, vi } from 'vitest';
import { memory } from '../../adapters/memory/index.ts';
import { sqljs } from '../../adapters/sqljs/index.ts';
import {
  asWritten,
  type ConfigurationError,
  createPersistence,
  datetime,
  Entity,
  integer,
  type LogEvent,
  manyToOne,
  oneToMany,
  oneToOne,
  type Persistence,
  type PersistenceOptions,
  subtype,
  text,
} from '../../src/index.ts';
import { createSchema } from '../../src/schema/index.ts';

class Author extends Entity('authors', { id: integer().primaryKey().generated(), fullName: text() }) {
  posts = oneToMany(
    () => Post,
    (post) => post.author,
  );
}
class Post extends Entity('posts', {
  id: integer().primaryKey().generated(),
  title: text(),
  createdAt: datetime().defaultNow(),
}) {
  author = manyToOne(() => Author);
}

async function open(options: Partial<PersistenceOptions<ReturnType<typeof sqljs>>> = {}): Promise<Persistence> {
  const db = await createPersistence({ driver: sqljs(), entities: [Author, Post], ...options });
  await createSchema(db);
  return db;
}

/** A driver that logs while it connects and closes, and when it is told to. */
function loggingDriver() {
  const listeners = new Set<(event: LogEvent) => void>();
  const driver = memory();
  const connect = driver.connect.bind(driver);
  const say = (message: string) => {
    for (const listener of listeners) listener({ level: 'info', event: 'test', driver: driver.name, message });
  };
  return Object.assign(driver, {
    say,
    onLog: (listener: (event: LogEvent) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    connect: async () => {
      say('connecting');
      return connect();
    },
    close: async () => say('closing'),
  });
}

async function refusal(options: unknown): Promise<ConfigurationError> {
  try {
    await createPersistence(options as PersistenceOptions<ReturnType<typeof sqljs>>);
  } catch (error) {
    return error as ConfigurationError;
  }
  throw new Error('nothing was refused');
}

describe('createPersistence', () => {
  it('refuses options without a driver', async () => {
    expect(await refusal({ entities: [Author, Post] })).toMatchObject({ code: 'configuration' });
  });

  it('refuses wrong declarations before it connects', async () => {
    const driver = sqljs();
    const connect = vi.spyOn(driver, 'connect');
    expect(await refusal({ driver, entities: [Post] })).toMatchObject({
      code: 'configuration',
      entity: 'posts',
      property: 'author',
    });
    expect(connect).not.toHaveBeenCalled();
  });

  it('refuses an optimistic lock below the top of a hierarchy, where most rows would go without', async () => {
    class Base extends Entity('bases', { id: integer().primaryKey() }) {}
    class Locked extends subtype(Base, 'locked', { version: integer().version() }) {}
    expect(await refusal({ driver: sqljs(), entities: [Base, Locked] })).toMatchObject({
      code: 'configuration',
      entity: 'bases',
      property: 'version',
    });
  });

  it('refuses a one-to-one whose other side is not one, and a one-to-many over a one-to-one', async () => {
    class House extends Entity('houses', { id: integer().primaryKey() }) {
      door = oneToOne(
        () => Door,
        (door) => door.house,
      );
    }
    class Door extends Entity('doors', { id: integer().primaryKey() }) {
      house = manyToOne(() => House);
    }
    expect(await refusal({ driver: sqljs(), entities: [House, Door] })).toMatchObject({
      code: 'configuration',
      entity: 'houses',
      property: 'door',
    });
    class Head extends Entity('heads', { id: integer().primaryKey() }) {
      hats = oneToMany(
        () => Hat,
        (hat) => hat.head,
      );
    }
    class Hat extends Entity('hats', { id: integer().primaryKey() }) {
      head = oneToOne(() => Head);
    }
    expect(await refusal({ driver: sqljs(), entities: [Head, Hat] })).toMatchObject({
      code: 'configuration',
      entity: 'heads',
      property: 'hats',
    });
  });
});

describe('a persistence object', () => {
  it('lets one class live in two databases, with names and rows of their own', async () => {
    const [snake, written] = [await open(), await open({ naming: asWritten })];
    for (const db of [snake, written]) {
      const em = db.em();
      em.create(Post, { title: 't', author: em.create(Author, { fullName: db === snake ? 'snake' : 'written' }) });
      const { statements } = await em.plan();
      expect(statements[0]).toBe(`INSERT INTO "authors" (${db === snake ? '"full_name"' : '"fullName"'}) VALUES (?)`);
      expect(statements[1]).toContain(db === snake ? '"author_id"' : '"authorId"');
      await em.flush();
    }
    expect((await snake.em().find(Author))[0]?.fullName).toBe('snake');
    expect((await written.em().find(Author))[0]?.fullName).toBe('written');
    const foreign = (await snake.em().find(Author))[0] as Author;
    const em = written.em();
    em.create(Post, { title: 'x', author: foreign });
    await expect(em.flush()).rejects.toMatchObject({ code: 'validation' });
    await snake.close();
    await written.close();
  });

  it('tells a listener’s error to whoever asked for it', async () => {
    const told: unknown[] = [];
    const db = await open({ onListenerError: (error) => told.push(error) });
    const reason = new Error('listener');
    db.on('statement', () => {
      throw reason;
    });
    expect(await db.em().count(Post)).toBe(0);
    expect(told).toEqual([reason]);
    await db.close();
  });

  it('passes on what the driver logs, from the first connection to the end', async () => {
    const driver = loggingDriver();
    const early: LogEvent[] = [];
    const late: LogEvent[] = [];
    const db = await createPersistence({ driver, entities: [Author, Post], onLog: (event) => early.push(event) });
    db.on('log', (event) => late.push(event));
    driver.say('at work');
    await db.close();
    driver.say('after the end');
    expect(early.map(({ message }) => message)).toEqual(['connecting', 'at work', 'closing']);
    expect(late.map(({ message }) => message)).toEqual(['at work', 'closing']);
  });

  it('listens no more to a driver that could not connect', async () => {
    const driver = loggingDriver();
    const events: LogEvent[] = [];
    driver.connect = async () => {
      throw new Error('no');
    };
    const creation = createPersistence({ driver, entities: [Author, Post], onLog: (event) => events.push(event) });
    await expect(creation).rejects.toThrow('no');
    driver.say('later');
    expect(events).toEqual([]);
  });

  it('stamps defaults of the instant with the driver’s clock, once for a flush', async () => {
    let now = 1000;
    const driver = memory({ backing: sqljs(), clock: { now: () => (now += 1) } });
    const db = await createPersistence({ driver, entities: [Author, Post] });
    await createSchema(db);
    const em = db.em();
    const author = em.create(Author, { fullName: 'a' });
    const posts = [1, 2, 3].map((n) => em.create(Post, { title: `${n}`, author }));
    await em.flush();
    expect(new Set(posts.map(({ createdAt }) => createdAt.getTime())).size).toBe(1);
    expect(posts[0]?.createdAt.getTime()).toBe(1001);
    expect((await db.em().find(Post)).map(({ createdAt }) => createdAt.getTime())).toEqual([1001, 1001, 1001]);
    await db.close();
  });

  it('closes once, at the end of its scope, too', async () => {
    const driver = sqljs();
    const close = vi.spyOn(driver, 'close');
    {
      await using db = await createPersistence({ driver, entities: [Author, Post] });
      await Promise.all([db.close(), db.close()]);
      expect(() => db.em()).toThrow(/closed/);
    }
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('gives an EntityManager that forgets everything at the end of its scope', async () => {
    const db = await open();
    let kept: Author | undefined;
    let manager: ReturnType<typeof db.em> | undefined;
    {
      await using em = db.em();
      manager = em;
      kept = em.create(Author, { fullName: 'a' });
      await em.flush();
    }
    expect(manager.stateOf(kept)).toBe('detached');
    await db.close();
  });

  it('takes a schema that is there already', async () => {
    const db = await open();
    const em = db.em();
    em.create(Author, { fullName: 'a' });
    await em.flush();
    await createSchema(db);
    expect(await db.em().count(Author)).toBe(1);
    await db.close();
  });
});
