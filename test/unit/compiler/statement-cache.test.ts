import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStatementCache } from '../../../src/compiler/statement-cache.ts';

const compiled = (sql: string) => ({ sql });

describe('The statement cache', () => {
  it('answers nothing, or what was stored last under the shape', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.boolean())), fc.integer({ min: 1, max: 10 }), (steps, limit) => {
        const cache = createStatementCache<{ readonly sql: string }>(limit);
        const stored = new Map<string, ReturnType<typeof compiled>>();
        for (const [shape, write] of steps) {
          const key = String(shape);
          if (write) {
            stored.set(key, compiled(`${key} ${stored.size}`));
            cache.set(key, stored.get(key) as ReturnType<typeof compiled>);
          }
          const hit = cache.get(key);
          expect(hit === undefined || hit === stored.get(key)).toBe(true);
          if (write) expect(hit).toBe(stored.get(key));
        }
      }),
    );
  });

  it('keeps what is in use while others come and go, and never more than its limit', () => {
    const cache = createStatementCache<{ readonly sql: string }>(100);
    const shapes = Array.from({ length: 10_000 }, (_, index) => `s${index}`);
    cache.set('hot', compiled('hot'));
    for (const shape of shapes) {
      cache.set(shape, compiled(shape));
      expect(cache.get('hot')).toBeDefined();
    }
    const kept = shapes.filter((shape) => cache.get(shape) !== undefined).length;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(100);
  });
});
