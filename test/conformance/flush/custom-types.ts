import { expect } from 'vitest';
import { type EntityManager, eq, gte, isIn, lt, ne, not, type Where } from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { Host, hosts, Port } from '../model/hosts.ts';
import { watchStatements, writing } from '../statements.ts';
import type { Subject } from '../subject.ts';

const byIp = { orderBy: { ip: 'asc' } } as const;

const shown = ({ ip, price, at, seen, shade, labels }: Host): readonly unknown[] => [
  ip,
  price,
  at,
  seen,
  shade,
  labels,
];

function createHosts(em: EntityManager, count: number): Host[] {
  return Array.from({ length: count }, (_, n) =>
    em.create(Host, {
      ip: `10.0.0.${100 + n}`,
      price: n + 0.5,
      at: { x: n, y: n / 2 - 100 },
      seen: n % 3 === 0 ? null : new Date(Date.UTC(2026, 0, 1, 12, 30, n)),
      labels: n % 2 === 0 ? ['b', 'a'] : [],
    }),
  );
}

async function openHosts(subject: Subject, count: number) {
  const db = await subject.open(hosts);
  const em = db.em();
  const created = createHosts(em, count);
  await em.flush();
  return { db, em, created };
}

async function get(em: EntityManager, ip: string): Promise<Host> {
  const host = await em.findById(Host, ip);
  if (host === null) throw new Error('not found');
  return host;
}

/** Types of the application's own, converted by its functions and by SQL. */
export const customTypes: Laws = {
  'values come back as they were, from an INSERT of one row and of many': async (subject) => {
    const { db, em, created } = await openHosts(subject, 50);
    await using _ = db;
    const one = em.create(Host, { ip: '10.0.1.1', price: -0.01, at: { x: 1.5, y: 2 }, seen: null, shade: [0, 255, 7] });
    await em.flush();
    const read = await db.em().find(Host, {}, byIp);
    expect(read.map(shown)).toEqual(
      [...created, one].map(({ labels, ...host }) => shown({ ...host, labels: [...labels].sort() } as Host)),
    );
    expect((await em.plan()).steps).toEqual([]);
    await em.refresh(one);
    expect(shown(one)).toEqual(['10.0.1.1', -0.01, { x: 1.5, y: 2 }, null, [0, 255, 7], []]);
    expect((await em.plan()).steps).toEqual([]);
  },
  'changes are found by value, in place as well, and written for one row and for many': async (subject) => {
    const { db, created } = await openHosts(subject, 6);
    await using _ = db;
    const em = db.em();
    const [first, second, ...others] = await em.find(Host, {}, byIp);
    if (first === undefined || second === undefined) throw new Error('no hosts');
    first.at = { ...first.at };
    first.labels = [...first.labels].reverse();
    second.seen = second.seen && new Date(second.seen);
    expect((await em.plan()).steps).toEqual([]);
    first.at.x = 77;
    expect([...em.changes(first)]).toEqual([['at', { before: { x: 0, y: -100 }, after: first.at }]]);
    await em.flush();
    for (const host of others) {
      host.at = { x: host.at.x + 0.5, y: 3 };
      host.price += 1;
    }
    const statements = watchStatements(db);
    await em.flush();
    expect(writing(statements.texts)).toHaveLength(1);
    const read = await db.em().find(Host, {}, byIp);
    expect(read.map(({ at }) => at.x)).toEqual([77, 1, 2.5, 3.5, 4.5, 5.5]);
    expect(read.map(({ price }) => price)).toEqual([0.5, 1.5, 3.5, 4.5, 5.5, 6.5]);
    expect(created).toHaveLength(6);
  },
  'a value that looks like the stored form of another one is a change': async (subject) => {
    const { db, em, created } = await openHosts(subject, 2);
    await using _ = db;
    const [, host] = created as [Host, Host];
    expect(host.price).toBe(1.5);
    // 1.50 is stored as 150.
    host.price = 150;
    expect([...em.changes(host).keys()]).toEqual(['price']);
    await em.flush();
    expect((await get(db.em(), host.ip)).price).toBe(150);
  },
  'criteria compare what is stored': async (subject) => {
    const { db } = await openHosts(subject, 6);
    await using _ = db;
    const em = db.em();
    const found = async (where: Where<Host>): Promise<string> =>
      (await em.find(Host, where, byIp)).map(({ ip }) => ip.slice(-1)).join('');
    expect(await found({ price: 2.5 })).toBe('2');
    expect(await found({ price: gte(3.5) })).toBe('345');
    expect(await found({ price: lt(1) })).toBe('0');
    expect(await found({ price: isIn([0.5, 4.5, 100]) })).toBe('04');
    expect(await found(not<Host>({ price: isIn([0.5, 4.5]) }))).toBe('1235');
    expect(await found({ price: ne(0.5) })).toBe('12345');
    expect(await found({ ip: isIn(['10.0.0.101', '10.0.0.105']) })).toBe('15');
    expect(await found({ ip: '10.0.0.103' })).toBe('3');
    expect(await found({ seen: null })).toBe('03');
    expect(await found({ seen: eq(new Date(Date.UTC(2026, 0, 1, 12, 30, 4))) })).toBe('4');
    expect(await found({ shade: eq([1, 2, 3]) })).toBe('012345');
    expect(await found({ shade: isIn([[1, 2, 4]]) })).toBe('');
  },
  'a wrong value is refused with entity and property, before any SQL': async (subject) => {
    const { db, em } = await openHosts(subject, 1);
    await using _ = db;
    const statements = watchStatements(db);
    em.create(Host, { ip: 'nowhere', price: 1, at: { x: 1, y: 1 } });
    const refused = await expectCode(() => em.flush(), 'validation');
    expect(refused).toMatchObject({
      entity: 'hosts',
      property: 'ip',
      message: 'hosts.ip: expected an internet address, got a string',
    });
    em.revert();
    await expectCode(() => em.find(Host, { price: Number.NaN }), 'validation');
    await expectCode(() => em.find(Host, { at: eq({} as never) }), 'validation');
    await expectCode(() => em.findById(Host, 'nowhere'), 'validation');
    expect(statements.texts).toEqual([]);
  },
  'a key of a custom type is found, referred to, linked, populated and deleted by': async (subject) => {
    const { db, em, created } = await openHosts(subject, 4);
    await using _ = db;
    const [one, two, three] = created as [Host, Host, Host];
    expect(await em.findById(Host, '10.0.0.101')).toBe(two);
    for (const no of [80, 443]) em.create(Port, { no, host: one, fee: no / 100 });
    em.create(Port, { no: 22, host: '10.0.0.101', fee: 9 });
    one.peers.add(two, three);
    two.peers.add(one);
    await em.flush();
    const fresh = db.em();
    const read = await fresh.find(Host, {}, { ...byIp, populate: ['ports', 'peers'] });
    expect(read.map((host) => [...host.ports].map(({ no }) => no).sort((a, b) => a - b))).toEqual([
      [80, 443],
      [22],
      [],
      [],
    ]);
    expect(read.map((host) => [...host.peers].map(({ ip }) => ip).sort())).toEqual([
      ['10.0.0.101', '10.0.0.102'],
      ['10.0.0.100'],
      [],
      [],
    ]);
    expect(await fresh.findById(Port, { host: '10.0.0.101', no: 22 })).toMatchObject({ fee: 9 });
    expect(await fresh.count(Port, { host: '10.0.0.100' })).toBe(2);
    const [first, second] = read as unknown as [Host, Host];
    for (const port of await first.ports.load()) port.fee += 1;
    first.peers.remove(second);
    await fresh.flush();
    fresh.remove(first);
    await fresh.flush();
    const rest = await db.em().find(Host, {}, { ...byIp, populate: ['ports', 'peers'] });
    expect(rest.map((host) => [host.ports.length, host.peers.length])).toEqual([
      [1, 0],
      [0, 0],
      [0, 0],
    ]);
  },
  'an upsert goes by it, and what it updates is converted': async (subject) => {
    const { db, em, created } = await openHosts(subject, 2);
    await using _ = db;
    const rows = await em.upsert(Host, [
      { ip: '10.0.0.100', price: 7.25, at: { x: 9, y: 9 } },
      { ip: '10.0.0.200', price: 8, at: { x: 8, y: 8 } },
    ]);
    expect(rows[0]).toBe(created[0]);
    expect(rows.map(({ price, at }) => [price, at])).toEqual([
      [7.25, { x: 9, y: 9 }],
      [8, { x: 8, y: 8 }],
    ]);
  },
  'an entity as JSON can be merged again': async (subject) => {
    const { db, em, created } = await openHosts(subject, 2);
    await using _ = db;
    const [, host] = created as [Host, Host];
    const { seen, ...data } = JSON.parse(JSON.stringify(host)) as { ip: string; price: number; seen: string };
    expect(await em.merge(Host, { ...data, seen: new Date(seen) })).toBe(host);
    expect((await em.plan()).steps).toEqual([]);
    await em.merge(Host, { ...data, price: 99 });
    await em.flush();
    expect((await get(db.em(), host.ip)).price).toBe(99);
  },
};
