import { inspect } from 'node:util';
import pgPackage from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PgDriver, pg } from '../../../adapters/pg/index.ts';
import type { Connection, PersistenceError, WireValue } from '../../../src/port.ts';
import { openTestServer } from './server.ts';

const server = await openTestServer();
afterAll(() => server.drop());

describe.skipIf(server.missing !== undefined)(server.title('pg'), () => {
  let driver: PgDriver;
  let connection: Connection;
  beforeAll(async () => {
    driver = await server.driver({ pool: { max: 2 } });
    connection = await driver.connect();
  });
  afterAll(() => driver.close());

  const rows = async (sql: string, ...params: WireValue[]) => (await connection.execute({ sql, params })).rows;
  const failure = async (work: () => unknown): Promise<PersistenceError> => {
    try {
      await work();
    } catch (error) {
      return error as PersistenceError;
    }
    throw new Error('nothing failed');
  };

  describe('values', () => {
    it('are read by their type, whatever the application told pg', async () => {
      pgPackage.types.setTypeParser(20, () => 'spoilt');
      try {
        const sql = `SELECT 9007199254740991::int8, 9007199254740993::int8, (-9223372036854775807 - 1)::int8, 1.50::numeric,
          true, NULL::bool, '\\x00ff'::bytea, '{"a": 1}'::jsonb, 'NaN'::float8, '2024-02-29'::date, '{1,2}'::int8[]`;
        expect(await rows(sql)).toEqual([
          [
            9007199254740991,
            9007199254740993n,
            -(2n ** 63n),
            '1.50',
            true,
            null,
            new Uint8Array([0, 255]),
            '{"a": 1}',
            Number.NaN,
            '2024-02-29',
            '{1,2}',
          ],
        ]);
      } finally {
        pgPackage.types.setTypeParser(20, String);
      }
    });

    it('are sent exactly', async () => {
      const sql = 'SELECT $1::int8, $2::numeric, $3::bytea, $4::bool, $5::text, $6::float8';
      const bytes = new Uint8Array([0, 39, 92, 255]);
      expect(await rows(sql, 2n ** 63n - 1n, '0.10', bytes, false, "it's \\ $1", 1e21)).toEqual([
        [2n ** 63n - 1n, '0.10', bytes, false, "it's \\ $1", 1e21],
      ]);
    });

    it.each(['America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'])('are the same under TZ=%s', async (zone) => {
      const before = process.env.TZ;
      process.env.TZ = zone;
      const url = new URL(server.database().url);
      url.searchParams.set('options', `-c TimeZone=${zone}`);
      const other = pg(url.href.replaceAll('+', '%20'));
      try {
        const codec = other.dialect.codec({ name: 'datetime' }, undefined as never);
        const away = await other.connect();
        for (const iso of ['2024-03-10T07:30:00.123Z', '1969-12-31T23:59:59.999Z', '1850-01-01T00:00:00.000Z']) {
          const sql = 'SELECT $1::timestamptz, $2::date';
          const result = await away.execute({ sql, params: [codec.encode(new Date(iso)), '2011-12-30'] });
          const [at = null, day] = result.rows[0] ?? [];
          expect(at).not.toContain('+00');
          expect([(codec.decode(at) as Date).toISOString(), day]).toEqual([iso, '2011-12-30']);
        }
      } finally {
        await other.close();
        if (before === undefined) delete process.env.TZ;
        else process.env.TZ = before;
      }
    });

    it('come in the style that is read, though the role has another one', async () => {
      const url = new URL(server.database().url);
      url.searchParams.set('options', '-c DateStyle=German -c extra_float_digits=0 -c bytea_output=escape');
      const other = pg(url.href.replaceAll('+', '%20'));
      try {
        const away = await other.connect();
        const sql = "SELECT '2024-02-01'::date, (0.1::float8 + 0.2::float8), '\\x005c41ff'::bytea";
        const result = await away.execute({ sql, params: [] });
        expect(result.rows).toEqual([['2024-02-01', 0.1 + 0.2, new Uint8Array([0, 0x5c, 0x41, 255])]]);
      } finally {
        await other.close();
      }
    });
  });

  describe('statements', () => {
    it('are one each', async () => {
      expect(await failure(() => rows('SELECT 1; SELECT 2'))).toMatchObject({ code: 'driver' });
      expect(await failure(() => rows("SELECT 'a\0b'"))).toMatchObject({ code: 'validation' });
    });

    it('that begin a transaction are refused, and the connection is not used again', async () => {
      expect(await failure(() => rows('BEGIN'))).toMatchObject({ code: 'transaction-scope' });
      expect(await rows('SELECT pg_current_xact_id_if_assigned()')).toEqual([[null]]);
      const [ended] = await Promise.allSettled([
        connection.transact?.(async (tx) => {
          await tx.execute({ sql: 'COMMIT', params: [] });
          await tx.execute({ sql: 'SELECT 1', params: [] });
        }),
      ]);
      expect(ended).toMatchObject({ status: 'rejected', reason: { code: 'transaction-scope' } });
    });

    it('are stopped on the server when their signal fires', async () => {
      const controller = new AbortController();
      const running = failure(() =>
        connection.execute({ sql: 'SELECT pg_sleep(60)', params: [] }, { signal: controller.signal }),
      );
      const sessions = await server.sessions();
      const busy = async () => sessions.running(await sessions.of(server.database().name));
      while ((await busy()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      controller.abort(new Error('enough'));
      expect(await running).toMatchObject({ code: 'aborted', outcome: 'rolled-back' });
      // The answer comes a moment before the server notes that the session is idle.
      while ((await busy()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await rows('SELECT 1')).toEqual([[1]]);
    });

    it('are stopped by a signal that fires right after the call, too', async () => {
      const controller = new AbortController();
      const error = await failure(async () =>
        connection.transact?.(async (tx) => {
          const slow = tx.execute({ sql: 'SELECT pg_sleep(60)', params: [] }, { signal: controller.signal });
          controller.abort();
          await slow;
        }),
      );
      expect(error).toMatchObject({ code: 'aborted' });
    });

    it('are stopped after statementTimeout', async () => {
      const hurried = await server.driver({ pool: { statementTimeout: 50 } });
      try {
        const short = await hurried.connect();
        const error = await failure(() => short.execute({ sql: 'SELECT pg_sleep(60)', params: [] }));
        expect(error).toMatchObject({ code: 'statement-timeout', outcome: 'rolled-back' });
        expect((await short.execute({ sql: 'SELECT 1', params: [] })).rows).toEqual([[1]]);
      } finally {
        await hurried.close();
      }
    });

    it('are kept parsed by the server where they are to have names', async () => {
      const named = await server.driver({ namedStatements: true, pool: { max: 1 } });
      try {
        const keeping = await named.connect();
        for (const n of [1, 2, 3]) await keeping.execute({ sql: 'SELECT $1::int + 1', params: [n] });
        const sql = 'SELECT count(*) FROM pg_prepared_statements WHERE statement = $1';
        expect((await keeping.execute({ sql, params: ['SELECT $1::int + 1'] })).rows).toEqual([[1]]);
      } finally {
        await named.close();
      }
    });

    it('that have names are parsed anew where a column has changed since', async () => {
      const named = await server.driver({ namedStatements: true, pool: { max: 1 } });
      try {
        const keeping = await named.connect();
        const run = (sql: string) => keeping.execute({ sql, params: [] });
        await run('CREATE TABLE changing (a int)');
        await run('SELECT * FROM changing');
        await run('ALTER TABLE changing ADD b text');
        // The first one to come meets what the connection had prepared.
        await failure(() => run('SELECT * FROM changing'));
        expect((await run('SELECT * FROM changing')).columns).toEqual(['a', 'b']);
      } finally {
        await named.close();
      }
    });
  });

  describe('the pool', () => {
    it('of a version of pg that does not tell the state of a transaction is refused', async () => {
      const pool = new pgPackage.Pool({ connectionString: server.database().url, max: 1 });
      const told = pgPackage.Client.prototype as { getTransactionStatus?: unknown };
      const original = told.getTransactionStatus;
      told.getTransactionStatus = undefined;
      try {
        expect(await failure(() => pg(pool).connect())).toMatchObject({ code: 'configuration' });
        expect(pool.totalCount).toBe(0);
      } finally {
        told.getTransactionStatus = original;
        await pool.end();
      }
    });

    it('that reaches nobody says which addresses it tried', async () => {
      const nowhere = pg({ host: 'localhost', port: 1, database: 'x', pool: { connectRetries: 0 } });
      const error = await failure(() => nowhere.connect());
      expect(error).toMatchObject({ code: 'connection', message: expect.stringMatching(/ECONNREFUSED/) });
      await nowhere.close();
    });

    it('of the application is used, and left to the application', async () => {
      const pool = new pgPackage.Pool({ connectionString: server.database().url, max: 3 });
      const borrowing = pg(pool);
      const borrowed = await borrowing.connect();
      expect((await borrowed.execute({ sql: 'SELECT 1', params: [] })).rows).toEqual([[1]]);
      expect(borrowing.pool?.state()).toMatchObject({ max: 3, total: 1, idle: 1 });
      await borrowing.close();
      expect((await pool.query('SELECT 2 AS two')).rows).toEqual([{ two: 2 }]);
      await pool.end();
    });

    it('is corrected by what the server allows', async () => {
      const greedy = await server.driver({ pool: { max: 100_000 } });
      await greedy.connect();
      expect(greedy.corrections).toMatchObject([{ field: 'max', original: 100_000 }]);
      await greedy.close();
    });

    it('tells no secret, however it is looked at', async () => {
      const secret = pg({ host: 'localhost', user: 'me', password: 'hunter2', ssl: { key: 'hunter2' } });
      expect(inspect(secret, { depth: 20, showHidden: true }) + JSON.stringify(secret)).not.toContain('hunter2');
      const refused = pg('postgres://me:hunter2@127.0.0.1:1/none?pool.connectRetries=0');
      const error = await failure(() => refused.connect());
      expect(error.code).toBe('connection');
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('hunter2');
      await refused.close();
    });
  });

  it.each([
    ['an unknown option', () => pg({ hots: 'localhost' } as never), /hots.*did you mean 'host'/],
    ['another scheme', () => pg('mysql://localhost/test'), /must begin with postgres/],
    ['something that is no pool', () => pg({ existingPool: {} as never }), /existingPool: must be a Pool/],
  ])('refuses %s', (_title, make, message) => {
    expect(make).toThrow(message);
  });
});
