import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import {
  boolean,
  createPersistence,
  Embeddable,
  Entity,
  type EntityClass,
  embedded,
  integer,
  json,
  manyToOne,
  type Persistence,
  subtype,
  text,
  type ValidationError,
} from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { minLength, pattern, satisfies, schema } from '../../../src/validation/index.ts';
import { refusalOf } from '../../support/registry-of.ts';

const id = { id: integer().primaryKey().generated() };

async function open(...entities: readonly EntityClass[]): Promise<Persistence> {
  const db = await createPersistence({ driver: sqljs(), entities });
  await createSchema(db);
  return db;
}

async function problemsOf(db: Persistence, edit: (em: ReturnType<Persistence['em']>) => unknown): Promise<string[]> {
  const em = db.em();
  await edit(em);
  const error: unknown = await em.flush().then(
    () => ({ problems: [] }),
    (reason) => reason,
  );
  return (error as ValidationError).problems.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const refused = (columns: object, options: object = {}) =>
  createPersistence({ driver: sqljs(), entities: [class extends Entity('things', { ...id, ...columns }, options) {}] });

describe('schemas of other libraries', () => {
  const columns = { name: text(), tags: json<string[]>() };
  const cases: Readonly<Record<string, EntityClass>> = {
    zod: class extends Entity('things', {
      ...id,
      name: columns.name.check(schema(z.string().min(2))),
      tags: columns.tags.check(schema(z.array(z.string().min(1)))),
    }) {},
    'zod, asynchronous': class extends Entity('things', {
      ...id,
      name: columns.name.check(schema(z.string().refine(async (name) => name.length > 1))),
      tags: columns.tags.check(schema(z.array(z.string().refine(async (tag) => tag !== '')))),
    }) {},
    valibot: class extends Entity('things', {
      ...id,
      name: columns.name.check(schema(v.pipe(v.string(), v.minLength(2)))),
      tags: columns.tags.check(schema(v.array(v.pipe(v.string(), v.minLength(1))))),
    }) {},
    'valibot, asynchronous': class extends Entity('things', {
      ...id,
      name: columns.name.check(
        schema(
          v.pipeAsync(
            v.string(),
            v.checkAsync(async (name) => name.length > 1),
          ),
        ),
      ),
      tags: columns.tags.check(schema(v.array(v.pipe(v.string(), v.minLength(1))))),
    }) {},
    arktype: class extends Entity('things', {
      ...id,
      name: columns.name.check(schema(type('string >= 2'))),
      tags: columns.tags.check(schema(type('(string >= 1)[]'))),
    }) {},
  };

  it.each(Object.entries(cases))('of %s judge columns, and say where', async (_, Thing) => {
    await using db = await open(Thing);
    const make = (name: string, tags: string[]) => problemsOf(db, (em) => em.create(Thing, { name, tags } as never));
    expect(await make('ok', ['a'])).toEqual([]);
    const found = await make('x', ['a', '']);
    expect(found.map((text) => text.slice(0, text.indexOf(':')))).toEqual(['name', 'tags.1']);
    expect(await db.em().count(Thing)).toBe(1);
  });

  it('judge whole entities, by their columns, and change nothing', async () => {
    class Account extends Entity(
      'accounts',
      { ...id, email: text(), nick: text().nullable(), admin: boolean().default(false) },
      {
        checks: [
          schema(
            z
              .object({ email: z.string().trim().includes('@'), admin: z.boolean(), nick: z.string().nullable() })
              .refine(({ admin, nick }) => !admin || nick !== null, { path: ['nick'], message: 'admins need one' }),
          ),
        ],
      },
    ) {}
    await using db = await open(Account);
    const em = db.em();
    const account = em.create(Account, { email: ' a@b ' });
    await em.flush();
    expect(account.email).toBe(' a@b ');
    expect(await problemsOf(db, (own) => own.create(Account, { email: 'a@b', admin: true }))).toEqual([
      'nick: admins need one',
    ]);
    account.admin = true;
    const error = (await em.flush().catch((reason: unknown) => reason)) as ValidationError;
    expect([error.message, error.problems[0]?.key]).toEqual(['accounts.nick: admins need one', account.id]);
  });

  it('are refused where they are none', () => {
    for (const other of [null, {}, { '~standard': { version: 2 } }, () => true]) {
      expect(refusalOf(() => schema(other as never))).toMatchObject({
        code: 'configuration',
        message: expect.stringMatching(/^schema\(\): expected a Standard Schema, version 1/),
      });
    }
  });
});

describe('checks', () => {
  it('of a parent hold for its subtypes, and those of a subtype for it alone', async () => {
    class Media extends Entity('media', { ...id, title: text().check(minLength(2)) }) {}
    class Song extends subtype(Media, 'song', { key: text().check(pattern(/^[A-G]$/)) }) {}
    await using db = await open(Media, Song);
    expect(
      await problemsOf(db, (em) => {
        em.create(Media, { title: 'a' });
        em.create(Song, { title: 'b', key: 'H' });
      }),
    ).toEqual([
      'title: expected at least 2 characters or bytes',
      'title: expected at least 2 characters or bytes',
      'key: expected a text that matches /^[A-G]$/',
    ]);
  });

  it('see an embedded value as one, and judge its columns', async () => {
    class Address extends Embeddable({ street: text().check(minLength(3)), no: integer() }) {}
    const checks = [
      satisfies((row: { address: Address }) => row.address.no > 0, 'must be positive', ['address', 'no']),
    ];
    class House extends Entity('houses', { ...id, address: embedded(Address) }, { checks }) {}
    await using db = await open(House);
    const make = (street: string, no: number) =>
      problemsOf(db, (em) => em.create(House, { address: new Address({ street, no }) }));
    expect(await make('Elm', 1)).toEqual([]);
    expect(await make('x', 0)).toEqual([
      'address.street: expected at least 3 characters or bytes',
      'address.no: must be positive',
    ]);
  });

  it('that throw are the error of the flush, whatever others answer later', async () => {
    const failure = new Error('broken');
    class Thing extends Entity('things', {
      ...id,
      a: text().check(
        satisfies(async () => {
          throw new Error('later');
        }, 'never'),
      ),
      b: text().check(
        satisfies(() => {
          throw failure;
        }, 'never'),
      ),
    }) {}
    await using db = await open(Thing);
    const em = db.em();
    em.create(Thing, { a: 'a', b: 'b' });
    await expect(em.flush()).rejects.toBe(failure);
  });

  it('are refused by name where they cannot judge what they were given to', async () => {
    await expect(refused({ name: integer().check(minLength(1) as never) })).rejects.toMatchObject({
      code: 'configuration',
      message: 'things.name: the check is for columns of type text, bytes, and this one is integer',
    });
    await expect(refused({ name: text().check('no check' as never) })).rejects.toMatchObject({
      code: 'configuration',
      message: 'things: a check is what a function of meshestra/validation makes',
    });
    await expect(refused({ name: text().check(minLength(1), null as never) })).rejects.toMatchObject({
      message: 'things.name: check() takes what the functions of meshestra/validation make',
    });
    await expect(refused({}, { checks: [minLength(1)] })).rejects.toMatchObject({
      message: 'things: a check of the entity is for a column',
    });
  });
});

describe('without any check', () => {
  class Owner extends Entity('owners', { no: text().primaryKey() }) {}
  class Thing extends Entity('things', { ...id, name: text({ maxLength: 3 }), size: integer().nullable() }) {
    owner = manyToOne(() => Owner);
  }

  it('a flush tells all that its columns and relations refuse', async () => {
    await using db = await open(Owner, Thing);
    const em = db.em();
    em.create(Thing, { name: 'long', size: Number.NaN, owner: new Owner({ no: 'x' }) });
    em.create(Thing, { name: '\ud800', owner: undefined as never });
    const owner = em.create(Owner, { no: 'y' });
    const error = (await em.flush().catch((reason: unknown) => reason)) as ValidationError;
    expect(error.problems.map(({ entity, path, message }) => `${entity}.${path.join('.')}: ${message}`)).toEqual([
      'things.name: expected well-formed text of at most 3 characters, got a string',
      'things.size: expected a safe integer, got NaN',
      "things.owner: the related entity is not persisted; persist it, or add cascade: ['persist']",
      'things.name: expected well-formed text of at most 3 characters, got a string',
      'things.owner: a related entity is required',
    ]);
    expect([error.entity, error.property, em.stateOf(owner)]).toEqual(['things', 'name', 'pending']);
  });

  it('other errors stay what they are', async () => {
    class Made extends Entity('made', { ...id, name: text() }) {}
    await using db = await open(Made);
    const em = db.em();
    const failure = new TypeError('mine');
    em.create(Made, {
      get name(): string {
        return 'a';
      },
    });
    const [entity] = em.create(Made, { name: 'b' }) ? [new Made({ name: 'c' })] : [];
    Object.defineProperty(entity, 'name', {
      get: () => {
        throw failure;
      },
    });
    em.persist(entity as object);
    await expect(em.flush()).rejects.toBe(failure);
  });
});
