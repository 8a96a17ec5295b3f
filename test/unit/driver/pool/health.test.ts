import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../../../src/port.ts';
import { settle } from '../../../support/scripted-clock.ts';
import { refused } from '../../../support/scripted-source.ts';
import { errorOf, openPool } from './open-pool.ts';

describe('an idle connection', () => {
  it('is lent without a check while it idled for a short time', async () => {
    const { pool, source, clock } = openPool({ checkAfter: 1000 });
    (await pool.acquire()).release();
    await clock.advance(999);
    await pool.acquire();
    expect(source.log).toEqual(['open 1', 'release 1', 'take 1']);
  });

  it('must answer first after checkAfter, counted from its last use', async () => {
    const { pool, source, clock } = openPool({ checkAfter: 1000 });
    (await pool.acquire()).release();
    await clock.advance(600);
    (await pool.acquire()).release();
    await clock.advance(600);
    (await pool.acquire()).release();
    expect(source.log).not.toContain('check 1');
    await clock.advance(1000);
    expect((await pool.acquire()).connection.id).toBe(1);
    expect(source.log.slice(-2)).toEqual(['take 1', 'check 1']);
  });

  it('is checked each time with checkAfter 0, but not when it was just opened', async () => {
    const { pool, source } = openPool({ checkAfter: 0 });
    (await pool.acquire()).release();
    (await pool.acquire()).release();
    expect(source.log).toEqual(['open 1', 'release 1', 'take 1', 'check 1', 'release 1']);
  });

  it('that is dead is replaced, and so are all others that died with it', async () => {
    const { pool, source, clock, events } = openPool({ max: 3, checkAfter: 1000 });
    const leases = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
    for (const lease of leases) lease.release();
    const error = new ConnectionError('terminated by an administrator');
    for (const id of [1, 2, 3]) source.dead.set(id, error);
    await clock.advance(1000);
    expect((await pool.acquire()).connection.id).toBe(4);
    expect(pool.state()).toMatchObject({ total: 1, active: 1, idle: 0 });
    const replaced = { level: 'warn', event: 'pool.replaced', driver: 'scripted', error };
    expect(events).toMatchObject([replaced, replaced, replaced]);
  });

  it('that does not answer at all is dead after five seconds', async () => {
    const { pool, source, clock, events } = openPool({ checkAfter: 1000 });
    (await pool.acquire()).release();
    source.dead.set(1, 'hang');
    await clock.advance(1000);
    const lease = pool.acquire();
    await clock.advance(5000);
    expect((await lease).connection.id).toBe(2);
    expect(events).toMatchObject([{ event: 'pool.replaced', error: { code: 'connection', retryable: true } }]);
    expect(source.log.slice(-2)).toEqual(['destroy 1', 'open 2']);
  });

  it('whose check outlasts its caller goes to the next one', async () => {
    const { pool, source, clock } = openPool({ max: 1, checkAfter: 0, acquireTimeout: 100 });
    (await pool.acquire()).release();
    const { check } = source;
    source.check = (connection) => clock.sleep(200).then(() => check(connection));
    const late = errorOf(pool.acquire());
    await clock.advance(150);
    expect(await late).toMatchObject({ code: 'pool-timeout' });
    const next = pool.acquire();
    source.check = check;
    await clock.advance(50);
    expect(source.log).toContain('release 1');
    expect((await next).connection.id).toBe(1);
  });
});

describe('an old connection', () => {
  it('is closed when it comes back after its lifetime, which is up to a tenth shorter', async () => {
    const { pool, source, clock, events } = openPool(
      { idleTimeout: 60_000, maxLifetime: 100_000 },
      { random: () => 0.9 },
    );
    const lease = await pool.acquire();
    await clock.advance(90_999);
    lease.release();
    const again = await pool.acquire();
    expect(again.connection.id).toBe(1);
    await clock.advance(1);
    again.release();
    expect(source.log.at(-1)).toBe('destroy 1');
    expect(events).toMatchObject([{ level: 'debug', event: 'pool.expired' }]);
  });

  it('is closed rather than lent when its lifetime ended while it idled', async () => {
    const { pool, source, clock } = openPool({ idleTimeout: 60_000, maxLifetime: 60_000, checkAfter: 1 });
    (await pool.acquire()).release();
    await clock.advance(60_000);
    expect((await pool.acquire()).connection.id).toBe(2);
    expect(source.log).toEqual(['open 1', 'release 1', 'take 1', 'destroy 1', 'open 2']);
  });

  it('may become as old as it likes with maxLifetime 0', async () => {
    const { pool, clock } = openPool({ maxLifetime: 0 });
    (await pool.acquire()).release();
    await clock.advance(1e12);
    expect((await pool.acquire()).connection.id).toBe(1);
  });
});

describe('warm connections', () => {
  it('are opened at the start, each proven to answer', async () => {
    const { pool, source } = openPool({ min: 3 });
    await pool.start();
    expect(source.log).toEqual([
      ...['open 1', 'open 2', 'open 3', 'check 1', 'check 2', 'check 3'],
      ...['release 1', 'release 2', 'release 3'],
    ]);
    expect(pool.state()).toMatchObject({ total: 3, idle: 3, active: 0 });
    await pool.close();
  });

  it('are opened again when they died, or when the driver closed them', async () => {
    const { pool, source, clock } = openPool({ min: 2, checkAfter: 30_000 });
    await pool.start();
    source.dead.set(2, new Error('dead'));
    await clock.advance(30_000);
    expect(source.connections.map(({ state }) => state)).toEqual(['idle', 'closed', 'idle']);
    expect(pool.state()).toMatchObject({ total: 2, idle: 2 });
    await pool.close();
  });

  it('that are not to be had are told of, and had later', async () => {
    const { pool, source, clock, events } = openPool({ min: 2, connectRetries: 0 });
    source.script.push('open', refused());
    await pool.start();
    expect(events).toMatchObject([{ level: 'warn', event: 'pool.failure', error: { code: 'connection' } }]);
    expect(pool.state()).toMatchObject({ total: 1 });
    await clock.advance(30_000);
    expect(pool.state()).toMatchObject({ total: 2 });
    await pool.close();
  });

  it('that do not answer when they are opened are destroyed', async () => {
    const { pool, source } = openPool({ min: 2 });
    source.dead.set(2, new Error('half open'));
    await pool.start();
    expect(pool.state()).toMatchObject({ total: 1, idle: 1 });
    await pool.close();
  });

  it('are not seen to while all connections work', async () => {
    const { pool, source, clock, events } = openPool({ min: 1, max: 2 });
    await pool.start();
    await pool.acquire();
    await pool.acquire();
    const before = source.log.length;
    await clock.advance(120_000);
    expect(source.log).toHaveLength(before);
    expect(events).toEqual([]);
  });

  it('take no timer where none are wanted', async () => {
    const { pool, clock } = openPool();
    await pool.start();
    expect(clock.sleeping).toBe(0);
  });

  it('end with the pool', async () => {
    const { pool, source, clock } = openPool({ min: 2 });
    await pool.start();
    await pool.close();
    expect(clock.sleeping).toBe(0);
    const { length } = source.log;
    await clock.advance(600_000);
    await settle();
    expect(source.log).toHaveLength(length);
    expect(source.open).toBe(0);
  });
});
