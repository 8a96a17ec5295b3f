import { describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import {
  afterInsert,
  beforeInsert,
  beforeUpdate,
  createPersistence,
  Entity,
  type EntityClass,
  type EntityOptions,
  integer,
  type Persistence,
  softDelete,
  subtype,
  text,
} from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';

const id = { id: integer().primaryKey().generated() };

async function open(...entities: readonly EntityClass[]): Promise<Persistence> {
  const db = await createPersistence({ driver: sqljs(), entities });
  await createSchema(db);
  return db;
}

const refused = (options: object) =>
  createPersistence({
    driver: sqljs(),
    entities: [class extends Entity('things', id, options as EntityOptions<object>) {}],
  });

describe('the hooks of a class', () => {
  it('hold for its subtypes, which may add their own', async () => {
    const seen: string[] = [];
    class Media extends Entity(
      'media',
      { ...id, title: text() },
      { hooks: { beforeInsert: ({ title }) => void seen.push(`option ${title}`) } },
    ) {
      [beforeInsert](): void {
        seen.push(`media ${this.title}`);
      }
    }
    class Song extends subtype(Media, 'song', { length: integer() }) {
      async [afterInsert](): Promise<void> {
        seen.push(`song ${this.length}`);
      }
    }
    await using db = await open(Media, Song);
    const em = db.em();
    em.create(Song, { title: 'a', length: 1 });
    em.create(Media, { title: 'b' });
    await em.flush();
    expect(seen).toEqual(['option a', 'media a', 'option b', 'media b', 'song 1']);
  });

  it('run for one persistence object as for another, and not for entities of other classes', async () => {
    let count = 0;
    class Counted extends Entity('counted', id) {
      async [afterInsert](): Promise<void> {
        count += 1;
      }
    }
    class Other extends Entity('others', id) {}
    for (const times of [1, 2]) {
      await using db = await open(Counted, Other);
      const em = db.em();
      em.create(Counted, {});
      em.create(Other, {});
      await em.flush();
      expect(count).toBe(times);
    }
  });

  it('may correct a value that could not be written', async () => {
    class Note extends Entity('notes', { ...id, body: text({ maxLength: 3 }) }) {
      [beforeInsert](): void {
        this.body = this.body.slice(0, 3);
      }
      [beforeUpdate](): void {
        this.body ??= '';
      }
    }
    await using db = await open(Note);
    const em = db.em();
    const note = em.create(Note, { body: 'too long' });
    await em.flush();
    note.body = null as never;
    await em.flush();
    expect((await db.em().find(Note)).map(({ body }) => body)).toEqual(['']);
  });

  it('tell a removal by softDelete() as a removal', async () => {
    class Note extends Entity('notes', { ...id, body: text(), deletedAt: softDelete() }) {}
    await using db = await open(Note);
    const em = db.em();
    const note = em.create(Note, { body: 'a' });
    const other = em.create(Note, { body: 'b' });
    await em.flush();
    const seen: unknown[] = [];
    for (const name of ['beforeUpdate', 'afterUpdate', 'beforeRemove', 'afterRemove'] as const)
      db.on(name, ({ entity }) => void seen.push(name, (entity as Note).body));
    db.on('afterFlush', ({ updates, removes }) => void seen.push(updates.length, removes.length));
    em.remove(note);
    other.body = 'edited';
    await em.flush();
    expect(seen).toEqual([
      ...['beforeUpdate', 'edited', 'beforeRemove', 'a'],
      ...['afterUpdate', 'edited', 'afterRemove', 'a'],
      ...[1, 1],
    ]);
  });

  it('are refused by name where they are none', async () => {
    await expect(refused({ hooks: { beforeinsert: () => undefined } })).rejects.toMatchObject({
      code: 'configuration',
      entity: 'things',
      message: expect.stringMatching(/^things: there is no hook 'beforeinsert'; there are beforeInsert, /),
    });
    await expect(refused({ hooks: { afterLoad: 'x' } })).rejects.toMatchObject({
      code: 'configuration',
      message: 'things: the option hooks.afterLoad is no function',
    });
    class Odd extends Entity('odd', id) {}
    Object.defineProperty(Odd.prototype, beforeInsert, { value: 1 });
    await expect(createPersistence({ driver: sqljs(), entities: [Odd] })).rejects.toMatchObject({
      message: 'odd: the member [beforeInsert] is no function',
    });
  });

  it('tell onListenerError what nobody else can be told', async () => {
    class Thing extends Entity('things', id) {}
    const errors: unknown[] = [];
    const db = await createPersistence({
      driver: sqljs(),
      entities: [Thing],
      onListenerError: (error) => errors.push(error),
    });
    const failure = new Error('told');
    db.on('transactionRollback', () => {
      throw failure;
    });
    const work = db.transaction(async () => {
      throw new Error('why');
    });
    await expect(work).rejects.toThrow('why');
    expect(errors).toEqual([failure]);
    await db.close();
  });
});
