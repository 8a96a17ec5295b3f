import { describe, expect, it } from 'vitest';
import { Mutex } from '../../../src/driver/mutex.ts';
import { expectCode } from '../../conformance/laws.ts';

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

describe('The mutex', () => {
  it('lets the first one in without a promise, and the others in the order they came', async () => {
    const mutex = new Mutex();
    expect(mutex.acquire()).toBeUndefined();
    expect(mutex.isFree).toBe(false);
    const order: string[] = [];
    const waiting = ['a', 'b', 'c'].map(async (name) => {
      await mutex.acquire();
      order.push(`+${name}`);
      await turn();
      order.push(`-${name}`);
      mutex.release();
    });
    mutex.release();
    await Promise.all(waiting);
    expect(order).toEqual(['+a', '-a', '+b', '-b', '+c', '-c']);
    expect(mutex.isFree).toBe(true);
  });

  it('lets a waiter go when its signal fires, and nobody else', async () => {
    const mutex = new Mutex();
    mutex.acquire();
    const controller = new AbortController();
    const leaving = expectCode(() => mutex.acquire(controller.signal), 'aborted');
    const staying = Promise.resolve(mutex.acquire());
    controller.abort(new Error('mine'));
    expect((await leaving).cause).toMatchObject({ message: 'mine' });
    mutex.release();
    await staying;
    expect(mutex.isFree).toBe(false);
    await expectCode(() => mutex.acquire(AbortSignal.abort()), 'aborted');
  });

  it('refuses whoever waits and whoever comes once it closes, and waits for who is inside', async () => {
    const mutex = new Mutex();
    mutex.acquire();
    const waiting = expectCode(() => mutex.acquire(), 'closed');
    let closed = false;
    const closing = mutex.close().then(() => {
      closed = true;
    });
    await waiting;
    await expectCode(() => mutex.acquire(), 'closed');
    await turn();
    expect(closed).toBe(false);
    mutex.release();
    await closing;
    await mutex.close();
  });
});
