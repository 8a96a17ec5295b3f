import { describe, expect, it } from 'vitest';
import { whileLocked } from '../../../../src/driver/embedded/patience.ts';
import { LockTimeoutError } from '../../../../src/errors.ts';
import { expectCode } from '../../../conformance/laws.ts';
import { scriptedClock, settle } from '../../../support/scripted-clock.ts';

/** Work that is locked for so many tries. */
function locked(times: number) {
  let tries = 0;
  return {
    get tries() {
      return tries;
    },
    run(): string {
      tries += 1;
      if (tries <= times) throw new LockTimeoutError(`locked at try ${tries}`);
      return 'done';
    },
  };
}

describe('Patience with a lock', () => {
  it('is not needed where there is none: the answer comes at once', () => {
    expect(whileLocked(() => 1, { clock: scriptedClock(), lockTimeout: 10 })).toBe(1);
  });

  it('tries again after pauses that grow, until the lock is gone', async () => {
    const clock = scriptedClock();
    const work = locked(4);
    const result = whileLocked(() => work.run(), { clock, lockTimeout: 1000 });
    const triesAfter: number[] = [];
    for (const ms of [1, 2, 4, 8]) {
      await clock.advance(ms);
      triesAfter.push(work.tries);
    }
    expect(triesAfter).toEqual([2, 3, 4, 5]);
    expect(await result).toBe('done');
    expect(clock.sleeping).toBe(0);
  });

  it('ends after the time that was given, with the last failure', async () => {
    const clock = scriptedClock();
    const work = locked(Number.POSITIVE_INFINITY);
    const failing = expectCode(() => whileLocked(() => work.run(), { clock, lockTimeout: 200 }), 'lock-timeout');
    await clock.advance(199);
    expect(clock.sleeping).toBe(1);
    await clock.advance(1);
    expect((await failing).message).toBe(`locked at try ${work.tries}`);
    expect(clock.sleeping).toBe(0);
  });

  it('is none where no time was given', async () => {
    const work = locked(1);
    expect(() => whileLocked(() => work.run(), { clock: scriptedClock(), lockTimeout: 0 })).toThrow('locked');
    expect(work.tries).toBe(1);
  });

  it('ends at once with another failure, before and after a pause', async () => {
    const clock = scriptedClock();
    const other = () => {
      throw new Error('other');
    };
    expect(() => whileLocked(other, { clock, lockTimeout: 10 })).toThrow('other');
    const work = locked(1);
    const failing = whileLocked(() => (work.tries === 0 ? work.run() : other()), { clock, lockTimeout: 10 });
    const rejected = expect(failing).rejects.toThrow('other');
    await clock.advance(1);
    await rejected;
  });

  it('ends when the signal fires', async () => {
    const clock = scriptedClock();
    const controller = new AbortController();
    const work = locked(Number.POSITIVE_INFINITY);
    const failing = expectCode(
      () => whileLocked(() => work.run(), { clock, lockTimeout: 1000 }, controller.signal),
      'aborted',
    );
    await settle();
    controller.abort('enough');
    expect((await failing).cause).toBe('enough');
    expect([work.tries, clock.sleeping]).toEqual([1, 0]);
  });
});
