import { describe, expect, it } from 'vitest';
import { memory } from '../../../adapters/memory/index.ts';
import { createPersistence, Entity, integer, type TransactionOptions } from '../../../src/index.ts';
import { SerializationFailureError } from '../../../src/port.ts';
// Here at once, so that the scripted time need not wait for it.
import '../../../src/entity-manager/on-demand.ts';
import { scriptedClock, settle } from '../../support/scripted-clock.ts';

class Thing extends Entity('things', { id: integer().primaryKey() }) {}

/** A database on which no transaction commits, and whose time is told. */
async function neverCommitting(limits = {}) {
  const clock = scriptedClock();
  const sleeps: number[] = [];
  const driver = memory({
    clock: {
      ...clock,
      sleep: (ms, signal) => {
        sleeps.push(ms);
        return clock.sleep(ms, signal);
      },
    },
  });
  driver.fail({ match: /^COMMIT$/, always: true, error: () => new SerializationFailureError('met another one') });
  const db = await createPersistence({ driver, entities: [Thing] });
  let tried = 0;
  const begin = (options: TransactionOptions) =>
    db.em(limits).transaction(async () => {
      tried += 1;
    }, options);
  return { clock, sleeps, begin, tried: () => tried };
}

/** How a promise that has to fail ended. */
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code: string; message: string }) => error.code,
  );

describe('tries of a transaction', () => {
  it('wait longer each time, up to a bound, and never as long as each other by design', async () => {
    const { clock, sleeps, begin, tried } = await neverCommitting();
    const end = outcome(begin({ retry: { attempts: 6, backoff: 100, maxBackoff: 500 } }));
    await clock.advance(10_000);
    expect([await end, tried()]).toEqual(['serialization-failure', 6]);
    const longest = [100, 200, 400, 500, 500];
    expect(sleeps).toHaveLength(longest.length);
    sleeps.forEach((ms, index) => {
      expect(ms).toBeGreaterThanOrEqual((longest[index] as number) / 2);
      expect(ms).toBeLessThanOrEqual(longest[index] as number);
    });
  });

  it('are three, with short waits, unless told otherwise', async () => {
    const { clock, sleeps, begin, tried } = await neverCommitting();
    const end = outcome(begin({ retry: {} }));
    await clock.advance(1000);
    expect([await end, tried(), sleeps.length]).toEqual(['serialization-failure', 3, 2]);
    expect(Math.max(...sleeps)).toBeLessThanOrEqual(100);
  });

  it('wait for different times', async () => {
    const { clock, sleeps, begin } = await neverCommitting();
    const end = outcome(begin({ retry: { attempts: 20, backoff: 1000, maxBackoff: 1000 } }));
    await clock.advance(100_000);
    await end;
    expect(new Set(sleeps).size).toBeGreaterThan(15);
  });

  it('all end when the signal fires, and leave nobody asleep', async () => {
    const { clock, begin, tried } = await neverCommitting();
    const stop = new AbortController();
    const end = outcome(begin({ retry: { attempts: 9, backoff: 1000 }, signal: stop.signal }));
    await settle();
    expect([tried(), clock.sleeping]).toEqual([1, 1]);
    stop.abort();
    expect([await end, tried(), clock.sleeping]).toEqual(['aborted', 1, 0]);
  });

  it.each([
    ['of the transaction', { timeout: 1200 }, {}],
    ['of the EntityManager', {}, { timeout: 1200 }],
  ])('have one timeout for all of them: that %s', async (_of, options, limits) => {
    const { clock, begin, tried } = await neverCommitting(limits);
    const end = outcome(begin({ retry: { attempts: 99, backoff: 1000, maxBackoff: 1000 }, ...options }));
    await clock.advance(1300);
    expect([await end, clock.sleeping]).toEqual(['statement-timeout', 0]);
    expect(tried()).toBeGreaterThanOrEqual(2);
    expect(tried()).toBeLessThanOrEqual(3);
  });
});
