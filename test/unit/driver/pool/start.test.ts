import { describe, expect, it } from 'vitest';
import { ConnectionError } from '../../../../src/port.ts';
import { settle } from '../../../support/scripted-clock.ts';
import { refused } from '../../../support/scripted-source.ts';
import { errorOf, openPool, watchedSignal } from './open-pool.ts';

describe('the start of a pool', () => {
  it('opens nothing where nothing is asked of it', async () => {
    const { pool, source } = openPool();
    await pool.start();
    expect(source.log).toEqual([]);
    expect(pool.corrections).toEqual([]);
  });

  it('asks the server for its limit on the first connection, and stays below it', async () => {
    const asked: number[] = [];
    const { pool, source, events } = openPool(
      { max: 50, min: 20 },
      {
        maxConnections: async ({ id }) => {
          asked.push(id);
          return 10;
        },
      },
    );
    expect(pool.settings).toMatchObject({ max: 50, min: 20 });
    await pool.start();
    expect(asked).toEqual([1]);
    expect(pool.settings).toMatchObject({ max: 8, min: 4 });
    expect(source.peak).toBe(4);
    expect(pool.corrections.map(({ field }) => field)).toEqual(['max', 'min']);
    expect(events).toMatchObject(
      pool.corrections.map((correction) => ({
        level: 'warn',
        event: 'option.corrected',
        driver: 'scripted',
        correction,
      })),
    );
    expect(events[0]?.message).toBe(
      'scripted: pool.max: 50 became 8, because it is above 80 % of the 10 connections that the server allows',
    );
    void Promise.all(Array.from({ length: 20 }, () => errorOf(pool.acquire()))).catch(() => undefined);
    await settle();
    expect(source.peak).toBe(8);
    expect(pool.state()).toMatchObject({ active: 8, waiting: 12, max: 8 });
  });

  it('corrects what needs no server where the server does not tell its limit', async () => {
    const { pool, events } = openPool({ max: 500, idleTimeout: 30 }, { maxConnections: async () => null });
    await pool.start();
    expect(pool.settings).toMatchObject({ max: 500, idleTimeout: 60_000 });
    expect(events).toHaveLength(1);
  });

  it('opens the driver with corrected options, though the server was not asked yet', () => {
    const { pool } = openPool({ min: 9, max: 4 });
    expect(pool.settings).toMatchObject({ min: 2, max: 4 });
    expect(pool.corrections).toHaveLength(1);
  });

  it('happens once, however often it is asked for', async () => {
    let asked = 0;
    const maxConnections = async () => {
      asked += 1;
      return null;
    };
    const { pool } = openPool({}, { maxConnections });
    await Promise.all([pool.start(), pool.start()]);
    await pool.start();
    expect(asked).toBe(1);
  });

  it('fails where no connection can be had, and may be tried again', async () => {
    const { pool, source } = openPool({ connectRetries: 0 }, { maxConnections: async () => 100 });
    source.script.push(refused());
    expect(await errorOf(pool.start())).toMatchObject({ code: 'connection' });
    await pool.start();
    expect(pool.settings.max).toBe(10);
  });

  it('fails where the connection breaks that is asked, which is destroyed', async () => {
    const error = new ConnectionError('lost');
    const { pool, source } = openPool({}, { maxConnections: () => Promise.reject(error) });
    expect(await errorOf(pool.start())).toBe(error);
    expect(source.log).toEqual(['open 1', 'destroy 1']);
  });

  it('is left by whoever aborts, and goes on for the others', async () => {
    const { pool, source } = openPool({ min: 1 });
    source.script.push('hang');
    const controller = new AbortController();
    const gone = errorOf(pool.start(controller.signal));
    const { signal, listeners } = watchedSignal();
    const patient = pool.start(signal);
    expect(listeners.size).toBe(1);
    controller.abort(new Error('gone'));
    expect(await gone).toMatchObject({ code: 'aborted', cause: { message: 'gone' } });
    source.answer();
    await patient;
    expect(listeners.size).toBe(0);
    expect(pool.state()).toMatchObject({ total: 1, idle: 1 });
    expect(await errorOf(pool.start(controller.signal))).toMatchObject({ code: 'aborted' });
    await pool.close();
    expect(await errorOf(pool.start())).toMatchObject({ code: 'closed' });
  });

  it('is strict at once for what needs no server, and after asking for the rest', async () => {
    expect(() => openPool({ strict: true, min: 5, max: 2 })).toThrow(
      expect.objectContaining({ code: 'configuration' }),
    );
    const { pool } = openPool({ strict: true, max: 50 }, { maxConnections: async () => 10 });
    expect(await errorOf(pool.start())).toMatchObject({
      code: 'configuration',
      message: expect.stringContaining('pool.max is 50'),
    });
    // Nobody has a driver that could be closed.
    expect(pool.state()).toMatchObject({ total: 0, active: 0 });
  });

  it('is refused for options that make no sense', () => {
    expect(() => openPool({ max: 0 })).toThrow('pool.max: must be a whole number of at least 1, not 0');
  });
});
