import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closestName, suggestName } from '../../../src/port.ts';

const known = ['min', 'max', 'idleTimeout', 'acquireTimeout'];

describe('the closest name', () => {
  it.each([
    ['mx', 'max'],
    ['maks', 'max'],
    ['MAX', 'max'],
    ['mni', 'min'],
    ['idletimeout', 'idleTimeout'],
    ['idelTimeout', 'idleTimeout'],
    ['idleTimeoutMs', 'idleTimeout'],
    ['aquireTimout', 'acquireTimeout'],
  ])('to %s is %s', (name, expected) => {
    expect(closestName(name, known)).toBe(expected);
  });

  it.each(['', 'connectionString', 'poolSize', 'xyz'])('to %s is none', (name) => {
    expect(closestName(name, known)).toBeUndefined();
  });

  it('is the name itself where it is known', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ maxLength: 60 }), { minLength: 1, selector: (s) => s.toLowerCase() }),
        (names) => {
          for (const name of names) expect(closestName(name, names)).toBe(name);
        },
      ),
    );
  });

  it('differs by as much in both directions', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(word, word, (one, other) => {
        expect(closestName(one, [other]) === undefined).toBe(closestName(other, [one]) === undefined);
      }),
    );
  });

  it('is suggested, or the list of names where none is near', () => {
    expect(suggestName('maks', known)).toBe("did you mean 'max'?");
    expect(suggestName('nothing', known)).toBe('known are: min, max, idleTimeout, acquireTimeout');
  });
});
