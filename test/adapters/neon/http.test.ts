import * as serverless from '@neondatabase/serverless';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { neonFetch } from '../../../adapters/neon/fetch.ts';
import { neon } from '../../../adapters/neon/index.ts';
import type { Driver } from '../../../src/index.ts';
import type { Connection, SecretSource, Statement, WireValue } from '../../../src/port.ts';
import { expectCode } from '../../conformance/laws.ts';
import { faultTests } from '../../support/gateways/fault-tests.ts';
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

  faultTests({
    open,
    gateway: () => test.gateway(),
    insert: (id, note) => statement('INSERT INTO t VALUES ($1, $2)', id, note),
    slowInsert: statement('INSERT INTO t SELECT 1, $1 FROM pg_sleep(5)', 'n'),
    async isRunning() {
      const active =
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'INSERT INTO t SELECT%'";
      return Number((await test.database().query(active))[0]?.[0]) > 0;
    },
  });

  const lost: readonly (readonly [Fault, done: boolean])[] = [
    ['answer lost', true],
    ['request lost', false],
    [{ status: 502 }, false],
  ];
  for (const [fault, done] of lost) {
    it(`does not know what became of a batch after ${JSON.stringify(fault)}, but of one that reads`, async () => {
      const connection = await open();
      test.gateway().fail(fault);
      const error = await expectCode(() => batch(connection, [insert(2), insert(3)], WRITE), 'connection');
      expect(error).toMatchObject({ outcome: 'unknown', retryable: false });
      expect(await ids(connection)).toEqual(done ? [2, 3] : []);
      test.gateway().fail(fault);
      const reads = () => batch(connection, [statement('SELECT 1')], { readOnly: true });
      expect(await expectCode(reads, 'connection')).toMatchObject({ outcome: 'rolled-back', retryable: true });
      expect(count()).toBe(3);
    });
  }

  it('sends no batch when the signal has fired before', async () => {
    const connection = await open();
    await expectCode(() => batch(connection, [insert(1)], { signal: AbortSignal.abort() }), 'aborted');
    expect(count()).toBe(0);
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
