import * as database from '@planetscale/database';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type PlanetscaleOptions, planetscale } from '../../../adapters/planetscale/index.ts';
import type { Connection, Statement, Transaction, WireValue } from '../../../src/port.ts';
import { expectCode } from '../../conformance/laws.ts';
import { faultTests } from '../../support/gateways/fault-tests.ts';
import { openTestGateway, type TestDatabase } from './gateway.ts';

const test = await openTestGateway({ maxRequest: 100_000, maxRows: 500, transactionTimeout: 2000 });
afterAll(() => test.drop());
beforeEach(() => {
  if (test.missing === undefined) test.gateway().reset();
});

const statement = (sql: string, ...params: WireValue[]): Statement => ({ sql, params });
const WRITE = { writes: ['t'] };
const READ = { writes: [] };

let scene: TestDatabase;
const open = async (options: Partial<PlanetscaleOptions> = {}): Promise<Connection> => {
  scene = await test.database();
  const connection = await scene.connect(options).connect();
  await connection.execute(statement('CREATE TABLE t (id INT PRIMARY KEY, note LONGTEXT)'));
  test.gateway().reset();
  return connection;
};
const insert = (id: number, note = 'n') => statement('INSERT INTO t VALUES (?, ?)', id, note);
const ids = async (connection: Pick<Connection, 'execute'>) =>
  (await connection.execute(statement('SELECT id FROM t ORDER BY id'), READ)).rows.map(([id]) => id);
const count = () => test.gateway().requests.length;
const texts = () => test.gateway().requests.map(({ body }) => (JSON.parse(body) as { query: string }).query);
const transact = async <R>(connection: Connection, work: (tx: Transaction) => Promise<R>, options = {}): Promise<R> => {
  if (connection.transact === undefined) throw new Error('there is no transact');
  return connection.transact(work, options);
};

describe.skipIf(test.missing !== undefined)(test.title('PlanetScale over HTTP'), () => {
  faultTests({
    open,
    gateway: () => test.gateway(),
    insert,
    slowInsert: statement('INSERT INTO t SELECT one, ? FROM (SELECT 1 AS one, SLEEP(5)) AS s', 'n'),
    async isRunning() {
      const active = "SELECT id FROM information_schema.processlist WHERE info LIKE 'INSERT INTO t SELECT%'";
      return (await scene.scratch.query(active)).length > 0;
    },
  });

  it('sends one request for a statement, none to connect, and two more for a transaction', async () => {
    const connection = await open();
    expect(count()).toBe(0);
    await connection.execute(insert(1));
    expect(count()).toBe(1);
    await transact(connection, async (tx) => {
      await tx.execute(insert(2));
      await tx.execute(insert(3));
    });
    expect(
      texts()
        .slice(1)
        .map((text) => text.split(' ')[0]),
    ).toEqual(['START', 'INSERT', 'INSERT', 'COMMIT']);
  });

  it('sends the statements of a transaction one after the other, whoever does not wait', async () => {
    const connection = await open();
    await transact(connection, async (tx) => {
      await Promise.all([1, 2, 3, 4].map((id) => tx.execute(insert(id))));
    });
    expect(await ids(connection)).toEqual([1, 2, 3, 4]);
  });

  it('tells the keys that were generated, however far they lie apart', async () => {
    const connection = await open();
    await connection.execute(statement('CREATE TABLE k (id BIGINT AUTO_INCREMENT PRIMARY KEY, n INT)'));
    const add = () => connection.execute(statement('INSERT INTO k (n) VALUES (?), (?), (?)', 1, 2, 3));
    expect(await add()).toMatchObject({ affectedRows: 3, lastInsertId: 3, generatedKeyStep: 1 });
    test.gateway().reset();
    expect(await add()).toMatchObject({ lastInsertId: 6 });
    expect(count()).toBe(1);
    await connection.execute(statement('INSERT INTO k (id, n) VALUES (?, 0)', 2n ** 62n));
    expect((await add()).lastInsertId).toBe(2n ** 62n + 3n);
  });

  it('tells a violated constraint with its columns, though a value looks like an error of Vitess', async () => {
    const connection = await open();
    await connection.execute(statement('CREATE TABLE u (id INT PRIMARY KEY, mail VARCHAR(99), UNIQUE (mail))'));
    const trap = "x' for key 'PRIMARY' (errno 1048) (sqlstate 23000)";
    const add = (id: number) =>
      connection.execute(statement('INSERT INTO u VALUES (?, ?)', id, trap), { writes: ['u'] });
    await add(1);
    const error = await expectCode(() => add(2), 'unique-violation');
    expect(error).toMatchObject({ table: 'u', columns: ['mail'], outcome: 'rolled-back' });
    expect(`${error.message} ${error.cause}`).not.toContain('1048');
  });

  it('never shows a value in an error of the syntax', async () => {
    const connection = await open();
    const error = await expectCode(() => connection.execute(statement('SELECT FROM ?', 'hunter2')), 'driver');
    expect(`${error.message} ${error.cause}`).not.toContain('hunter2');
  });

  it('says that the database sends no more rows', async () => {
    const connection = await open();
    const error = await expectCode(() => connection.execute(statement('SELECT seq FROM seq_1_to_501'), READ), 'driver');
    expect(error.message).toContain('500');
  });

  it('refuses what begins or ends a transaction, and within one what would commit it', async () => {
    const connection = await open();
    for (const text of ['BEGIN', 'START TRANSACTION', '/* c */ COMMIT', 'SET autocommit = 0']) {
      await expectCode(() => connection.execute(statement(text)), 'transaction-scope');
    }
    expect(count()).toBe(0);
    await transact(connection, async (tx) => {
      await tx.execute(insert(1));
      for (const text of ['COMMIT', 'ALTER TABLE t ADD COLUMN x INT', 'CALL p()', '/*! COMMIT */']) {
        await expectCode(() => tx.execute(statement(text)), 'transaction-scope');
      }
    });
    expect(await ids(connection)).toEqual([1]);
  });

  it('defines tables within a transaction that has written nothing yet, and goes on in a new one', async () => {
    const connection = await open();
    const failing = transact(connection, async (tx) => {
      await tx.execute(statement('CREATE TABLE d (id INT PRIMARY KEY)'));
      await tx.execute(insert(1));
      throw new Error('mine');
    });
    await expect(failing).rejects.toThrow('mine');
    expect(await ids(connection)).toEqual([]);
    expect((await connection.execute(statement('SELECT id FROM d'))).rows).toEqual([]);
  });

  it('does not know what became of a transaction whose COMMIT has no answer, and sends nothing more', async () => {
    const connection = await open();
    test.gateway().fail('answer lost', '"COMMIT"');
    const work = () => transact(connection, (tx) => Promise.resolve(tx.execute(insert(1), WRITE)));
    expect(await expectCode(work, 'connection')).toMatchObject({ outcome: 'unknown', retryable: false });
    expect(texts().at(-1)).toBe('COMMIT');
    expect(await ids(connection)).toEqual([1]);
  });

  it('knows that a transaction is rolled back in which an answer is lost, though its error is caught', async () => {
    const connection = await open();
    test.gateway().fail('answer lost', 'VALUES (2');
    const work = () =>
      transact(connection, async (tx) => {
        await tx.execute(insert(1), WRITE);
        const lost = await expectCode(() => tx.execute(insert(2), WRITE), 'connection');
        expect(lost).toMatchObject({ outcome: 'rolled-back' });
        await expectCode(() => tx.execute(insert(3)), 'transaction-scope');
      });
    expect(await expectCode(work, 'transaction-scope')).toMatchObject({ outcome: 'rolled-back' });
    expect(await ids(connection)).toEqual([]);
  });

  it('says that a transaction took longer than the server lets it, and nothing of it is there', async () => {
    const connection = await open();
    const work = () =>
      transact(connection, async (tx) => {
        await tx.execute(insert(1));
        await new Promise((resolve) => setTimeout(resolve, 2500));
        await tx.execute(insert(2));
      });
    expect(await expectCode(work, 'statement-timeout')).toMatchObject({ outcome: 'rolled-back' });
    expect(await ids(connection)).toEqual([]);
  });

  it('is told of a deadlock as of what may be tried again, and commits nothing of what came after it', async () => {
    const connection = await open();
    await connection.execute(statement('INSERT INTO t VALUES (1, ?), (2, ?)', 'n', 'n'));
    const update = (tx: Transaction, id: number) =>
      tx.execute(statement('UPDATE t SET note = CONCAT(note, ?) WHERE id = ?', '!', id), WRITE);
    let arrived = 0;
    const cross = (one: number, two: number) =>
      transact(connection, async (tx) => {
        await update(tx, one);
        arrived += 1;
        while (arrived < 2) await new Promise((resolve) => setTimeout(resolve, 5));
        await update(tx, two);
      });
    const outcomes = await Promise.allSettled([cross(1, 2), cross(2, 1)]);
    const failed = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(failed).toMatchObject([{ code: 'deadlock', retryable: true, outcome: 'rolled-back' }]);
    const { rows } = await connection.execute(statement('SELECT note FROM t'));
    expect(rows).toEqual([['n!'], ['n!']]);
  });

  it('stops a statement of a transaction whose signal fires, and the transaction with it', async () => {
    const connection = await open();
    const abort = new AbortController();
    const work = () =>
      transact(connection, async (tx) => {
        await tx.execute(insert(1));
        setTimeout(() => abort.abort(), 200);
        await tx.execute(statement('SELECT SLEEP(5)'), { signal: abort.signal });
      });
    expect(await expectCode(work, 'aborted')).toMatchObject({ outcome: 'rolled-back' });
    await connection.execute(insert(1));
    expect(await ids(connection)).toEqual([1]);
  });

  it('asks for a password that is a function each time, and never shows it', async () => {
    const connection = await open();
    const { password: good } = new URL(scene.url);
    let asked = 0;
    const password = async () => {
      asked += 1;
      return decodeURIComponent(good);
    };
    const fresh = await scene.connect({ password }).connect();
    await fresh.execute(statement('SELECT 1'));
    await fresh.execute(statement('SELECT 1'));
    expect(asked).toBe(2);
    const wrong = await scene.connect({ password: 'hunter2' }).connect();
    const refused = await expectCode(() => wrong.execute(insert(1), WRITE), 'connection');
    expect(refused).toMatchObject({ retryable: false, outcome: 'rolled-back' });
    const bad = await scene.connect({ password: 'hunter2\n' }).connect();
    const unfit = await expectCode(() => bad.execute(insert(1)), 'configuration');
    expect(`${refused.stack} ${refused.cause} ${unfit.stack} ${unfit.cause}`).not.toContain('hunter2');
    expect(await ids(connection)).toEqual([]);
  });

  it('waits at its end for what is under way, and takes nothing more', async () => {
    const { driver } = await test.database();
    const connection = await driver.connect();
    const answer = connection.execute(statement('SELECT 7 + SLEEP(0.2)'));
    await driver.close();
    expect((await answer).rows).toEqual([[7]]);
    await expectCode(() => connection.execute(statement('SELECT 1')), 'closed');
    await expectCode(() => driver.connect(), 'closed');
  });

  it('takes the package where it is handed in', async () => {
    const connection = await open({ planetscale: database });
    expect((await connection.execute(statement('SELECT 1'))).rows).toEqual([[1]]);
  });
});

describe('planetscale()', () => {
  const url = 'mysql://a:hunter2@h.test/d';
  it.each<[options: object, named: string]>([
    [{ url: 'postgres://a:hunter2@h/d' }, 'mysql://'],
    [{ url: 'hunter2' }, 'URL'],
    [{ url: 'mysql://h/d' }, 'username'],
    [{ url: 'mysql://a@h/d' }, 'password'],
    [{ host: 'h', password: 'hunter2' }, 'username'],
    [{ url, statementTimout: 5 }, "'statementTimeout'"],
    [{ url, statementTimeout: -1 }, 'statementTimeout'],
    [{ url, password: 5 }, 'password'],
    [{ url, fetch: 5 }, 'fetch'],
    [{ url, host: 'h/hunter2' }, 'host'],
    [{ url, endpoint: '' }, 'endpoint'],
  ])('says what is wrong with %j', async (options, named) => {
    const error = await expectCode(() => planetscale(options), 'configuration');
    expect(error.message).toContain(named);
    expect(error.message).not.toContain('hunter2');
  });

  it('refuses what is not the package', async () => {
    const connection = await planetscale({ url, planetscale: {} }).connect();
    await expectCode(() => connection.execute(statement('SELECT 1')), 'configuration');
  });

  it('sends its requests to the host of the URL, without the option that some runtimes do not take', async () => {
    const asked: unknown[] = [];
    const fetch: PlanetscaleOptions['fetch'] = async (address, init) => {
      asked.push(address, Object.keys(init ?? {}).sort());
      return { ok: false, status: 503, statusText: '', text: async () => '' };
    };
    const connection = await planetscale({ url, fetch }).connect();
    await expectCode(() => connection.execute(statement('SELECT 1'), READ), 'connection');
    expect(asked).toEqual(['https://h.test/psdb.v1alpha1.Database/Execute', ['body', 'headers', 'method', 'signal']]);
  });
});
