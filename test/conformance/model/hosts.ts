import { type Column, customType, Entity, integer, manyToMany, manyToOne, oneToMany } from '../../../src/index.ts';

/** Euros as a number, stored in cents. */
const money = (): Column<number> =>
  customType<number, 'integer'>({
    name: 'an amount in euros',
    wire: 'integer',
    sqlType: { sqlite: 'INTEGER', postgres: 'BIGINT', mysql: 'BIGINT' },
    encode: (euros) => Math.round(euros * 100),
    decode: (cents) => cents / 100,
  });

/** Two numbers. */
interface Point {
  x: number;
  y: number;
}

/** A point, of a type of its own where the engine has one. */
const point = (): Column<Point> =>
  customType<Point>({
    name: 'a point',
    sqlType: { sqlite: 'TEXT', postgres: 'point', mysql: 'POINT' },
    encode: ({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`,
    decode(wire) {
      const [x = '', y = ''] = wire.split(' ');
      return { x: Number(x), y: Number(y) };
    },
    sql: {
      postgres: {
        write: (wire) => `replace(${wire}, ' ', ',')::point`,
        read: (at) => `(${at})[0]::text || ' ' || (${at})[1]::text`,
      },
      mysql: {
        write: (wire) => `ST_PointFromText(concat('POINT(', ${wire}, ')'))`,
        read: (at) => `concat(ST_X(${at}), ' ', ST_Y(${at}))`,
      },
    },
  });

/** An internet address, as the engine keeps it. */
const address = (): Column<string> =>
  customType<string>({
    name: 'an internet address',
    sqlType: { sqlite: 'TEXT', postgres: 'inet', mysql: 'VARBINARY(16)' },
    encode(text) {
      if (!/^[\d.]+$|^[\da-f:]+$/.test(text)) throw new Error('not an address');
      return text;
    },
    decode: (wire) => wire,
    sql: { mysql: { write: (wire) => `INET6_ATON(${wire})`, read: (at) => `INET6_NTOA(${at})` } },
    key: true,
  });

/** An instant in whole seconds. */
const moment = (): Column<Date> =>
  customType<Date>({
    name: 'an instant in whole seconds',
    sqlType: { sqlite: 'INTEGER', postgres: 'timestamptz', mysql: 'BIGINT' },
    encode: (date) => date.toISOString().slice(0, 19).replace('T', ' '),
    decode: (wire) => new Date(`${wire.replace(' ', 'T')}Z`),
    equals: (left, right) => left.getTime() === right.getTime(),
    sql: {
      sqlite: { write: (wire) => `unixepoch(${wire})`, read: (at) => `datetime(${at}, 'unixepoch')` },
      postgres: {
        write: (wire) => `(${wire}::timestamp AT TIME ZONE 'UTC')`,
        read: (at) => `to_char(${at} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')`,
      },
      mysql: {
        write: (wire) => `TIMESTAMPDIFF(SECOND, '1970-01-01', ${wire})`,
        read: (at) => `DATE_FORMAT('1970-01-01' + INTERVAL ${at} SECOND, '%Y-%m-%d %H:%i:%s')`,
      },
    },
  });

/** A colour of three bytes. */
const colour = (): Column<readonly number[]> =>
  customType<readonly number[], 'bytes'>({
    name: 'a colour',
    wire: 'bytes',
    sqlType: { sqlite: 'BLOB', postgres: 'bytea', mysql: 'VARBINARY(3)' },
    encode: (parts) => Uint8Array.from(parts),
    decode: (bytes) => [...bytes],
  });

/** Words in any order, searchable where the engine can. */
const words = (): Column<readonly string[]> =>
  customType<readonly string[]>({
    name: 'a list of words',
    sqlType: { sqlite: 'TEXT', postgres: 'tsvector', mysql: 'TEXT' },
    encode: (list) => list.toSorted().join(' '),
    decode: (wire) => (wire === '' ? [] : wire.split(' ')),
    sql: {
      postgres: {
        write: (wire) => `to_tsvector('simple', ${wire})`,
        read: (at) => `array_to_string(tsvector_to_array(${at}), ' ')`,
      },
    },
  });

/** A row of custom types under a key of one, referred to and linked by it. */
export class Host extends Entity('hosts', {
  ip: address().primaryKey(),
  price: money(),
  at: point(),
  seen: moment().nullable(),
  shade: colour().default([1, 2, 3]),
  labels: words().default([]),
}) {
  ports = oneToMany(
    () => Port,
    (port) => port.host,
    { cascade: ['persist', 'remove'] },
  );
  peers = manyToMany(() => Host, { through: 'host_peers' });
}

/** Refers to a key of a custom type, and has one in its own. */
export class Port extends Entity('ports', { no: integer().primaryKey(), fee: money().unique() }) {
  host = manyToOne(() => Host, { primaryKey: true });
}

export const hosts = [Host, Port] as const;
