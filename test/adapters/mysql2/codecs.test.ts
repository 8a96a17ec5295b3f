import { describe, expect, it } from 'vitest';
import { InvalidValue } from '../../../src/codec/codec.ts';
import { datetimeAsMilliseconds } from '../../../src/codec/datetime.ts';
import { mysql } from '../../../src/dialect/mysql/index.ts';
import { openOnServer } from './on-server.ts';

const { server, run } = await openOnServer();
const codec = mysql.codec({ name: 'datetime' }, datetimeAsMilliseconds);

const instants = [
  '2024-02-29T23:59:59.999Z',
  '1970-01-01T00:00:00.000Z',
  '1969-12-31T23:59:59.999Z',
  '0001-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  // Hours that a change of the clocks leaves out, or has twice, in some zones.
  '2024-03-10T02:30:00.000Z',
  '2024-11-03T01:30:00.500Z',
];

describe('Instants of MySQL', () => {
  it('are text in UTC, which is read whatever digits of a second it has', () => {
    expect(codec.encode(new Date('2024-02-29T01:02:03.004Z'))).toBe('2024-02-29 01:02:03.004');
    for (const [wire, iso] of [
      ['2024-02-29 01:02:03', '2024-02-29T01:02:03.000Z'],
      ['2024-02-29 01:02:03.4', '2024-02-29T01:02:03.400Z'],
      ['2024-02-29 01:02:03.004567', '2024-02-29T01:02:03.004Z'],
    ] as const) {
      expect(codec.decode(wire)).toEqual(new Date(iso));
      expect(codec.equals(new Date(iso), wire)).toBe(true);
    }
  });

  it.each([
    ['an invalid one', new Date(Number.NaN)],
    ['one before the year 1', new Date('0000-12-31T23:59:59.999Z')],
    ['one after the year 9999', new Date('+010000-01-01T00:00:00Z')],
    ['a number', 5],
  ])('refuse %s', (_name, value) => {
    expect(() => codec.encode(value)).toThrow(InvalidValue);
  });

  it.each(['0000-00-00 00:00:00', '2024-01-01', 'soon', 5, null])('refuse to read %j', (wire) => {
    expect(() => codec.decode(wire)).toThrow(InvalidValue);
  });

  it.skipIf(server.missing !== undefined)(
    'come back as they were, whatever the zone of the session and of this process',
    async () => {
      await run('CREATE TABLE moments (id INT PRIMARY KEY, at DATETIME(3))');
      for (const [id, iso] of instants.entries()) {
        await run('INSERT INTO moments VALUES (?, ?)', [id, codec.encode(new Date(iso))]);
      }
      const { TZ } = process.env;
      try {
        for (const zone of ['UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia']) {
          process.env.TZ = zone;
          const { rows } = await run('SELECT at FROM moments ORDER BY id');
          expect(
            rows.map(([wire]) => (codec.decode(wire ?? null) as Date).toISOString()),
            zone,
          ).toEqual(instants);
        }
      } finally {
        if (TZ === undefined) delete process.env.TZ;
        else process.env.TZ = TZ;
      }
    },
  );
});

describe('Lists of MySQL', () => {
  it('are JSON with exact integers, hexadecimal bytes and escaped texts', () => {
    const types = [{ name: 'bigint' }, { name: 'text' }, { name: 'bytes' }, { name: 'boolean' }] as const;
    expect(mysql.encodeList([[2n ** 63n - 1n, 'a"\\\n', new Uint8Array([0, 255]), true]], types)).toBe(
      '[[9223372036854775807,"a\\"\\\\\\n","00ff",1]]',
    );
    expect(mysql.encodeList([[1.5], [null]], [{ name: 'float' }])).toBe('[1.5,null]');
  });
});
