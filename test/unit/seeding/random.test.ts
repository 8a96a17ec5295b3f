import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/seeding/index.ts';

describe('Random values', () => {
  it('are the same for the same seed, and others for another', () => {
    const draw = (seed: number) => {
      const random = createRandom(seed);
      return [random.number(), random.integer(1, 6), random.uuid(), random.shuffle([1, 2, 3, 4, 5, 6, 7, 8])];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    // What a seed gives is kept: data of demonstrations must not change with a version.
    expect(createRandom(7).integer(0, 999_999)).toBe(11_704);
  });

  it('keep within what was asked for', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.nat(2 ** 31), (seed, least, span) => {
        const value = createRandom(seed).integer(least, least + span);
        expect(value >= least && value <= least + span && Number.isInteger(value)).toBe(true);
      }),
    );
    const random = createRandom(1);
    const throws = Array.from({ length: 600 }, () => random.integer(1, 6));
    expect(new Set(throws)).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    expect([random.boolean(0), random.boolean(1), random.integer(5, 5)]).toEqual([false, true, 5]);
    const at = random.instant(new Date(0), new Date(1000)).getTime();
    expect(at >= 0 && at <= 1000).toBe(true);
    expect(random.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('of a list are its values, each once', () => {
    fc.assert(
      fc.property(fc.integer(), fc.uniqueArray(fc.integer(), { minLength: 1 }), (seed, list) => {
        const random = createRandom(seed);
        expect(random.shuffle(list).sort()).toEqual([...list].sort());
        expect(list).toContain(random.pick(list));
        expect(new Set(random.sample(list, Math.ceil(list.length / 2))).size).toBe(Math.ceil(list.length / 2));
      }),
    );
  });

  it('are refused where there are none', () => {
    const random = createRandom(1);
    const wrong = [
      () => createRandom(1.5),
      () => random.integer(2, 1),
      () => random.integer(0, 2 ** 40),
      () => random.pick([]),
      () => random.sample([1], 2),
      () => random.instant(new Date(1), new Date(0)),
      () => random.instant(new Date(Number.NaN), new Date(0)),
    ];
    for (const work of wrong) expect(work).toThrow(expect.objectContaining({ code: 'validation' }));
  });
});
