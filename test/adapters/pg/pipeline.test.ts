import { Pool } from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { pg } from '../../../adapters/pg/index.ts';
import { createPersistence, type Driver } from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { batchSuite } from '../../conformance/batch-suite.ts';
import { constraintSuite } from '../../conformance/constraint-suite.ts';
import { postgresTells } from '../../conformance/constraints/told.ts';
import { flushSuite } from '../../conformance/flush-suite.ts';
import { expectCode } from '../../conformance/laws.ts';
import { lockSuite } from '../../conformance/lock-suite.ts';
import { Author, library, Post } from '../../conformance/model/library.ts';
import { relationSuite } from '../../conformance/relation-suite.ts';
import type { Subject } from '../../conformance/subject.ts';
import { transactionSuite } from '../../conformance/transaction-suite.ts';
import { refusedByPostgres } from '../../support/postgres-values.ts';
import { startTcpProxy } from '../../support/servers/tcp-proxy.ts';
import { openDatabase } from '../open-database.ts';
import { openTestServer } from './server.ts';

const server = await openTestServer();
afterAll(() => server.drop());

const requests = { count: 0 };

/** Counts what is one round trip each: a statement by itself, and a batch. */
function counted<D extends Driver>(driver: D): D {
  const connect = driver.connect.bind(driver);
  driver.connect = async (options) => {
    const connection = await connect(options);
    const execute = connection.execute.bind(connection);
    const batch = connection.batch?.bind(connection);
    return Object.assign(connection, {
      execute: (...parameters: Parameters<typeof execute>) => {
        requests.count += 1;
        return execute(...parameters);
      },
      batch: (...parameters: Parameters<NonNullable<typeof batch>>) => {
        requests.count += 1;
        return batch?.(...parameters);
      },
    });
  };
  return driver;
}

const subject: Subject = {
  name: 'pg with a pipeline',
  capabilities: pg({ pipeline: true }).capabilities,
  async open(entities, wrap = (driver) => driver) {
    return openDatabase(wrap(counted(await server.driver({ pipeline: true }))), entities);
  },
  refuses: refusedByPostgres,
  knownFailures: {},
};

describe.skipIf(server.missing !== undefined)(server.title('a pipeline to PostgreSQL'), () => {
  flushSuite(subject);
  relationSuite(subject);
  lockSuite(subject);
  transactionSuite(subject);
  constraintSuite(subject, postgresTells);
  batchSuite(subject, () => requests.count);

  it('waits for no answer between BEGIN and COMMIT of a flush', async () => {
    const { port } = new URL(server.database().url);
    const proxy = await startTcpProxy(Number(port));
    const driver = await server.driver({ pipeline: true, pool: { max: 1 }, port: proxy.port });
    const db = await createPersistence({ driver, entities: library });
    try {
      await createSchema(db);
      const em = db.em();
      em.create(Post, { title: 't', author: em.create(Author, { name: 'a' }) });
      // Answers are held back until the client has sent COMMIT: who waited for one would wait for ever.
      const released = proxy.holdAnswersUntil('COMMIT');
      await em.flush();
      await released;
      expect(await db.em().count(Post)).toBe(1);
      const read = proxy.holdAnswersUntil('COMMIT');
      const [author] = await db.em().find(Author, {}, { populate: ['posts.tags'] });
      await read;
      expect(author?.posts.length).toBe(1);
    } finally {
      await db.close();
      await proxy.close();
    }
  });

  it('has a preview say that it is a batch, and that it is none in an open transaction', async () => {
    const db = await createPersistence({
      driver: pg({ url: server.database().url, pipeline: true }),
      entities: library,
    });
    const em = db.em();
    em.create(Author, { name: 'a' });
    expect((await em.plan()).strategy).toMatchObject({ kind: 'batch', reason: expect.stringContaining('round trip') });
    const rolledBack = em.transaction(async (tx) => {
      expect((await tx.plan()).strategy).toEqual({
        kind: 'transaction',
        reason: 'it is a part of the open transaction',
      });
      throw new Error('enough');
    });
    await expect(rolledBack).rejects.toThrow('enough');
    await db.close();
  });

  it('leaves open what became of a flush whose connection was lost after it was sent', async () => {
    const { port } = new URL(server.database().url);
    const proxy = await startTcpProxy(Number(port));
    const driver = await server.driver({ pipeline: true, port: proxy.port });
    const db = await createPersistence({ driver, entities: library });
    await createSchema(db);
    try {
      const em = db.em();
      em.create(Author, { name: 'lost' });
      const cut = proxy.cutAt('COMMIT', 'before its answer is sent back');
      const error = await expectCode(() => em.flush(), 'connection');
      await cut;
      expect(error).toMatchObject({ outcome: 'unknown', retryable: false });
    } finally {
      await db.close();
      await proxy.close();
    }
  });

  it('takes a pool that pipelines, and refuses one that does not', async () => {
    const { url } = server.database();
    for (const pipeline of [true, false]) {
      const existingPool = new Pool({ connectionString: url, pipeline } as object);
      const opened = createPersistence({ driver: pg({ existingPool, pipeline: true }), entities: library });
      if (pipeline) await (await opened).close();
      else await expectCode(() => opened, 'configuration');
      await existingPool.end();
    }
  });
});
