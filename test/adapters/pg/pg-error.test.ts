import { describe, expect, it } from 'vitest';
import { pgError } from '../../../adapters/pg/pg-error.ts';

describe('What pg throws when nobody answers', () => {
  it('has words, even where Node has none for the addresses of a name', () => {
    const refused = ['::1', '127.0.0.1'].map((address) => new Error(`connect ECONNREFUSED ${address}:5432`));
    const all = Object.assign(new AggregateError(refused, ''), { code: 'ECONNREFUSED' });
    expect(pgError(all, 'rolled-back').message).toContain(
      'connect ECONNREFUSED ::1:5432; connect ECONNREFUSED 127.0.0.1:5432',
    );
    const bare = Object.assign(new Error(''), { code: 'EPIPE' });
    expect(pgError(bare, 'unknown')).toMatchObject({
      code: 'connection',
      outcome: 'unknown',
      message: expect.stringContaining('EPIPE'),
    });
  });
});
