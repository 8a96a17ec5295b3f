import { describe, expect, it } from 'vitest';
import { clientError } from '../../../../src/driver/postgres-client/client-error.ts';

describe('What a client throws when nobody answers', () => {
  it('has words, even where Node has none for the addresses of a name', () => {
    const refused = ['::1', '127.0.0.1'].map((address) => new Error(`connect ECONNREFUSED ${address}:5432`));
    const all = Object.assign(new AggregateError(refused, ''), { code: 'ECONNREFUSED' });
    expect(clientError(all, 'rolled-back').message).toContain(
      'connect ECONNREFUSED ::1:5432; connect ECONNREFUSED 127.0.0.1:5432',
    );
    const bare = Object.assign(new Error(''), { code: 'EPIPE' });
    expect(clientError(bare, 'unknown')).toMatchObject({
      code: 'connection',
      outcome: 'unknown',
      message: expect.stringContaining('EPIPE'),
    });
  });

  it('has the words of a WebSocket, which tells by an event', () => {
    const event = { type: 'error', message: 'Unexpected server response: 502' };
    expect(clientError(event, 'rolled-back').message).toContain('Unexpected server response: 502');
  });
});
