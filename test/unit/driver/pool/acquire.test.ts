import { describe, expect, it } from 'vitest';
import { ConnectionError, PersistenceError } from '../../../../src/port.ts';
import { settle } from '../../../support/scripted-clock.ts';
import { refused } from '../../../support/scripted-source.ts';
import { errorOf, openPool } from './open-pool.ts';

describe('a pool', () => {
  it('lends a connection, and lends it again when it is back', async () => {
    const { pool, source } = openPool();
    const first = await pool.acquire();
    expect(first.connection.id).toBe(1);
    expect(pool.state()).toEqual({ total: 1, active: 1, idle: 0, waiting: 0, max: 10 });
    first.release();
    expect(pool.state()).toEqual({ total: 1, active: 0, idle: 1, waiting: 0, max: 10 });
    expect((await pool.acquire()).connection.id).toBe(1);
    expect(source.log).toEqual(['open 1', 'release 1', 'take 1']);
  });

  it('opens as many connections as max, and serves the others in the order they came', async () => {
    const { pool, source } = openPool({ max: 2 });
    const order: string[] = [];
    const ask = async (name: string) => {
      const lease = await pool.acquire();
      order.push(name);
      return lease;
    };
    const [a, b, c, d] = [ask('a'), ask('b'), ask('c'), ask('d')];
    await settle();
    expect(order).toEqual(['a', 'b']);
    expect(pool.state()).toMatchObject({ active: 2, waiting: 2 });
    (await b).release();
    await settle();
    (await a).release();
    expect((await c).connection.id).toBe(2);
    expect((await d).connection.id).toBe(1);
    expect(order).toEqual(['a', 'b', 'c', 'd']);
    expect(source.peak).toBe(2);
  });

  it('takes a connection back once, however often it is released or destroyed', async () => {
    const { pool, source } = openPool({ max: 1 });
    const lease = await pool.acquire();
    lease.release();
    lease.release();
    lease.destroy('late');
    const next = await pool.acquire();
    lease.release();
    lease.destroy('later');
    expect(pool.state()).toMatchObject({ active: 1, total: 1 });
    expect(source.log).toEqual(['open 1', 'release 1', 'take 1']);
    next.release();
  });

  it('lends for the time of a callback, and gives back whether it fails or not', async () => {
    const { pool } = openPool({ max: 1 });
    expect(await pool.use(({ id }) => id * 10)).toBe(10);
    expect(await errorOf(pool.use(() => Promise.reject(new Error('mine'))))).toMatchObject({ message: 'mine' });
    expect(pool.state()).toMatchObject({ active: 0, idle: 1 });
  });
});

describe('a suspect connection', () => {
  const violation = new PersistenceError('unique-violation', 'there already');

  it.each([
    ['a lost connection', new ConnectionError('lost')],
    ['a statement that timed out', new PersistenceError('statement-timeout', 'too long')],
  ])('is destroyed rather than lent again after %s', async (_, error) => {
    const { pool, source, events } = openPool();
    expect(await errorOf(pool.use(() => Promise.reject(error)))).toBe(error);
    expect(source.log).toEqual(['open 1', 'destroy 1']);
    expect(pool.state()).toMatchObject({ total: 0, active: 0 });
    expect(events).toMatchObject([{ level: 'warn', event: 'pool.destroyed', driver: 'scripted', error }]);
    expect((await pool.acquire()).connection.id).toBe(2);
  });

  it('is known by the errors that its user notes, of which the first is the reason', async () => {
    const { pool, source, events } = openPool();
    const lease = await pool.acquire();
    lease.noteError(violation);
    lease.noteError(refused());
    lease.noteError(new ConnectionError('second'));
    lease.release();
    expect(source.log).toEqual(['open 1', 'destroy 1']);
    expect(events).toMatchObject([{ error: { message: 'connect ECONNREFUSED' } }]);
  });

  it.each([
    ['a violated constraint', violation],
    ['an error of the application', new Error('mine')],
    ['something that is no error', 'text'],
  ])('is not one after %s', async (_, error) => {
    const { pool, source } = openPool();
    expect(await errorOf(pool.use(() => Promise.reject(error)))).toBe(error);
    expect(source.log).toEqual(['open 1', 'release 1']);
  });

  it('leaves room for whoever waits', async () => {
    const { pool } = openPool({ max: 1 });
    const lease = await pool.acquire();
    const waiting = pool.acquire();
    lease.destroy('suspect');
    expect((await waiting).connection.id).toBe(2);
  });
});

describe('a driver that cannot do its part', () => {
  it('loses no place in the pool when it will not take a connection back, nor close it', async () => {
    const { pool, source, events } = openPool({ max: 1 });
    source.faults.release = new Error('not mine');
    source.faults.destroy = new Error('no');
    (await pool.acquire()).release();
    expect(events.map(({ event }) => event)).toEqual(['pool.destroyed', 'pool.failure']);
    expect((await pool.acquire()).connection.id).toBe(2);
  });

  it('is not made worse by a log listener that throws', async () => {
    const onLog = () => {
      throw new Error('listener');
    };
    const { pool } = openPool({ max: 1 }, { onLog });
    (await pool.acquire()).destroy('suspect');
    expect((await pool.acquire()).connection.id).toBe(2);
  });
});
