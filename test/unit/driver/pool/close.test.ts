import { describe, expect, it } from 'vitest';
import { settle } from '../../../support/scripted-clock.ts';
import { refused } from '../../../support/scripted-source.ts';
import { errorOf, openPool } from './open-pool.ts';

/** Whether a promise is settled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  const note = () => {
    done = true;
  };
  promise.then(note, note);
  await settle();
  return done;
}

describe('the end of a pool', () => {
  it('closes what is idle, and leaves no timer', async () => {
    const { pool, source, clock } = openPool();
    const leases = await Promise.all([pool.acquire(), pool.acquire()]);
    for (const lease of leases) lease.release();
    await pool.close();
    expect(source.open).toBe(0);
    expect(clock.sleeping).toBe(0);
    expect(source.log.at(-1)).toBe('end');
  });

  it('waits for work that runs, and refuses whoever waits and whoever comes', async () => {
    const { pool, source, clock } = openPool({ max: 1 });
    const lease = await pool.acquire();
    const waiting = errorOf(pool.acquire());
    const closing = pool.close();
    expect(await waiting).toMatchObject({ code: 'closed' });
    expect(await errorOf(pool.acquire())).toMatchObject({ code: 'closed' });
    expect(await errorOf(pool.use(() => 1))).toMatchObject({ code: 'closed' });
    await clock.advance(9999);
    expect(await isDone(closing)).toBe(false);
    expect(source.log).not.toContain('end');
    lease.release();
    await closing;
    expect(source.log).toEqual(['open 1', 'release 1', 'end']);
    expect(clock.sleeping).toBe(0);
  });

  it('destroys what is on loan after drainTimeout, and what comes back later is none of its business', async () => {
    const { pool, source, clock, events } = openPool({ drainTimeout: 200 });
    const leases = await Promise.all([pool.acquire(), pool.acquire()]);
    const closing = pool.close();
    await clock.advance(200);
    await closing;
    expect(source.log).toEqual(['open 1', 'open 2', 'destroy 1', 'destroy 2', 'end']);
    expect(events).toMatchObject([{ level: 'warn', event: 'pool.drain-timeout' }]);
    expect(events[0]?.message).toContain('2 connections were still at work 200 ms after close()');
    leases[0]?.release();
    leases[1]?.destroy('late');
    expect(source.log).toHaveLength(5);
    expect(pool.state()).toMatchObject({ active: 0 });
  });

  it('counts a connection that is destroyed meanwhile as come back', async () => {
    const { pool, source } = openPool();
    const [one, two] = await Promise.all([pool.acquire(), pool.acquire()]);
    const closing = pool.close();
    one.destroy('suspect');
    expect(await isDone(closing)).toBe(false);
    two.destroy('suspect');
    await closing;
    expect(source.log).toEqual(['open 1', 'open 2', 'destroy 1', 'destroy 2', 'end']);
  });

  it('is one, however often it is asked for', async () => {
    const { pool, source } = openPool();
    expect(pool.close()).toBe(pool.close());
    await pool.close();
    expect(source.log).toEqual(['end']);
  });

  it('does not wait for a connection that is being opened, which is destroyed when it comes', async () => {
    const { pool, source } = openPool();
    source.script.push('hang');
    const waiting = errorOf(pool.acquire());
    await settle();
    await pool.close();
    expect(await waiting).toMatchObject({ code: 'closed' });
    source.answer();
    await settle();
    expect(source.log).toEqual(['end', 'open 1', 'destroy 1']);
    expect(source.open).toBe(0);
  });

  it('ends a pause between two attempts to connect', async () => {
    const { pool, source, clock } = openPool();
    source.script.push(refused());
    const waiting = errorOf(pool.acquire());
    await settle();
    await pool.close();
    expect(await waiting).toMatchObject({ code: 'closed' });
    expect(clock.sleeping).toBe(0);
  });

  it('comes while the pool is starting', async () => {
    const { pool, source, clock, events } = openPool({ min: 2 }, { maxConnections: async () => 100 });
    source.script.push('hang');
    const starting = errorOf(pool.start());
    await settle();
    await pool.close();
    expect(await starting).toMatchObject({ code: 'closed' });
    expect(clock.sleeping).toBe(0);
    expect(events).toEqual([]);
  });

  it('comes while connections are being warmed up', async () => {
    const { pool, source, clock, events } = openPool({ min: 2 });
    source.script.push('hang', 'hang');
    const starting = pool.start();
    await settle();
    await pool.close();
    source.answer();
    await starting;
    await settle();
    expect(source.open).toBe(0);
    expect(clock.sleeping).toBe(0);
    expect(events).toEqual([]);
  });

  it('is told of a driver that fails at it, and does not fail itself', async () => {
    const { pool, source, events } = openPool();
    source.faults.end = new Error('no');
    await pool.close();
    expect(events).toMatchObject([{ level: 'warn', event: 'pool.failure', error: { message: 'no' } }]);
  });

  it('does not wait for a driver that never answers', async () => {
    const { pool, source, clock, events } = openPool();
    source.faults.end = 'hang';
    const closing = pool.close();
    await clock.advance(5000);
    await closing;
    expect(events).toMatchObject([{ level: 'warn', event: 'pool.end-timeout' }]);
  });

  it('waits for no time at all with drainTimeout 0', async () => {
    const { pool, source, clock } = openPool({ drainTimeout: 0 });
    await pool.acquire();
    const closing = pool.close();
    await clock.advance(0);
    await closing;
    expect(source.log).toEqual(['open 1', 'destroy 1', 'end']);
  });
});
