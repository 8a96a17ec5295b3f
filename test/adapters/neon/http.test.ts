import * as serverless from '@neondatabase/serverless';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { neonFetch } from '../../../adapters/neon/fetch.ts';
import { neon } from '../../../adapters/neon/index.ts';
import type { Driver } from '../../../src/index.ts';
import type { Connection, Outcome, SecretSource, Statement, WireValue } from '../../../src/port.ts';
import { expectCode } from '../../conformance/laws.ts';
import { type Fault, openGateway } from '../../support/gateways/http-gateway.ts';
import { openTestGateway } from './gateway.ts';

const test = await openTestGateway({ maxRequest: 100_000, maxResponse: 50_000 });
afterAll(() => test.drop());
beforeEach(() => {
  if (test.missing === undefined) test.gateway().reset();
});

interface Options {
  readonly url: string;
  readonly statementTimeout?: number;
  readonly password?: SecretSource;
  readonly authToken?: SecretSource;
}

const KINDS: readonly (readonly [name: string, make: (options: Options) => Driver])[] = [
  ['the package', (options) => neon({ ...options, neon: serverless })],
  ['fetch', (options) => neonFetch({ ...options, endpoint: `${test.gateway().origin}/sql` })],
];

const statement = (sql: string, ...params: WireValue[]): Statement => ({ sql, params });
const WRITE = { writes: ['t'] };
const READ = { writes: [] };

describe.skipIf(test.missing !== undefined).each(KINDS)(test.title('Neon over HTTP by %s'), (_name, make) => {
  const open = async (options: Partial<Options> = {}): Promise<Connection> => {
    const connection = await make({ url: await test.url(), ...options }).connect();
    await connection.execute(statement('CREATE TABLE t (id int PRIMARY KEY, note text)'));
    test.gateway().reset();
    return connection;
  };
  const insert = (id: number) => statement('INSERT INTO t VALUES ($1, $2)', id, 'n');
  const ids = async (connection: Connection) =>
    (await connection.execute(statement('SELECT id FROM t ORDER BY id'), READ)).rows.map(([id]) => id);
  const count = () => test.gateway().requests.length;
  const batch = (connection: Connection, statements: readonly Statement[], options = {}) => {
    if (connection.batch === undefined) throw new Error('there is no batch');
    return connection.batch(statements, options);
  };

  it('sends one request for a statement, and one for a batch; none to connect', async () => {
    const connection = await open();
    expect(count()).toBe(0);
    await connection.execute(insert(1));
    expect(count()).toBe(1);
    await batch(connection, [insert(2), insert(3), statement('SELECT 1')]);
    expect(count()).toBe(2);
    expect(await batch(connection, [])).toEqual([]);
    expect(count()).toBe(2);
  });

  it('carries every value as it is', async () => {
    const connection = await open();
    const values = [null, 'a\\b\'"\n😀', 1, -0.1, 9007199254740993n, true, new Uint8Array([0, 255, 92])];
    const types = ['text', 'text', 'int', 'float8', 'int8', 'bool', 'bytea'];
    const sql = `SELECT ${types.map((type, index) => `$${index + 1}::${type}`).join(', ')}`;
    expect((await connection.execute(statement(sql, ...values))).rows).toEqual([values]);
    const [answer] = await batch(connection, [statement(sql, ...values)]);
    expect(answer?.rows).toEqual([values]);
  });

  it('leaves instants, days, decimals and JSON as the text that the server sent', async () => {
    const connection = await open();
    const sql = `SELECT '2024-02-29 12:00:00.123456+00'::timestamptz AT TIME ZONE 'UTC', '0001-01-01'::date,
      1.10::numeric, '{"n": 12345678901234567890}'::json, '{a,NULL}'::text[]`;
    expect((await connection.execute(statement(sql))).rows).toEqual([
      ['2024-02-29 12:00:00.123456', '0001-01-01', '1.10', '{"n": 12345678901234567890}', '{a,NULL}'],
    ]);
  });

  it('runs a batch as a whole or not at all, and tells which constraint refused it', async () => {
    const connection = await open();
    const error = await expectCode(
      () => batch(connection, [insert(1), insert(2), insert(1)], WRITE),
      'unique-violation',
    );
    expect(error).toMatchObject({ table: 't', columns: ['id'], outcome: 'rolled-back' });
    expect(await ids(connection)).toEqual([]);
  });

  it('reads in a batch from one moment, and writes nothing in it', async () => {
    const connection = await open();
    const level = statement(
      "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')",
    );
    const levelOf = async (options: object) => (await batch(connection, [level], options))[0]?.rows[0];
    expect(await levelOf({})).toEqual(['read committed', 'off']);
    expect(await levelOf({ readOnly: true })).toEqual(['repeatable read', 'on']);
    expect(await levelOf({ isolation: 'serializable' })).toEqual(['serializable', 'off']);
    await expectCode(() => levelOf({ isolation: 'read uncommitted' }), 'unsupported-by-driver');
    const refused = await expectCode(() => batch(connection, [insert(1)], { readOnly: true }), 'driver');
    expect(refused.message).toContain('25006');
  });

  it('tells a serialization failure as one that may be tried again', async () => {
    const connection = await open();
    await batch(connection, [insert(1), insert(2)]);
    const cross = (id: number) =>
      batch(
        connection,
        [
          statement('SELECT count(*) FROM t WHERE note = $1', 'n'),
          statement('SELECT pg_sleep(0.2)'),
          statement('UPDATE t SET note = $1 WHERE id = $2', 'x', id),
        ],
        { isolation: 'serializable', ...WRITE },
      );
    const outcomes = await Promise.allSettled([cross(1), cross(2)]);
    const failed = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(failed).toMatchObject([{ code: 'serialization-failure', retryable: true, outcome: 'rolled-back' }]);
  });

  it('refuses statements that begin or end a transaction', async () => {
    const connection = await open();
    await expectCode(() => connection.execute(statement('BEGIN')), 'transaction-scope');
    await expectCode(() => connection.execute(statement('START TRANSACTION')), 'transaction-scope');
    test.gateway().reset();
    for (const text of ['COMMIT', '/* c */ rollback', '-- c\nEND', 'ROLLBACK WORK', 'PREPARE TRANSACTION $$a$$']) {
      await expectCode(() => batch(connection, [insert(1), statement(text)]), 'transaction-scope');
    }
    expect(count()).toBe(0);
    await batch(connection, [statement('SAVEPOINT s'), insert(1), statement('ROLLBACK TO s')]);
    expect(await ids(connection)).toEqual([]);
  });

  const lost: readonly (readonly [Fault, done: boolean])[] = [
    ['answer lost', true],
    ['answer cut', true],
    ['request lost', false],
    [{ status: 502, body: '<html>bad gateway</html>' }, false],
    [{ doneBut: 504 }, true],
    [{ status: 500 }, false],
  ];
  for (const [fault, done] of lost) {
    it(`does not know what became of a write after ${JSON.stringify(fault)}, and never repeats it`, async () => {
      const connection = await open();
      const expected = { outcome: 'unknown', retryable: false };
      test.gateway().fail(fault);
      expect(await expectCode(() => connection.execute(insert(1), WRITE), 'connection')).toMatchObject(expected);
      test.gateway().fail(fault);
      expect(await expectCode(() => batch(connection, [insert(2), insert(3)], WRITE), 'connection')).toMatchObject(
        expected,
      );
      expect(count()).toBe(2);
      expect(await ids(connection)).toEqual(done ? [1, 2, 3] : []);
    });

    it(`knows that nothing is lost with a read after ${JSON.stringify(fault)}`, async () => {
      const connection = await open();
      const expected = { outcome: 'rolled-back', retryable: true };
      test.gateway().fail(fault);
      expect(await expectCode(() => ids(connection), 'connection')).toMatchObject(expected);
      test.gateway().fail(fault);
      const reads = () => batch(connection, [statement('SELECT 1')], { readOnly: true });
      expect(await expectCode(reads, 'connection')).toMatchObject(expected);
      expect(count()).toBe(2);
    });
  }

  it('says that a request is too large, and that nothing of it was done', async () => {
    const connection = await open();
    const large = statement('INSERT INTO t VALUES (1, $1)', 'x'.repeat(120_000));
    const error = await expectCode(() => connection.execute(large, WRITE), 'validation');
    expect(error).toMatchObject({ outcome: 'rolled-back', retryable: false });
    expect(error.message).not.toContain('xxx');
    expect(await ids(connection)).toEqual([]);
  });

  it('says that an answer is too large, and what that means for a write', async () => {
    const connection = await open();
    const large = statement("INSERT INTO t VALUES (1, repeat('x', 60000)) RETURNING note");
    expect(await expectCode(() => connection.execute(large, WRITE), 'driver')).toMatchObject({ outcome: 'unknown' });
    await connection.execute(statement('DELETE FROM t'));
    expect(await expectCode(() => batch(connection, [large], WRITE), 'driver')).toMatchObject({
      outcome: 'rolled-back',
    });
    expect(await ids(connection)).toEqual([]);
  });

  it.each([
    [429, true],
    [401, false],
    [403, false],
    [404, false],
  ])('takes a status %i for a refusal before anything was done', async (status, retryable) => {
    const connection = await open();
    test.gateway().fail({ status });
    const error = await expectCode(() => connection.execute(insert(1), WRITE), 'connection');
    expect(error).toMatchObject({ outcome: 'rolled-back', retryable });
  });

  it.each<[kind: string, options: object, outcome: Outcome]>([
    ['write', WRITE, 'unknown'],
    ['read', READ, 'rolled-back'],
    ['raw statement', {}, 'unknown'],
  ])('gives a slow %s up when its time is over', async (_kind, options, outcome) => {
    const connection = await open({ statementTimeout: 300 });
    test.gateway().fail({ late: 1500 });
    const error = await expectCode(() => connection.execute(statement('SELECT 1'), options), 'statement-timeout');
    expect(error).toMatchObject({ outcome });
    expect(error.message).toContain('300 ms');
    expect((await connection.execute(statement('SELECT 1'))).rows).toEqual([[1]]);
  });

  it('gives a request up when its signal fires, and the server stops the statement', async () => {
    const connection = await open();
    const abort = new AbortController();
    const sleeping = statement('INSERT INTO t SELECT 1, $1 FROM pg_sleep(5)', 'n');
    const failing = expectCode(() => connection.execute(sleeping, { ...WRITE, signal: abort.signal }), 'aborted');
    while (count() === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 100));
    abort.abort(new Error('mine'));
    expect(await failing).toMatchObject({ outcome: 'unknown', cause: { message: 'mine' } });
    const active =
      "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'INSERT INTO t SELECT%'";
    while (Number((await test.database().query(active))[0]?.[0]) > 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await ids(connection)).toEqual([]);
  });

  it('sends nothing when the signal has fired before', async () => {
    const connection = await open();
    const signal = AbortSignal.abort();
    const error = await expectCode(() => connection.execute(insert(1), { ...WRITE, signal }), 'aborted');
    expect([error, count()]).toMatchObject([{ outcome: 'rolled-back' }, 0]);
    await expectCode(() => batch(connection, [insert(1)], { signal }), 'aborted');
    expect(count()).toBe(0);
  });

  it('waits at its end for what is under way, and takes nothing more', async () => {
    const driver = make({ url: await test.url() });
    const connection = await driver.connect();
    const answer = connection.execute(statement('SELECT 7 FROM pg_sleep(0.2)'));
    await driver.close();
    expect((await answer).rows).toEqual([[7]]);
    await expectCode(() => connection.execute(statement('SELECT 1')), 'closed');
    await expectCode(() => driver.connect(), 'closed');
    await driver.close();
  });

  it('asks for a password or a token that is a function each time', async () => {
    const url = await test.url();
    const password = decodeURIComponent(new URL(url).password);
    let asked = 0;
    const fresh = async () => {
      asked += 1;
      return password;
    };
    const connection = await make({ url: url.replace(/:[^:@]*@/, ':an-old-one@'), password: fresh }).connect();
    await connection.execute(statement('SELECT 1'));
    await connection.execute(statement('SELECT 1'));
    expect(asked).toBe(2);
    const byToken = await make({ url: url.replace(/:[^:@]*@/, '@'), authToken: () => 'a-good-token' }).connect();
    expect((await byToken.execute(statement('SELECT 1'))).rows).toEqual([[1]]);
  });

  it('never shows a secret: not for a wrong password, a lost answer, or a URL that cannot be read', async () => {
    const texts: string[] = [];
    const show = (error: unknown): void => {
      for (let one = error; one instanceof Error; one = one.cause) {
        texts.push(one.message, one.stack ?? '', JSON.stringify(one));
      }
    };
    const url = (await test.url()).replace(/:[^:@]*@/, ':hunter2@');
    const wrong = await make({ url }).connect();
    const refused = await expectCode(() => wrong.execute(insert(1), WRITE), 'connection');
    expect(refused).toMatchObject({ retryable: false, outcome: 'rolled-back' });
    show(refused);
    test.gateway().fail('answer lost');
    show(await expectCode(() => wrong.execute(insert(1), WRITE), 'connection'));
    const hidden = 'postgres://u:hunter2@h_\u00e9.test/d';
    for (const bad of [
      hidden,
      'mysql://u:hunter2@h/d',
      'postgres://u:hunter2@h',
      'postgres://u:hunter2@/d',
      'hunter2',
    ]) {
      show(await expectCode(() => make({ url: bad }), 'configuration'));
    }
    const badToken = await make({ url, authToken: 'hunter2\n' }).connect();
    show(await expectCode(() => badToken.execute(insert(1)), 'configuration'));
    expect(texts.join('\n')).not.toContain('hunter2');
  });

  it('takes no option that it does not know, and says which is meant', async () => {
    const wrong = { url: await test.url(), statementTimout: 5 } as unknown as Options;
    const error = await expectCode(() => make(wrong), 'configuration');
    expect(error.message).toContain("'statementTimeout'");
    await expectCode(() => make({ url: 'postgres://a:b@c/d', statementTimeout: -1 }), 'configuration');
  });
});

describe.skipIf(test.missing !== undefined)(test.title('neon()'), () => {
  it('takes what the package’s own neon() gave, and sends each statement once', async () => {
    const connection = await neon(serverless.neon(await test.url())).connect();
    test.gateway().reset();
    expect((await connection.execute(statement('SELECT 9007199254740993'))).rows).toEqual([[9007199254740993n]]);
    expect(test.gateway().requests).toHaveLength(1);
  });

  it('imports the package where none is handed in', async () => {
    const connection = await neon(await test.url()).connect();
    expect((await connection.execute(statement('SELECT 1'))).rows).toEqual([[1]]);
  });

  it('refuses what is not the package', async () => {
    await expectCode(() => neon({ url: 'postgres://a:b@c/d', neon: {} }), 'configuration');
  });
});

describe('neonFetch()', () => {
  it('knows that nothing was done where nobody listens', async () => {
    const closed = await openGateway({
      answer: async () => ({ status: 200, body: {} }),
      close: async () => {},
    });
    await closed.close();
    const driver = neonFetch({ url: 'postgres://a:b@c/d', endpoint: `${closed.origin}/sql` });
    const connection = await driver.connect();
    const error = await expectCode(() => connection.execute(statement('DELETE FROM t'), WRITE), 'connection');
    expect(error).toMatchObject({ outcome: 'rolled-back', retryable: true });
  });

  it('finds Neon’s address by the host of the URL', async () => {
    const asked: string[] = [];
    const send = async (url: string) => {
      asked.push(url);
      return { ok: false, status: 503, json: async () => ({}) };
    };
    const url = 'postgres://a:b@ep-cool-1.eu-central-1.aws.neon.tech/d';
    for (const options of [{ url }, { url, authToken: 't' }]) {
      const connection = await neonFetch({ ...options, fetch: send }).connect();
      await expectCode(() => connection.execute(statement('SELECT 1'), READ), 'connection');
    }
    expect(asked).toEqual([
      'https://api.eu-central-1.aws.neon.tech/sql',
      'https://apiauth.eu-central-1.aws.neon.tech/sql',
    ]);
  });
});
