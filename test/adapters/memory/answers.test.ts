import { describe, expect, it } from 'vitest';
import { type Answer, type MemoryDriver, memory } from '../../../adapters/memory/index.ts';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import type { Connection, ResultSet } from '../../../src/port.ts';
import { DriverError } from '../../../src/port.ts';
import { expectCode } from '../../conformance/laws.ts';

async function open(): Promise<{ driver: MemoryDriver<null>; run(text: string): Promise<ResultSet> }> {
  const driver = memory();
  const connection = await driver.connect();
  return { driver, run: async (text) => connection.execute({ sql: text, params: [1] }) };
}

const rows = (value: number): Answer => ({ rows: [[value]] });
const first = async (result: Promise<ResultSet>) => (await result).rows[0]?.[0];

describe('A scripted answer', () => {
  it('is found by a part of the text, an expression, or a function of statement and values', async () => {
    const { driver, run } = await open();
    driver.answer('from a', rows(1));
    driver.answer(/FROM b$/gi, rows(2));
    driver.answer(({ sql, params }) => sql.endsWith('c') && params[0] === 1, rows(3));
    expect(await first(run('select from a'))).toBe(1);
    for (let time = 0; time < 3; time += 1) expect(await first(run('select from b'))).toBe(2);
    expect(await first(run('select from c'))).toBe(3);
    await expectCode(() => run('select from B where'), 'configuration');
  });

  it('for one time comes before one for always, in the order they were given', async () => {
    const { driver, run } = await open();
    driver.answer('x', rows(0));
    driver.answerOnce('x', rows(1));
    driver.answerOnce('other', rows(9));
    driver.answerOnce('x', rows(2));
    expect([await first(run('x')), await first(run('x')), await first(run('x'))]).toEqual([1, 2, 0]);
    expect(driver.unused).toEqual(['other']);
  });

  it('for always gives way to a newer one', async () => {
    const { driver, run } = await open();
    driver.answer('', rows(1));
    driver.answer('x', rows(2));
    expect([await first(run('x')), await first(run('y'))]).toEqual([2, 1]);
  });

  it('may be made for the statement, now or later', async () => {
    const { driver, run } = await open();
    driver.answer('now', ({ params }) => ({ rows: [params] }));
    driver.answer('later', async ({ sql }) => ({ rows: [[sql]] }));
    expect((await run('now')).rows).toEqual([[1]]);
    expect((await run('later')).rows).toEqual([['later']]);
  });

  it('is given at once where nothing has to be waited for', async () => {
    const driver = memory();
    driver.answer('x', { affectedRows: 3 });
    const connection = await driver.connect();
    expect(connection.execute({ sql: 'x', params: [] })).toEqual({ columns: [], rows: [], affectedRows: 3 });
  });

  it.each<[string, Answer]>([
    ['itself', new DriverError('mine')],
    ['as a part of an answer', { error: new DriverError('mine') }],
    ['made by a function', () => new DriverError('mine')],
  ])('may be an error: %s', async (_, answer) => {
    const { driver, run } = await open();
    driver.answerOnce('x', answer);
    await expect(run('x')).rejects.toThrow('mine');
    expect(driver.log[0]).toMatchObject({ answeredBy: 'script', error: new DriverError('mine'), result: null });
  });

  it('may be late, and a signal ends the wait', async () => {
    const asked: number[] = [];
    const driver = memory({
      clock: {
        sleep: (ms, signal) => {
          asked.push(ms);
          return new Promise((resolve, reject) => {
            if (signal === undefined) resolve();
            signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
          });
        },
      },
    });
    driver.answer('x', { rows: [[1]], delay: 40 });
    const connection = await driver.connect();
    expect((await connection.execute({ sql: 'x', params: [] })).rows).toEqual([[1]]);
    const controller = new AbortController();
    const pending = connection.execute({ sql: 'x', params: [] }, { signal: controller.signal });
    controller.abort();
    await expectCode(() => pending, 'aborted');
    expect(asked).toEqual([40, 40]);
  });

  it('tells generated keys as the dialect does, and counts their rows', async () => {
    const { driver, run } = await open();
    driver.answer('x', { keys: [10, 12, 14] });
    expect(await run('x')).toEqual({
      columns: [],
      rows: [],
      affectedRows: 3,
      lastInsertId: 14,
      generatedKeyStep: 2,
    });
    driver.answer('x', { keys: [2n ** 60n] });
    expect(await run('x')).toMatchObject({ affectedRows: 1, lastInsertId: 2n ** 60n, generatedKeyStep: 1 });
  });

  it.each<[string, Answer]>([
    ['keys at unequal distances where the dialect tells a distance', { keys: [1, 2, 4] }],
    ['rows and keys', { rows: [[1]], keys: [1] }],
    ['rows that are objects', { rows: [{ id: 1 }] as never }],
  ])('cannot have %s', async (_, answer) => {
    const { driver, run } = await open();
    driver.answer('x', answer);
    await expectCode(() => run('x'), 'configuration');
  });

  it('stands before a database, which never hears of the statement', async () => {
    const driver = memory({ backing: sqljs() });
    const connection: Connection = await driver.connect();
    driver.answerOnce('SELECT 1', rows(7));
    const run = async () => (await connection.execute({ sql: 'SELECT 1', params: [] })).rows;
    expect([await run(), await run()]).toEqual([[[7]], [[1]]]);
    expect(driver.log.map(({ answeredBy }) => answeredBy)).toEqual(['script', 'backing']);
    await driver.close();
  });
});
