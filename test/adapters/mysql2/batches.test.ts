import { createPool } from 'mysql2';
import { describe, expect, it } from 'vitest';
import { mysql2 } from '../../../adapters/mysql2/index.ts';
import type { Mysql2Options } from '../../../adapters/mysql2/options.ts';
import { createPersistence, type Driver, type Persistence, sql } from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { expectCode } from '../../conformance/laws.ts';
import { Author, Comment, library, Post, Tag, Topic } from '../../conformance/model/library.ts';
import { findEngine } from '../../support/engines/find-engine.ts';
import { createScratchDatabase } from '../../support/engines/scratch-database.ts';
import { naughtyStrings } from '../../support/naughty-strings.ts';
import { startTcpProxy } from '../../support/servers/tcp-proxy.ts';
import { openTestServer } from './server.ts';

const server = await openTestServer();
const engine = await findEngine('mysql');

interface World extends AsyncDisposable {
  readonly db: Persistence;
  readonly url: string;
}

/** An empty library behind a pipeline. */
async function open(options: Mysql2Options = {}, driverOf = mysql2): Promise<World> {
  const scratch = await createScratchDatabase('mysql', engine);
  const address = options.existingPool === undefined ? { url: scratch.url } : {};
  const driver: Driver = driverOf({ ...address, pipeline: true, ...options });
  const db = await createPersistence({ driver, entities: library });
  await createSchema(db);
  return {
    db,
    url: scratch.url,
    async [Symbol.asyncDispose]() {
      await db.close();
      await scratch.drop();
    },
  };
}

/** Fails each batch at a place, where it puts a statement that the server refuses. */
function failingAt(driver: Driver, fault: { at: number | null; statements: number }): Driver {
  const connect = driver.connect.bind(driver);
  driver.connect = async (options) => {
    const connection = await connect(options);
    const { batch } = connection;
    return Object.assign(connection, {
      batch: (...[statements, how]: Parameters<NonNullable<typeof batch>>) => {
        fault.statements = statements.length;
        const { at } = fault;
        if (at === null || how?.readOnly === true) return batch?.(statements, how);
        return batch?.(statements.toSpliced(at, 0, { sql: 'SELECT * FROM `not there`', params: [] }), how);
      },
    });
  };
  return driver;
}

const byId = { orderBy: { id: 'asc' } } as const;
const names = async (db: Persistence): Promise<string[]> => (await db.em().find(Tag, {}, byId)).map(({ name }) => name);

describe.skipIf(server.missing !== undefined)(server.title('Batches of mysql2'), () => {
  it('wait for no answer between START TRANSACTION and COMMIT', async () => {
    const proxy = await startTcpProxy(Number(new URL(server.database().url).port));
    const url = new URL(server.database().url);
    url.port = String(proxy.port);
    const db = await createPersistence({
      driver: mysql2({ url: url.href, pipeline: true, pool: { max: 1 } }),
      entities: library,
    });
    try {
      await createSchema(db);
      const before = proxy.count('COMMIT');
      const em = db.em();
      em.create(Post, { title: 't', author: em.create(Author, { name: 'a' }) });
      // Answers are held back until the client has sent COMMIT: who waited for one would wait for ever.
      const released = proxy.holdAnswersUntil('COMMIT');
      await em.flush();
      await released;
      const read = proxy.holdAnswersUntil('COMMIT');
      const [author] = await db.em().find(Author, {}, { populate: ['posts.tags'] });
      await read;
      expect(author?.posts.length).toBe(1);
      expect(proxy.count('COMMIT')).toBe(before + 2);
    } finally {
      await db.close();
      await proxy.close();
    }
  });

  it('write nothing whichever of their statements fails, and the retry writes all', async () => {
    const fault = { at: null as number | null, statements: 0 };
    await using world = await open({}, (options) => failingAt(mysql2(options), fault));
    const { db } = world;
    const seeding = db.em();
    const old = seeding.create(Tag, { name: 'old' });
    seeding.create(Post, { title: 'old', author: seeding.create(Author, { name: 'old' }), tags: [old] });
    await seeding.flush();
    const em = db.em();
    const [post] = await em.find(Post, {}, { populate: ['tags', 'comments'] });
    if (post === undefined) throw new Error('no post');
    post.title = 'new';
    post.tags.set([em.create(Tag, { name: 'new' })]);
    em.create(Comment, { body: 'new', post });
    const root = em.create(Topic, { name: 'root' });
    em.create(Topic, { name: 'leaf', parent: root });
    const picture = async () => [
      await names(db),
      (await db.em().find(Post)).map(({ title, version }) => [title, version]),
      await db.em().count(Comment),
      await db.em().count(Topic),
    ];
    const before = await picture();
    const planned = (await em.plan()).statements;
    expect(planned.length).toBeGreaterThan(10);
    for (let at = 0; at <= planned.length; at += 1) {
      fault.at = at;
      await expectCode(() => em.flush(), 'driver');
      expect(fault.statements).toBe(planned.length);
      expect([await picture(), root.id, post.version]).toEqual([before, undefined, 1]);
    }
    fault.at = null;
    expect((await em.plan()).statements).toEqual(planned);
    await em.flush();
    expect(await picture()).toEqual([['old', 'new'], [['new', 2]], 1, 2]);
    expect((await db.em().find(Topic, { name: 'leaf' }, { populate: ['parent'] }))[0]?.parent.get()?.name).toBe('root');
  });

  it('have keys of rows in several INSERTs, of many writers at once, and at any distance of the server', async () => {
    await using plain = await open();
    const existingPool = createPool({
      uri: plain.url,
      jsonStrings: true,
      multipleStatements: true,
      connectionLimit: 8,
    });
    existingPool.on('connection', (native) => {
      native.query('SET SESSION auto_increment_increment = 3, auto_increment_offset = 2');
    });
    const db = await createPersistence({
      driver: mysql2({ existingPool, pipeline: true }),
      entities: library,
    });
    const write = async (writer: number, count: number) => {
      const em = db.em();
      const made = Array.from({ length: count }, (_, n) => {
        const author = em.create(Author, { name: `${writer}/${n}` });
        return em.create(Post, { title: `${writer}/${n}`, author });
      });
      await em.flush();
      return made;
    };
    const [many] = await Promise.all([write(0, 5200), ...Array.from({ length: 24 }, (_, n) => write(n + 1, 20))]);
    const [first, last] = [many?.[0], many?.at(-1)];
    expect(Number(first?.id) % 3).toBe(2);
    expect((await db.em().findById(Post, last?.id ?? 0))?.title).toBe('0/5199');
    const { rows } = await db
      .em()
      .execute(sql`SELECT COUNT(*), SUM(p.title = a.name) FROM posts p JOIN authors a ON a.id = p.author_id`);
    expect(rows.map((row) => row.map(Number))).toEqual([[5680, 5680]]);
    await db.close();
    existingPool.end();
  });

  it('see no variable that an earlier batch, or the application, has left on the connection', async () => {
    await using world = await open({ pool: { max: 1 } });
    const { db } = world;
    await db.em().execute(sql`SELECT 900, 901, 902 INTO @meshestra_0_1, @meshestra_1_1, @meshestra_2_1`);
    for (const round of [1, 2]) {
      const em = db.em();
      const tag = em.create(Tag, { name: `tag ${round}` });
      const post = em.create(Post, { title: `post ${round}`, author: em.create(Author, { name: 'a' }), tags: [tag] });
      await em.flush();
      expect([tag.id, post.id]).toEqual([round, round]);
    }
    const posts = await db.em().find(Post, {}, { ...byId, populate: ['tags', 'author'] });
    expect(posts.map(({ tags, author }) => [tags.at(0)?.name, author.get().id])).toEqual([
      ['tag 1', 1],
      ['tag 2', 2],
    ]);
  });

  it('keep values as they are, also where a statement has changed the modes of the session unseen', async () => {
    await using world = await open({ pool: { max: 1 } });
    const { db } = world;
    await db.em().execute(sql`PREPARE changing FROM 'SET SESSION sql_mode = ''NO_BACKSLASH_ESCAPES,ANSI_QUOTES'''`);
    await db.em().execute(sql`EXECUTE changing`);
    const { rows } = await db.em().execute(sql`SELECT @@sql_mode`);
    expect(rows[0]?.[0]).toContain('NO_BACKSLASH_ESCAPES');
    const texts = [
      ...naughtyStrings,
      "\\', version()) -- ",
      '\\"; DROP TABLE tags; -- ',
      "'; COMMIT; DROP TABLE tags; #",
    ];
    const em = db.em();
    const author = em.create(Author, { name: 'a' });
    const posts = texts.map((title) => em.create(Post, { title, author }));
    await em.flush();
    expect((await db.em().find(Post, {}, byId)).map(({ title }) => title)).toEqual(texts);
    for (const post of posts) post.title = `${post.title}\\`;
    await em.flush();
    const [read] = await db.em().find(Author, {}, { populate: ['posts.tags'] });
    expect(new Set(read?.posts.toArray().map(({ title }) => title))).toEqual(new Set(texts.map((text) => `${text}\\`)));
  });

  it('that are larger than the server takes go statement by statement, in one transaction, and a preview says so', async () => {
    await using world = await open();
    const { db } = world;
    const large = 'x'.repeat(6_000_000);
    const em = db.em();
    const author = em.create(Author, { name: 'a' });
    for (const end of ['a', 'b', 'c']) em.create(Post, { title: large + end, author });
    const clash = em.create(Tag, { name: 'taken' });
    const other = db.em();
    other.create(Tag, { name: 'taken' });
    await other.flush();
    expect((await em.plan()).strategy).toEqual({
      kind: 'transaction',
      reason: expect.stringMatching(
        /^it is 18\d{6} bytes long, and the server takes \d+ at once \(max_allowed_packet\)$/,
      ),
    });
    await expectCode(() => em.flush(), 'unique-violation');
    expect([await db.em().count(Author), author.id]).toEqual([0, undefined]);
    clash.name = 'free';
    await em.flush();
    expect((await db.em().find(Post, {}, byId)).map(({ title }) => title.slice(5_999_999))).toEqual(['xa', 'xb', 'xc']);
    const [stale] = await db.em().find(Author, {}, { populate: ['posts.comments'] });
    expect(stale?.posts.length).toBe(3);
    const late = db.em();
    const found = await late.find(Post, {}, byId);
    for (const post of await em.find(Post)) post.views += 1;
    await em.flush();
    for (const post of found) post.title = `${large}!`;
    expect(await expectCode(() => late.flush(), 'stale-entity')).toMatchObject({ entity: 'posts' });
  });

  it('leave open what became of them where the connection is lost, and are never sent again', async () => {
    for (const [cut, rows] of [
      ['before its answer is sent back', 1],
      ['before it is sent on', 0],
    ] as const) {
      await using world = await open();
      const proxy = await startTcpProxy(Number(new URL(world.url).port));
      const url = new URL(world.url);
      url.port = String(proxy.port);
      const db = await createPersistence({ driver: mysql2({ url: url.href, pipeline: true }), entities: library });
      const em = db.em();
      em.create(Tag, { name: 'perhaps' });
      const isCut = proxy.cutAt('COMMIT', cut);
      const failing = expectCode(() => em.flush(), 'connection');
      await isCut;
      expect(await failing).toMatchObject({ outcome: 'unknown', retryable: false });
      expect([proxy.count('COMMIT'), await world.db.em().count(Tag)]).toEqual([1, rows]);
      await db.close();
      await proxy.close();
    }
  });

  it('that only read have lost nothing with their connection', async () => {
    await using world = await open();
    const proxy = await startTcpProxy(Number(new URL(world.url).port));
    const url = new URL(world.url);
    url.port = String(proxy.port);
    const db = await createPersistence({ driver: mysql2({ url: url.href, pipeline: true }), entities: library });
    const isCut = proxy.cutAt('COMMIT', 'before its answer is sent back');
    const failing = expectCode(() => db.em().find(Author, {}, { populate: ['posts.tags'] }), 'connection');
    await isCut;
    expect(await failing).toMatchObject({ outcome: 'rolled-back', retryable: true });
    await db.close();
    await proxy.close();
  });

  it('that are stopped leave nothing, and their connection goes on', async () => {
    await using world = await open({ pool: { max: 2 } });
    const { db } = world;
    const seeding = db.em();
    seeding.create(Tag, { name: 'locked' });
    await seeding.flush();
    const em = db.em();
    for (const tag of await em.find(Tag)) tag.name = 'changed';
    em.create(Tag, { name: 'new' });
    await db.transaction(async (tx) => {
      for (const tag of await tx.find(Tag)) tag.name = 'held';
      await tx.flush();
      const controller = new AbortController();
      const failing = expectCode(() => em.flush({ signal: controller.signal }), 'aborted');
      setTimeout(() => controller.abort(new Error('enough')), 200);
      expect(await failing).toMatchObject({ outcome: 'rolled-back' });
    });
    expect([await names(db), db.driver.pool?.state().active]).toEqual([['held'], 0]);
    await em.flush();
    expect(await names(db)).toEqual(['changed', 'new']);
  });

  it('are said to be what they are by a preview', async () => {
    await using world = await open();
    const em = world.db.em();
    em.create(Tag, { name: 'a' });
    expect((await em.plan()).strategy).toMatchObject({ kind: 'batch', reason: expect.stringContaining('round trip') });
    const rolledBack = em.transaction(async (tx) => {
      expect((await tx.plan()).strategy).toEqual({
        kind: 'transaction',
        reason: 'it is a part of the open transaction',
      });
      throw new Error('enough');
    });
    await expect(rolledBack).rejects.toThrow('enough');
  });

  it('need a pool that takes several statements, where the application hands one in', async () => {
    for (const multipleStatements of [true, false]) {
      const existingPool = createPool({ uri: server.database().url, jsonStrings: true, multipleStatements });
      const opened = createPersistence({ driver: mysql2({ existingPool, pipeline: true }), entities: library });
      if (multipleStatements) await (await opened).close();
      else expect((await expectCode(() => opened, 'configuration')).message).toContain('multipleStatements');
      existingPool.end();
    }
    await expectCode(() => mysql2({ pipeline: 'yes' as never }), 'configuration');
  });
});

/** Texts that do more than they seem to, where the server takes several statements in one. */
const STACKED = [
  "SET @a = 1; INSERT INTO tags (name) VALUES ('stacked')",
  "SELECT 1; INSERT INTO tags (name) VALUES ('stacked')",
  "DO 0; INSERT INTO tags (name) VALUES ('stacked')",
  "CREATE TABLE more (a INT); INSERT INTO tags (name) VALUES ('stacked')",
  "/* c */ SHOW TABLES; INSERT INTO tags (name) VALUES ('stacked')",
  "SAVEPOINT a; INSERT INTO tags (name) VALUES ('stacked')",
  "/*! SET @a = 1 */; INSERT INTO tags (name) VALUES ('stacked')",
];

describe.skipIf(server.missing !== undefined)(server.title('Raw SQL beside batches of mysql2'), () => {
  it.each([
    ['of a pipeline', (url: string) => mysql2({ url, pipeline: true })],
    [
      'of a pool of the application that takes several',
      (url: string) => mysql2(createPool({ uri: url, jsonStrings: true, multipleStatements: true })),
    ],
  ])('is one statement on a connection %s', async (_, driverOf) => {
    await using world = await open();
    const driver = driverOf(world.url);
    const db = await createPersistence({ driver, entities: library });
    const connection = await driver.connect();
    for (const text of STACKED) {
      const statement = { sql: text, params: [] };
      await expectCode(() => connection.execute(statement), 'driver');
      await expectCode(() => connection.transact?.((tx) => tx.execute(statement)), 'driver');
      expect(await names(db), text).toEqual([]);
    }
    connection.release();
    await db.close();
  });

  it('may have semicolons where they part nothing', async () => {
    await using world = await open();
    const { db } = world;
    const em = db.em();
    expect((await em.execute(sql`SELECT 'a;b';`)).rows).toEqual([['a;b']]);
    await em.execute(sql`CREATE TABLE more (a INT) COMMENT 'a; b';`);
    await em.execute(
      sql`BEGIN NOT ATOMIC INSERT INTO tags (name) VALUES ('one'); INSERT INTO tags (name) VALUES ('two'); END`,
    );
    expect(await names(db)).toEqual(['one', 'two']);
  });

  it('of which a custom type makes a part of a batch is sent by itself where it is not surely one statement', async () => {
    await using world = await open();
    const { db } = world;
    const proxy = await startTcpProxy(Number(new URL(world.url).port));
    const url = new URL(world.url);
    url.port = String(proxy.port);
    const driver = mysql2({ url: url.href, pipeline: true, pool: { max: 1 } });
    const connection = await driver.connect();
    const batch = async (text: string, readOnly: boolean) => {
      const statements = [
        { sql: text, params: [';'] },
        { sql: 'SELECT ?', params: [2] },
      ];
      return (await connection.batch?.(statements, { readOnly }))?.map(({ rows }) => rows);
    };
    const together = (): number => proxy.count('START TRANSACTION\n;') + proxy.count('START TRANSACTION READ ONLY\n;');
    for (const readOnly of [true, false]) {
      for (const text of ["SELECT ? -- it's", 'SELECT ? # `', "SELECT ? /* ' */"]) {
        const before = together();
        expect(await batch(text, readOnly)).toEqual([[[';']], [[2]]]);
        expect(together()).toBe(before + 1);
      }
      const before = together();
      expect(await batch("SELECT ? /*! , ';' */", readOnly)).toEqual([[[';', ';']], [[2]]]);
      for (const text of ["SELECT ?; INSERT INTO tags (name) VALUES ('stacked')", "SELECT ?, 'a", 'SELECT ? /* a']) {
        await expectCode(() => batch(text, readOnly), 'driver');
      }
      await expectCode(() => batch('COMMIT', readOnly), 'transaction-scope');
      expect(together()).toBe(before);
    }
    expect(await names(db)).toEqual([]);
    connection.release();
    await driver.close();
    await proxy.close();
  });
});
