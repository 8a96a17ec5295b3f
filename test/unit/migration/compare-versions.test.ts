import { describe, expect, it } from 'vitest';
import { compareVersions } from '../../../src/migration/compare-versions.ts';

describe('Versions', () => {
  it('are ordered by their numbers and their words', () => {
    const sorted = [
      '1',
      '2',
      '9',
      '10',
      '10-a',
      '10-b',
      '10.1',
      '010.2',
      '11',
      '20260301120000',
      '20260301120001',
      'a',
      'a2',
      'a10',
      'b',
    ];
    const shuffled = [...sorted].sort((a, b) => ((a.length * 7) % 5) - ((b.length * 7) % 5));
    expect(shuffled.sort(compareVersions)).toEqual(sorted);
    expect(compareVersions('99999999999999999999', '100000000000000000000')).toBeLessThan(0);
  });

  it('are the same where only zeros in front differ', () => {
    expect(compareVersions('0007-x', '7-x')).toBe(0);
    expect(compareVersions('0', '00')).toBe(0);
    expect(compareVersions('7', '7a')).toBeLessThan(0);
  });

  it('are ordered the same from both sides', () => {
    const some = ['1', '01', '1a', 'a1', 'a', '1.2', '1.10', '1-2', ''];
    for (const a of some)
      for (const b of some) expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) || 0);
  });
});
