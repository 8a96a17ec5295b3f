import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checksumOf } from '../../../src/migration/checksum.ts';
import type { MigrationItem } from '../../../src/migration/migration.ts';
import { sha256 } from '../../../src/migration/sha256.ts';

describe('sha256', () => {
  it('is that of node:crypto, for texts of every length around a block, and of any characters', () => {
    const texts = [
      '',
      'abc',
      ...Array.from({ length: 200 }, (_, length) => 'x'.repeat(length)),
      'ünïcödé 😀 '.repeat(500),
      String.fromCharCode(...Array.from({ length: 500 }, (_, code) => code)),
      'y'.repeat(1_000_000),
    ];
    for (const text of texts) expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'));
  });
});

const of = (...steps: MigrationItem[]) => checksumOf({ steps });

describe('The checksum of a migration', () => {
  it('does not count line endings, byte order marks, and blanks at the ends of lines and of the text', () => {
    const lines = ['CREATE TABLE t (', '  id INTEGER', ')'];
    const checksum = of(lines.join('\n'));
    for (const text of [
      lines.join('\r\n'),
      lines.join('\r'),
      lines.join('  \t\n'),
      `\uFEFF${lines.join('\n')}`,
      `\n${lines.join('\n')}\n\n`,
    ]) {
      expect(of(text)).toBe(checksum);
    }
    expect(of('CREATE TABLE t (\n id INTEGER\n)')).not.toBe(checksum);
  });

  it('tells steps apart by kind, order, number and parameters', () => {
    const work = async () => {};
    const sides: MigrationItem[][] = [
      [],
      ['a'],
      ['b'],
      ['a', 'b'],
      ['b', 'a'],
      ['a\nb'],
      [{ outside: 'a' }],
      [{ rebuild: 'a', statements: [] }],
      [{ rebuild: 'a', statements: ['a'] }],
      [{ rebuild: 'b', statements: ['a'] }],
      [{ sql: 'a', params: [] }],
      ...[1, '1', 1n, true, null, -0, 0, new Uint8Array([1]), 'bigint'].map((value) => [{ sql: 'a', params: [value] }]),
      [work],
      ['a', work],
      [work, 'a'],
    ];
    const checksums = sides.map((steps) => of(...steps));
    expect(new Set(checksums).size).toBe(sides.length);
    expect(of(async () => void (await null))).toBe(of(work));
  });
});
