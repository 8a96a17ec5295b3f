import { describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import {
  bigint,
  boolean,
  bytes,
  createPersistence,
  datetime,
  Entity,
  integer,
  json,
  manyToMany,
  manyToOne,
  oneToMany,
  type Persistence,
  text,
  toPlain,
} from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';

class User extends Entity('users', {
  id: integer().primaryKey().generated(),
  name: text(),
  password: text().hidden(),
  big: bigint(),
  photo: bytes().nullable(),
  born: datetime(),
  active: boolean().default(true),
  settings: json<Record<string, unknown>>(),
}) {
  mentor = manyToOne(() => User, { nullable: true });
  pupils = oneToMany(
    () => User,
    (user) => user.mentor,
  );
  seats = manyToMany(() => Seat);
  greeting = 'hello';
  #secret = 'private';
  get secret(): string {
    return this.#secret;
  }
}
class Seat extends Entity('seats', { row: text().primaryKey(), no: integer().primaryKey() }) {}

const values = {
  name: 'Ada',
  password: 'secret',
  big: 2n ** 62n,
  photo: new Uint8Array([0, 255, 16]),
  born: new Date(0),
  settings: JSON.parse('{"__proto__": 1, "deep": [{"a": null}]}') as Record<string, unknown>,
};

async function open(): Promise<Persistence> {
  const db = await createPersistence({ driver: sqljs(), entities: [User, Seat] });
  await createSchema(db);
  return db;
}

describe('JSON of an entity', () => {
  it('shows columns without hidden ones, and what JSON lacks as text', async () => {
    const db = await open();
    const em = db.em();
    const mentor = em.create(User, values);
    const user = em.create(User, { ...values, mentor, seats: [em.create(Seat, { row: 'A', no: 1 })] });
    await em.flush();
    const text = JSON.stringify(user);
    expect(text).not.toContain('secret');
    expect(JSON.parse(text)).toEqual({
      id: 2,
      name: 'Ada',
      big: '4611686018427387904',
      photo: 'AP8Q',
      born: '1970-01-01T00:00:00.000Z',
      active: true,
      settings: values.settings,
      mentor: 1,
      pupils: [],
      seats: [{ row: 'A', no: 1 }],
      greeting: 'hello',
    });
    expect(Object.keys(JSON.parse(text))[0]).toBe('id');
    expect(Object.keys(JSON.parse(text)).slice(0, 7)).toEqual([
      'id',
      'name',
      'big',
      'photo',
      'born',
      'active',
      'settings',
    ]);
    await db.close();
  });

  it.each([
    [[], ''],
    [[0], 'AA=='],
    [[0, 1], 'AAE='],
    [[0, 1, 2], 'AAEC'],
    [[251, 255, 254, 63], '+//+Pw=='],
  ])('shows the bytes %j as base64', (numbers, base64) => {
    const user = new User({ ...values, photo: new Uint8Array(numbers) });
    expect(JSON.parse(JSON.stringify(user)).photo).toBe(base64);
    expect(base64).toBe(Buffer.from(numbers).toString('base64'));
  });

  it('leaves relations that are not loaded out, and shows keys that are known', async () => {
    const db = await open();
    const em = db.em();
    em.create(User, { ...values, mentor: em.create(User, values) });
    await em.flush();
    const user = await db.em().findById(User, 2);
    const shown = JSON.parse(JSON.stringify(user));
    expect([shown.mentor, 'pupils' in shown, 'seats' in shown]).toEqual([1, false, false]);
    await user?.pupils.load();
    expect(JSON.parse(JSON.stringify(user)).pupils).toEqual([]);
    const top = await db.em().findById(User, 1);
    expect(JSON.parse(JSON.stringify(top)).mentor).toBeNull();
    await db.close();
  });

  it('works before an EntityManager knows the entity', () => {
    const shown = JSON.parse(JSON.stringify(new User(values)));
    expect([shown.name, 'id' in shown, 'mentor' in shown, 'password' in shown]).toEqual(['Ada', false, false, false]);
  });

  it('does not follow circles of entities', async () => {
    const db = await open();
    const em = db.em();
    const one = em.create(User, values);
    const two = em.create(User, { ...values, mentor: one });
    one.mentor.set(two);
    expect(() => JSON.stringify([one, two])).not.toThrow();
    await db.close();
  });
});

describe('toPlain', () => {
  it('gives values as they are, which a structured clone can carry', async () => {
    const db = await open();
    const em = db.em();
    const user = em.create(User, { ...values, mentor: em.create(User, values) });
    await em.flush();
    const plain = toPlain(user);
    expect(structuredClone(plain)).toEqual(plain);
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
    expect(plain).toEqual({
      id: 2,
      name: 'Ada',
      big: 2n ** 62n,
      photo: new Uint8Array([0, 255, 16]),
      born: new Date(0),
      active: true,
      settings: values.settings,
      mentor: 1,
      pupils: [],
      seats: [],
      greeting: 'hello',
    });
    await db.close();
  });

  it('keeps a toJSON that the class has', () => {
    class Own extends Entity('own', { id: integer().primaryKey(), name: text().hidden() }) {
      toJSON(): unknown {
        return { only: this.id };
      }
    }
    expect(JSON.stringify(new Own({ id: 7, name: 'x' }))).toBe('{"only":7}');
    expect(toPlain(new Own({ id: 7, name: 'x' }))).toEqual({ id: 7 });
  });
});
