import { describe, expect, it } from 'vitest';
import { OpenSockets } from '../../../../src/driver/pool/open-sockets.ts';

function socket() {
  const listeners: (() => void)[] = [];
  return {
    once: (_: 'close', listener: () => void) => listeners.push(listener),
    close: () => {
      for (const listener of listeners) listener();
    },
    listeners,
  };
}

describe('The sockets of a driver', () => {
  it('are waited for, each once', async () => {
    const sockets = new OpenSockets();
    const [first, second] = [socket(), socket()];
    for (const one of [first, second, first]) sockets.add(one);
    expect(first.listeners).toHaveLength(1);
    let closed = false;
    const waiting = sockets.closed().then(() => {
      closed = true;
    });
    first.close();
    await Promise.resolve();
    expect(closed).toBe(false);
    second.close();
    await waiting;
    await sockets.closed();
  });
});
