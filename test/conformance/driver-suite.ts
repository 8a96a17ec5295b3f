import { describe, expect } from 'vitest';
import { Entity, integer, text } from '../../src/index.ts';
import type {
  Capabilities,
  Connection,
  Dialect,
  ResultSet,
  Statement,
  Transaction,
  WireValue,
} from '../../src/port.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import type { Subject } from './subject.ts';
import { turn } from './turn.ts';

class Parent extends Entity('parents', { id: integer().primaryKey().generated(), name: text().unique() }) {}
class Child extends Entity('children', {
  id: integer().primaryKey(),
  parentId: integer(),
  kind: text({ values: ['a'] }),
}) {}

interface Opened extends AsyncDisposable {
  readonly connection: Connection;
  readonly dialect: Dialect;
  readonly quote: (name: string) => string;
  statement(sql: string, ...params: WireValue[]): Statement;
}

async function open(subject: Subject): Promise<Opened> {
  const db = await subject.open([Parent, Child]);
  const connection = await db.driver.connect();
  const { dialect } = db.driver;
  return {
    connection,
    dialect,
    quote: (name) => dialect.quote(name),
    statement(sql, ...params) {
      let position = 0;
      return {
        sql: sql.replace(/\?/g, () => {
          position += 1;
          return dialect.placeholder(position);
        }),
        params,
      };
    },
    async [Symbol.asyncDispose]() {
      connection.release();
      await db.close();
    },
  };
}

const transact = async <R>(connection: Connection, work: (tx: Transaction) => Promise<R>): Promise<R> => {
  if (connection.transact === undefined) throw new Error('the connection has no transact');
  return connection.transact(work);
};

/** By SAVEPOINT, or by what the driver has instead. */
async function inSavepoint({ quote, statement }: Opened, tx: Transaction, work: (tx: Transaction) => Promise<void>) {
  if (tx.transact !== undefined) return tx.transact(work);
  const savepoint = quote('before');
  await tx.execute(statement(`SAVEPOINT ${savepoint}`));
  try {
    await work(tx);
  } catch (error) {
    await tx.execute(statement(`ROLLBACK TO SAVEPOINT ${savepoint}`));
    throw error;
  }
}

const interactive = { requires: ({ interactive: kind }: Capabilities) => kind === 'session' };
const interactiveWhere = (condition: (capabilities: Capabilities) => boolean) => ({
  requires: (capabilities: Capabilities) => interactive.requires(capabilities) && condition(capabilities),
});
const failureEnds = ({ failedStatement }: Capabilities): boolean => failedStatement === 'ends-transaction';

async function names({ connection, statement, quote }: Opened): Promise<unknown[]> {
  const t = quote('parents');
  const result = await connection.execute(
    statement(`SELECT ${t}.${quote('name')} FROM ${t} ORDER BY ${t}.${quote('id')}`),
  );
  return result.rows.map(([name]) => name);
}

async function insert(on: Opened, executor: Pick<Connection, 'execute'>, ...values: string[]): Promise<ResultSet> {
  const rows = values.map(() => '(?)').join(', ');
  return executor.execute(
    on.statement(`INSERT INTO ${on.quote('parents')} (${on.quote('name')}) VALUES ${rows}`, ...values),
  );
}

const results: Laws = {
  'rows are arrays in the order of the columns, and names may be equal': async (subject) => {
    await using on = await open(subject);
    const result = await on.connection.execute(on.statement(`SELECT 1 AS ${on.quote('x')}, 2 AS ${on.quote('x')}`));
    expect(result.columns).toEqual(['x', 'x']);
    expect(result.rows).toEqual([[1, 2]]);
    expect(result.affectedRows).toBe(0);
  },
  'an INSERT tells its rows, and the last key it generated': async (subject) => {
    await using on = await open(subject);
    const one = await insert(on, on.connection, 'a');
    const three = await insert(on, on.connection, 'b', 'c', 'd');
    expect([one.affectedRows, three.affectedRows]).toEqual([1, 3]);
    const keys = [one.lastInsertId, three.lastInsertId].map((key) => (key === undefined ? null : Number(key)));
    // Elsewhere the INSERT itself returns its keys.
    expect(keys).toEqual(on.dialect.generatedKeys === 'consecutive' ? [1, 4] : [null, null]);
  },
  'UPDATE and DELETE tell the rows they matched, changed or not': async (subject) => {
    await using on = await open(subject);
    await insert(on, on.connection, 'a', 'b', 'c');
    const t = on.quote('parents');
    const run = (sql: string, ...params: WireValue[]) => on.connection.execute(on.statement(sql, ...params));
    expect((await run(`UPDATE ${t} SET ${on.quote('id')} = ${on.quote('id')}`)).affectedRows).toBe(3);
    expect(
      (await run(`UPDATE ${t} SET ${on.quote('name')} = ? WHERE ${t}.${on.quote('id')} = ?`, 'z', 99)).affectedRows,
    ).toBe(0);
    expect((await run(`DELETE FROM ${t} WHERE ${t}.${on.quote('id')} < ?`, 3)).affectedRows).toBe(2);
  },
  'a SELECT after a write tells no affected rows': async (subject) => {
    await using on = await open(subject);
    await insert(on, on.connection, 'a', 'b');
    expect((await on.connection.execute(on.statement('SELECT 1'))).affectedRows).toBe(0);
  },
  'the parameters of a long list arrive in their order': async (subject) => {
    await using on = await open(subject);
    const count = Math.min(2000, subject.capabilities.maxParams);
    const values = Array.from({ length: count }, (_, index) => `n${index}`);
    const marks = values.map(() => '(?)').join(', ');
    await on.connection.execute(
      on.statement(`INSERT INTO ${on.quote('parents')} (${on.quote('name')}) VALUES ${marks}`, ...values),
    );
    expect(await names(on)).toEqual(values);
  },
};

const failures: Laws = {
  'a violated unique constraint is unique-violation with table and columns': async (subject) => {
    await using on = await open(subject);
    await insert(on, on.connection, 'a');
    const error = await expectCode(() => insert(on, on.connection, 'b', 'a'), 'unique-violation');
    expect(error).toMatchObject({ table: 'parents', columns: ['name'] });
    expect(await names(on)).toEqual(['a']);
  },
  'a missing value is not-null-violation with table and columns': async (subject) => {
    await using on = await open(subject);
    const sql = `INSERT INTO ${on.quote('parents')} (${on.quote('name')}) VALUES (?)`;
    const error = await expectCode(() => on.connection.execute(on.statement(sql, null)), 'not-null-violation');
    expect(error).toMatchObject({ table: 'parents', columns: ['name'] });
  },
  'a value outside of the allowed ones is check-violation': async (subject) => {
    await using on = await open(subject);
    const columns = ['id', 'parent_id', 'kind'].map(on.quote).join(', ');
    const sql = `INSERT INTO ${on.quote('children')} (${columns}) VALUES (1, 1, ?)`;
    const error = await expectCode(() => on.connection.execute(on.statement(sql, 'secret-value')), 'check-violation');
    expect(error.message).not.toContain('secret-value');
  },
  'wrong SQL is a driver error that carries the cause and no parameter': async (subject) => {
    await using on = await open(subject);
    const error = await expectCode(
      () => on.connection.execute(on.statement('SELECT FROM WHERE ?', 'hunter2')),
      'driver',
    );
    expect(error.message).not.toContain('hunter2');
  },
  'an aborted signal refuses the statement': async (subject) => {
    await using on = await open(subject);
    const signal = AbortSignal.abort();
    await expectCode(() => on.connection.execute(on.statement('SELECT 1'), { signal }), 'aborted');
    expect((await on.connection.execute(on.statement('SELECT 1'))).rows).toEqual([[1]]);
  },
};

const transactions: Laws = {
  'a transaction commits when its work returns, and gives its result': {
    ...interactive,
    async check(subject) {
      await using on = await open(subject);
      expect(await transact(on.connection, async (tx) => (await insert(on, tx, 'a')).affectedRows)).toBe(1);
      expect(await names(on)).toEqual(['a']);
    },
  },
  'a transaction rolls back when its work throws, and rejects with what it threw': {
    ...interactive,
    async check(subject) {
      await using on = await open(subject);
      const reason = new Error('mine');
      const failing = transact(on.connection, async (tx) => {
        await insert(on, tx, 'a');
        throw reason;
      });
      await expect(failing).rejects.toBe(reason);
      expect(await names(on)).toEqual([]);
    },
  },
  'a statement that fails inside a transaction does not end it': {
    ...interactiveWhere((capabilities) => !failureEnds(capabilities)),
    async check(subject) {
      await using on = await open(subject);
      await transact(on.connection, async (tx) => {
        await insert(on, tx, 'a');
        await expectCode(() => insert(on, tx, 'a'), 'unique-violation');
        await insert(on, tx, 'b');
      });
      expect(await names(on)).toEqual(['a', 'b']);
    },
  },
  'a statement that fails inside a transaction ends it, and swallowing the error does not commit the rest': {
    ...interactiveWhere(failureEnds),
    async check(subject) {
      await using on = await open(subject);
      const swallowing = transact(on.connection, async (tx) => {
        await insert(on, tx, 'a');
        await expectCode(() => insert(on, tx, 'a'), 'unique-violation');
        await expectCode(() => insert(on, tx, 'b'), 'transaction-scope');
      });
      await expectCode(() => swallowing, 'transaction-scope');
      expect(await names(on)).toEqual([]);
      await insert(on, on.connection, 'c');
      expect(await names(on)).toEqual(['c']);
    },
  },
  'a statement that fails is taken back with its savepoint, and the transaction goes on': {
    ...interactiveWhere(({ savepoints }) => savepoints),
    async check(subject) {
      await using on = await open(subject);
      await transact(on.connection, async (tx) => {
        await insert(on, tx, 'a');
        await expectCode(
          () =>
            inSavepoint(on, tx, async (inner) => {
              await insert(on, inner, 'b');
              await insert(on, inner, 'a');
            }),
          'unique-violation',
        );
        await insert(on, tx, 'c');
      });
      expect(await names(on)).toEqual(['a', 'c']);
    },
  },
  'transactions on one database never interleave, and begin in the order they came': {
    ...interactiveWhere(({ concurrentTransactions }) => !concurrentTransactions),
    async check(subject) {
      await using on = await open(subject);
      const order: string[] = [];
      const work = (name: string) =>
        transact(on.connection, async (tx) => {
          order.push(`+${name}`);
          await insert(on, tx, `${name}1`);
          await turn();
          await insert(on, tx, `${name}2`);
          order.push(`-${name}`);
        });
      await Promise.all(['a', 'b', 'c', 'd'].map(work));
      expect(order).toEqual(['+a', '-a', '+b', '-b', '+c', '-c', '+d', '-d']);
      expect(await names(on)).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2', 'd1', 'd2']);
    },
  },
  'a statement from outside does not land inside an open transaction': {
    ...interactive,
    async check(subject) {
      await using on = await open(subject);
      let outside: Promise<ResultSet> | undefined;
      const failing = transact(on.connection, async (tx) => {
        await insert(on, tx, 'inside');
        outside = Promise.resolve(insert(on, on.connection, 'outside'));
        await turn();
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      await outside;
      expect(await names(on)).toEqual(['outside']);
    },
  },
  'what a transaction wrote cannot be read outside before it commits': {
    ...interactive,
    async check(subject) {
      await using on = await open(subject);
      let seen: Promise<unknown[]> | undefined;
      let committed = false;
      await transact(on.connection, async (tx) => {
        await insert(on, tx, 'a');
        seen = names(on).then((found) => (committed || found.length === 0 ? found : ['a dirty read']));
        await turn();
        committed = true;
      });
      expect([[], ['a']]).toContainEqual(await seen);
    },
  },
  'the handle of a transaction that ended is transaction-scope': {
    ...interactive,
    async check(subject) {
      await using on = await open(subject);
      let kept: Transaction | undefined;
      await transact(on.connection, async (tx) => {
        kept = tx;
      });
      await expectCode(() => kept?.execute(on.statement('SELECT 1')), 'transaction-scope');
    },
  },
  'a read-only transaction refuses to write': {
    ...interactive,
    async check(subject) {
      await using on = await open(subject);
      const work = async (tx: Transaction): Promise<unknown> => insert(on, tx, 'a');
      await expect(async () => on.connection.transact?.(work, { readOnly: true })).rejects.toThrow();
      expect(await names(on)).toEqual([]);
      await insert(on, on.connection, 'b');
      expect(await names(on)).toEqual(['b']);
    },
  },
};

const closing: Laws = {
  'after close every use is closed, and closing again does nothing': async (subject) => {
    const db = await subject.open([Parent, Child]);
    const connection = await db.driver.connect();
    await db.close();
    await db.close();
    await expectCode(() => connection.execute({ sql: 'SELECT 1', params: [] }), 'closed');
    await expectCode(() => db.driver.connect(), 'closed');
    await expectCode(() => db.em(), 'closed');
  },
};

/** What every driver does, whatever the core does above it. */
export function driverSuite(subject: Subject): void {
  describe(`${subject.name}: driver`, () => {
    registerLaws(subject, 'driver', { ...results, ...failures, ...transactions, ...closing });
  });
}
