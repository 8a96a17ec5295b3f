import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correctPoolOptions, type PoolOptions } from '../../../../src/port.ts';

const correct = (options: object, limit: number | null = null) => correctPoolOptions(options as PoolOptions, limit);

describe('the options of a pool', () => {
  it('have the documented defaults, which need no correction', () => {
    expect(correct({})).toEqual({
      settings: {
        min: 0,
        max: 10,
        acquireTimeout: 10_000,
        idleTimeout: 300_000,
        maxLifetime: 1_800_000,
        statementTimeout: 0,
        checkAfter: 30_000,
        connectRetries: 5,
        retryDelay: 100,
        drainTimeout: 10_000,
      },
      corrections: [],
    });
  });

  it('stay as they are where they are right, and undefined is not given', () => {
    const options = {
      min: 2,
      max: 80,
      idleTimeout: 3_600_000,
      maxLifetime: 3_600_000,
      statementTimeout: 5,
      strict: true,
    };
    const { settings, corrections } = correct({ ...options, acquireTimeout: undefined }, 100);
    const { strict: _, ...expected } = options;
    expect(settings).toMatchObject({ ...expected, acquireTimeout: 10_000 });
    expect(corrections).toEqual([]);
  });

  it.each<[object, number | null, string, number, number, string]>([
    [{ max: 200 }, 100, 'max', 200, 80, 'it is above 80 % of the 100 connections that the server allows'],
    [{ max: 10 }, 1, 'max', 10, 1, 'it is above 80 % of the 1 connections that the server allows'],
    [{ max: 9 }, 11, 'max', 9, 8, 'it is above 80 % of the 11 connections that the server allows'],
    [{ min: 20 }, null, 'min', 20, 5, 'it is above max, which is 10'],
    [{ min: 2, max: 1 }, null, 'min', 2, 0, 'it is above max, which is 1'],
    [{ acquireTimeout: 0 }, null, 'acquireTimeout', 0, 10_000, 'it is not above zero'],
    [{ acquireTimeout: -1 }, null, 'acquireTimeout', -1, 10_000, 'it is not above zero'],
    [{ acquireTimeout: 1e12 }, null, 'acquireTimeout', 1e12, 2_147_483_647, 'the longest that a timer can wait'],
    [{ idleTimeout: 59_999 }, null, 'idleTimeout', 59_999, 60_000, 'it is below 60 s'],
    [{ idleTimeout: 0 }, null, 'idleTimeout', 0, 60_000, 'it is below 60 s'],
    [{ idleTimeout: -5 }, null, 'idleTimeout', -5, 60_000, 'it is below 60 s'],
    [{ maxLifetime: 0, idleTimeout: 3_600_001 }, null, 'idleTimeout', 3_600_001, 3_600_000, 'it is above 3600 s'],
    [{ maxLifetime: 299_999 }, null, 'maxLifetime', 299_999, 300_000, 'it is below idleTimeout, which is 300000'],
    [{ maxLifetime: -1 }, null, 'maxLifetime', -1, 1_800_000, 'it is below zero'],
    [{ statementTimeout: -1 }, null, 'statementTimeout', -1, 0, 'it is below zero'],
    [{ statementTimeout: 1e11 }, null, 'statementTimeout', 1e11, 2_147_483_647, 'the longest that a timer can wait'],
    [{ checkAfter: -1 }, null, 'checkAfter', -1, 30_000, 'it is below zero'],
    [{ retryDelay: 0 }, null, 'retryDelay', 0, 100, 'it is not above zero'],
    [{ drainTimeout: -1 }, null, 'drainTimeout', -1, 10_000, 'it is below zero'],
  ])('are corrected: %o of a server with %s', (options, limit, field, original, corrected, reason) => {
    const { settings, corrections } = correct(options, limit);
    expect(corrections).toEqual([{ field, original, corrected, reason: expect.stringContaining(reason) }]);
    expect(settings).toMatchObject({ [field]: corrected });
  });

  it('are corrected by what others became', () => {
    const { settings, corrections } = correct({ min: 60, max: 100, idleTimeout: 1, maxLifetime: 2 }, 50);
    expect(settings).toMatchObject({ max: 40, min: 20, idleTimeout: 60_000, maxLifetime: 60_000 });
    expect(corrections.map(({ field, original }) => [field, original])).toEqual([
      ['max', 100],
      ['min', 60],
      ['idleTimeout', 1],
      ['maxLifetime', 2],
    ]);
  });

  it('have one correction each, with the value that was given', () => {
    const { corrections } = correct({ maxLifetime: -1, idleTimeout: 3_600_000 });
    expect(corrections).toMatchObject([{ field: 'maxLifetime', original: -1, corrected: 3_600_000 }]);
  });

  it('are all in one error where they are to be right as they are', () => {
    const fix = () => correct({ strict: true, min: 20, idleTimeout: 1 });
    expect(fix).toThrow(expect.objectContaining({ code: 'configuration' }));
    expect(fix).toThrow('pool.min is 20, but it is above max, which is 10; 5 would do');
    expect(fix).toThrow('pool.idleTimeout is 1, but it is below 60 s');
  });

  it.each<[object, string]>([
    [{ max: Number.NaN }, 'pool.max: must be a whole number, not NaN'],
    [{ max: 1.5 }, 'pool.max: must be a whole number of at least 1, not 1.5'],
    [{ max: 0 }, 'pool.max: must be a whole number of at least 1, not 0'],
    [{ max: Infinity }, 'pool.max: must be a whole number, not Infinity'],
    [{ max: '10' }, 'pool.max: must be a whole number, not a value of type string'],
    [{ min: -1 }, 'pool.min: must be a whole number of at least 0, not -1'],
    [{ min: null }, 'pool.min: must be a whole number, not null'],
    [{ connectRetries: -1 }, 'pool.connectRetries: must be a whole number of at least 0, not -1'],
    [{ idleTimeout: '60s' }, 'pool.idleTimeout: must be a number of milliseconds, not a value of type string'],
    [{ acquireTimeout: [1] }, 'pool.acquireTimeout: must be a number of milliseconds, not an array'],
    [{ maxLifetime: Infinity }, 'pool.maxLifetime: must be a number of milliseconds, not Infinity'],
    [{ strict: 'yes' }, 'pool.strict: must be true or false, not a value of type string'],
    [{ idelTimeout: 1 }, "pool.idelTimeout: there is no such option; did you mean 'idleTimeout'?"],
    [{ connectionString: 'x' }, 'pool.connectionString: there is no such option; known are: min, max'],
    [JSON.parse('{"__proto__":1}') as object, 'pool.__proto__: there is no such option'],
    [[], 'pool: must be an object of options, not an array'],
  ])('are refused: %o', (options, message) => {
    expect(() => correct(options)).toThrow(message);
    expect(() => correct(options)).toThrow(expect.objectContaining({ code: 'configuration' }));
  });

  it('are right after one correction: a second one finds nothing', () => {
    const time = fc.oneof(fc.integer({ min: -10, max: 4_000_000 }), fc.double({ min: -1e12, max: 1e12, noNaN: true }));
    const options = fc.record(
      {
        ...{ min: fc.nat(200), max: fc.integer({ min: 1, max: 200 }), connectRetries: fc.nat(20) },
        ...{ acquireTimeout: time, idleTimeout: time, maxLifetime: time, statementTimeout: time },
        ...{ checkAfter: time, retryDelay: time, drainTimeout: time },
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(options, fc.option(fc.integer({ min: 1, max: 500 })), (given, limit) => {
        const { settings, corrections } = correct(given, limit);
        expect(correct({ ...settings, strict: true }, limit)).toEqual({ settings, corrections: [] });
        for (const { field, corrected } of corrections) expect(settings[field]).toBe(corrected);
        expect(settings.min).toBeLessThanOrEqual(settings.max);
        if (limit !== null) expect(settings.max).toBeLessThanOrEqual(Math.max(1, limit * 0.8));
      }),
    );
  });
});
