import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyReader, identityKey } from '../../../src/identity/identity-key.ts';
import { bigint, bytes, Entity, type EntityClass, integer, text } from '../../../src/index.ts';
import type { ColumnMetadata } from '../../../src/metadata/entity-metadata.ts';
import type { WireValue } from '../../../src/wire/wire-value.ts';
import { registryOf } from '../../support/registry-of.ts';

// Few characters, so that parts meet often: digits, and all that has ever been used between parts.
const word = fc.string({ unit: fc.constantFrom('a', '1', '2', ':', '~', ',', '\0', '"', 'é'), maxLength: 5 });
const whole = fc.integer({ min: -12, max: 12 });
const blob = fc.uint8Array({ maxLength: 3, max: 17 });
const random = { seed: 20_261_121, numRuns: 2000 };

class Wide extends Entity('wide', {
  note: text(),
  scope: text().primaryKey(),
  name: text().primaryKey(),
  no: integer().primaryKey(),
  big: bigint().primaryKey(),
  hash: bytes().primaryKey(),
}) {}
class Texts extends Entity('texts', { first: text().primaryKey(), second: text().primaryKey() }) {}
class Big extends Entity('bigs', { note: text(), id: bigint().primaryKey() }) {}
class Hash extends Entity('hashes', { note: text(), id: bytes().primaryKey() }) {}
class Plain extends Entity('plains', { note: text(), id: integer().primaryKey() }) {}

const keyColumns = (target: EntityClass): readonly ColumnMetadata[] => registryOf(target).get(target).primaryKey;
const big = whole.chain((value) => fc.constantFrom<WireValue>(value, BigInt(value)));

/** What two parts have in common when they are the same value. */
function canonical(part: WireValue): string {
  if (part instanceof Uint8Array) return `bytes ${part.join()}`;
  return typeof part === 'bigint' || typeof part === 'number' ? `number ${part}` : `text ${JSON.stringify(part)}`;
}

describe('the identity of a composite key', () => {
  it('is equal exactly where all parts are equal', () => {
    const columns = keyColumns(Wide);
    const key = fc.tuple(word, word, whole, big, blob);
    fc.assert(
      fc.property(key, key, (one, other) => {
        const same = JSON.stringify(one.map(canonical)) === JSON.stringify(other.map(canonical));
        expect(identityKey(columns, one) === identityKey(columns, other)).toBe(same);
      }),
      random,
    );
  });

  it('is never shared by two of many keys', () => {
    const columns = keyColumns(Texts);
    const seen = new Map<unknown, string>();
    let keys = 0;
    fc.assert(
      fc.property(word, word, (first, second) => {
        keys += 1;
        const identity = identityKey(columns, [first, second]);
        const key = JSON.stringify([first, second]);
        expect(seen.get(identity) ?? key).toBe(key);
        seen.set(identity, key);
      }),
      { ...random, numRuns: 20_000 },
    );
    expect(seen.size).toBeGreaterThan(keys / 20);
  });

  it.each([
    [
      ['x~', 'y'],
      ['x', '~y'],
    ],
    [
      ['x~~~y', 'z'],
      ['x', 'y~~~z'],
    ],
    [
      ['a,b', 'c'],
      ['a', 'b,c'],
    ],
    [
      ['1:a', ''],
      ['', '1:a'],
    ],
    [
      ['', '0:'],
      ['0:', ''],
    ],
    [
      ['a', '1:b1:c'],
      ['a1:b', '1:c'],
    ],
  ])('keeps %j and %j apart', (one, other) => {
    const columns = keyColumns(Texts);
    expect(identityKey(columns, one)).not.toBe(identityKey(columns, other));
  });
});

describe('the identity of a single key', () => {
  it('is a number or a text itself', () => {
    expect(identityKey(keyColumns(Plain), 7)).toBe(7);
    expect(identityKey(keyColumns(Hash), new Uint8Array([0, 255]))).toBe('00ff');
  });

  it('is the same for a 64-bit key, however the driver hands it out', () => {
    fc.assert(
      fc.property(big, big, (one, other) => {
        const same = BigInt(one as number) === BigInt(other as number);
        expect(identityKey(keyColumns(Big), one) === identityKey(keyColumns(Big), other)).toBe(same);
      }),
      { ...random, numRuns: 200 },
    );
    expect(identityKey(keyColumns(Big), 2n ** 62n)).not.toBe(identityKey(keyColumns(Big), 2n ** 62n + 1n));
  });

  it('is the same for equal bytes only', () => {
    fc.assert(
      fc.property(blob, blob, (one, other) => {
        const same = one.join() === other.join() && one.length === other.length;
        expect(identityKey(keyColumns(Hash), one) === identityKey(keyColumns(Hash), other)).toBe(same);
      }),
      random,
    );
  });
});

describe('reading the identity out of a row', () => {
  it.each<[string, EntityClass, WireValue[], WireValue | WireValue[]]>([
    ['a number', Plain, ['note', 7], 7],
    ['a bigint', Big, ['note', 7], 7n],
    ['bytes', Hash, ['note', new Uint8Array([1])], new Uint8Array([1])],
    ['parts', Wide, ['note', 'a', 'b', 1, 2, new Uint8Array([3])], ['a', 'b', 1, 2n, new Uint8Array([3])]],
  ])('finds %s wherever the row begins', (_, target, row, key) => {
    const columns = keyColumns(target);
    const read = createKeyReader(columns);
    for (const before of [[], ['x', null, 3]]) {
      expect(read([...before, ...row], before.length)).toBe(identityKey(columns, key));
    }
  });

  it('finds nothing in a row that an outer join left empty', () => {
    expect(createKeyReader(keyColumns(Plain))([null, null], 0)).toBeNull();
    expect(createKeyReader(keyColumns(Big))([null, null], 0)).toBeNull();
    expect(createKeyReader(keyColumns(Texts))([null, null], 0)).toBeNull();
  });
});
