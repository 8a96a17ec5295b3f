import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../../../src/port.ts';
import { settle } from '../../../support/scripted-clock.ts';
import { refused } from '../../../support/scripted-source.ts';
import { errorOf, openPool, watchedSignal } from './open-pool.ts';

describe('whoever waits for too long', () => {
  it('is told what the pool holds, and what to do', async () => {
    const { pool, clock } = openPool({ max: 2, acquireTimeout: 500 });
    await pool.acquire();
    await pool.acquire();
    const first = errorOf(pool.acquire());
    const second = errorOf(pool.acquire());
    await clock.advance(499);
    expect(pool.state()).toMatchObject({ waiting: 2 });
    await clock.advance(1);
    const state = { total: 2, active: 2, idle: 0, waiting: 2, max: 2 };
    expect(await first).toMatchObject({ code: 'pool-timeout', retryable: true, pool: state });
    expect(await first).not.toHaveProperty('cause');
    expect(await first).toMatchObject({
      message:
        'scripted: no connection within 500 ms (total 2, active 2, idle 0, waiting 2, max 2); release connections sooner, or raise max or acquireTimeout',
    });
    expect(await second).toMatchObject({ pool: { ...state, waiting: 1 } });
    expect(pool.state()).toMatchObject({ waiting: 0 });
  });

  it('leaves the queue, so that the next connection goes to somebody who is there', async () => {
    const { pool, clock, source } = openPool({ max: 1, acquireTimeout: 500 });
    const lease = await pool.acquire();
    const late = errorOf(pool.acquire());
    await clock.advance(400);
    const patient = pool.acquire();
    await clock.advance(100);
    expect(await late).toMatchObject({ code: 'pool-timeout' });
    lease.release();
    expect((await patient).connection.id).toBe(1);
    expect(source.log).toEqual(['open 1', 'release 1', 'take 1']);
  });

  it('counts from its own arrival, however long others have been waiting', async () => {
    const { pool, clock } = openPool({ max: 1, acquireTimeout: 500 });
    await pool.acquire();
    const ends: string[] = [];
    const wait = (name: string) => errorOf(pool.acquire()).then(() => ends.push(`${name} at ${clock.now()}`));
    void wait('a');
    await clock.advance(200);
    void wait('b');
    await clock.advance(200);
    void wait('c');
    await clock.advance(1000);
    expect(ends).toEqual(['a at 500', 'b at 700', 'c at 900']);
  });

  it('costs one timer, however many wait or are served', async () => {
    const { pool, clock } = openPool({ max: 3 });
    for (let turn = 0; turn < 20; turn += 1) (await pool.acquire()).release();
    expect(clock.sleeping).toBe(1);
    await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
    for (let turn = 0; turn < 20; turn += 1) void errorOf(pool.acquire());
    await settle();
    expect(clock.sleeping).toBe(1);
    await clock.advance(20_000);
    expect(clock.sleeping).toBe(0);
  });

  it('gives a connection that comes too late back to the pool', async () => {
    const { pool, clock, source } = openPool({ max: 1, acquireTimeout: 500 });
    source.script.push('hang');
    const late = errorOf(pool.acquire());
    await clock.advance(500);
    expect(await late).toMatchObject({ code: 'pool-timeout', pool: { total: 1, active: 0, waiting: 1 } });
    const next = pool.acquire();
    source.answer();
    expect((await next).connection.id).toBe(1);
    expect(source.log).toEqual(['open 1', 'release 1', 'take 1']);
  });

  it('is answered even where the driver never is, and the place of the lost attempt stays taken', async () => {
    const { pool, clock, source } = openPool({ max: 1, acquireTimeout: 500 });
    source.script.push('hang');
    const first = errorOf(pool.acquire());
    await clock.advance(500);
    const second = errorOf(pool.acquire());
    await clock.advance(500);
    expect([await first, await second]).toMatchObject([{ code: 'pool-timeout' }, { code: 'pool-timeout' }]);
    expect(source.peak).toBe(0);
  });

  it.each([
    ['the time', 'pool-timeout', { active: 0, idle: 1 }],
    ['the connection', 'granted', { active: 1, idle: 0 }],
  ])('has one answer, and none is lost, when both come in one moment and %s is first', async (first, answer, state) => {
    const { pool, clock, source } = openPool({ max: 1, acquireTimeout: 500 });
    let release = () => {};
    // Timers of one moment fire in the order in which they were set.
    const set = () => void clock.sleep(500).then(() => release());
    if (first === 'the connection') set();
    const lease = await pool.acquire();
    release = () => lease.release();
    const outcome = pool.acquire().then(
      () => 'granted',
      (error: { code: string }) => error.code,
    );
    if (first === 'the time') set();
    await clock.advance(500);
    expect(await outcome).toBe(answer);
    expect(pool.state()).toMatchObject({ ...state, waiting: 0, total: 1 });
    expect(source.peak).toBe(1);
  });

  it('has the connection when it came first, and the time ran out before anybody looked', async () => {
    const { pool, clock } = openPool({ max: 1, acquireTimeout: 500 });
    const lease = await pool.acquire();
    const granted = pool.acquire();
    await clock.advance(499);
    lease.release();
    await clock.advance(1);
    expect((await granted).connection.id).toBe(1);
    expect(pool.state()).toMatchObject({ active: 1, waiting: 0 });
  });
});

describe('a signal', () => {
  it('that fired before is answered without asking for a connection', async () => {
    const { pool, source } = openPool();
    const reason = new Error('gone');
    expect(await errorOf(pool.acquire(AbortSignal.abort(reason)))).toMatchObject({ code: 'aborted', cause: reason });
    expect(source.log).toEqual([]);
  });

  it('takes its caller out of the queue', async () => {
    const { pool } = openPool({ max: 1 });
    const lease = await pool.acquire();
    const controller = new AbortController();
    const gone = errorOf(pool.acquire(controller.signal));
    const patient = pool.acquire();
    controller.abort(new Error('gone'));
    expect(await gone).toMatchObject({ code: 'aborted', cause: { message: 'gone' } });
    expect(pool.state()).toMatchObject({ waiting: 1 });
    lease.release();
    await patient;
  });

  it('sends a connection that is still being opened to the pool', async () => {
    const { pool, source } = openPool({ max: 1 });
    source.script.push('hang');
    const controller = new AbortController();
    const gone = errorOf(pool.acquire(controller.signal));
    await settle();
    controller.abort();
    expect(await gone).toMatchObject({ code: 'aborted' });
    source.answer();
    await settle();
    expect(pool.state()).toMatchObject({ active: 0, idle: 1, total: 1 });
  });

  it('that fires when the connection was granted has it given back unused', async () => {
    const { pool, source } = openPool({ max: 1 });
    const controller = new AbortController();
    const lease = await pool.acquire();
    let worked = false;
    const work = pool.use(() => {
      worked = true;
    }, controller.signal);
    const outcome = errorOf(work);
    lease.release();
    // One turn: the pool has granted the connection by then, and `use` has not seen it yet.
    while (pool.state().active === 0) await Promise.resolve();
    controller.abort();
    expect(await outcome).toMatchObject({ code: 'aborted' });
    expect(worked).toBe(false);
    expect(pool.state()).toMatchObject({ active: 0, idle: 1 });
    expect(source.log).toEqual(['open 1', 'release 1', 'take 1', 'release 1']);
  });

  it('is not listened to any more once there is an answer', async () => {
    const { pool, clock } = openPool({ max: 1, acquireTimeout: 500 });
    const { signal: watched, listeners } = watchedSignal();
    const lease = await pool.acquire(watched);
    expect(listeners.size).toBe(0);
    const late = errorOf(pool.acquire(watched));
    expect(listeners.size).toBe(1);
    await clock.advance(500);
    await late;
    expect(listeners.size).toBe(0);
    lease.release();
  });
});

describe('a server that cannot be reached', () => {
  it('is tried again after pauses that double, up to a bound, and vary', async () => {
    const randoms = [0.5, 0, 0.998, 0.5, 0.5, 0.5, 0.5];
    const { pool, source, clock, events } = openPool(
      { connectRetries: 7, acquireTimeout: 60_000 },
      { random: () => randoms.shift() ?? 0.5 },
    );
    source.script.push(...Array.from({ length: 7 }, refused));
    const lease = pool.acquire();
    const times: number[] = [];
    for (let attempt = 1; attempt <= 7; attempt += 1) {
      await settle();
      expect(source.log).toHaveLength(attempt);
      const [, ms = '0'] = /is in (\d+) ms/.exec(events[attempt - 1]?.message ?? '') ?? [];
      times.push(Number(ms));
      await clock.advance(Number(ms));
    }
    expect(times).toEqual([100, 100, 599, 800, 1600, 3200, 5000]);
    expect((await lease).connection.id).toBe(1);
    expect(events[0]).toEqual({
      level: 'warn',
      event: 'pool.retry',
      driver: 'scripted',
      message: 'scripted: connecting failed (attempt 1 of 8); the next one is in 100 ms',
      error: refused(),
    });
  });

  it('is given up with the last error after the last attempt', async () => {
    const { pool, source, clock } = openPool({ connectRetries: 2 });
    const last = new ConnectionError('the last', { retryable: true });
    source.script.push(refused(), refused(), last);
    const outcome = errorOf(pool.acquire());
    await clock.advance(1000);
    expect(await outcome).toBe(last);
    expect(source.log).toEqual(['fail', 'fail', 'fail']);
    expect((await pool.acquire()).connection.id).toBe(1);
  });

  it('is not tried again after an error that will not pass', async () => {
    const { pool, source, events } = openPool();
    const denied = new ConnectionError('wrong password', { retryable: false });
    source.script.push(denied);
    expect(await errorOf(pool.acquire())).toBe(denied);
    expect(events).toEqual([]);
  });

  it('is not tried again where no retries are wanted', async () => {
    const { pool, source } = openPool({ connectRetries: 0 });
    source.script.push(refused());
    expect(await errorOf(pool.acquire())).toMatchObject({ code: 'connection' });
  });

  it('is the cause that is named when the time runs out between two attempts', async () => {
    const { pool, source, clock } = openPool({ acquireTimeout: 150 });
    const error = refused();
    source.script.push(error, error, error);
    const outcome = errorOf(pool.acquire());
    await clock.advance(150);
    expect(await outcome).toMatchObject({ code: 'pool-timeout', cause: error });
    expect(await outcome).toMatchObject({ message: expect.stringContaining('could not be reached') });
    expect(clock.sleeping).toBe(0);
    source.script.length = 0;
    expect((await pool.acquire()).connection.id).toBe(1);
  });

  it('is left alone as soon as the caller is gone, and the place is free at once', async () => {
    const { pool, source } = openPool({ max: 1, retryDelay: 5000 });
    source.script.push(refused());
    const controller = new AbortController();
    const gone = errorOf(pool.acquire(controller.signal));
    await settle();
    const next = pool.acquire();
    controller.abort();
    expect(await gone).toMatchObject({ code: 'aborted' });
    expect((await next).connection.id).toBe(1);
  });

  it('that fails in an attempt nobody waits for any more is not told to anybody', async () => {
    const { pool, source, clock, events } = openPool({ max: 1, acquireTimeout: 10 });
    const { acquire } = source;
    source.acquire = async () => {
      await clock.sleep(50);
      source.acquire = acquire;
      throw refused();
    };
    const late = errorOf(pool.acquire());
    await clock.advance(100);
    expect(await late).toMatchObject({ code: 'pool-timeout' });
    expect(await late).not.toHaveProperty('cause');
    expect(events).toEqual([]);
    expect((await pool.acquire()).connection.id).toBe(1);
  });
});
