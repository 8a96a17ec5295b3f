import { describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import { createPersistence, type Driver, type EntityManager } from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { Author, library, Post, Tag } from '../../conformance/model/library.ts';
import { City, Country, circles } from '../../conformance/model/shop.ts';
import { Plan, plans, Seat, seating } from '../../conformance/model/slots.ts';
import { batchOnly, batchOnlyCapabilities } from '../../support/batch-only.ts';

async function open(entities: Parameters<typeof createPersistence>[0]['entities']): Promise<EntityManager> {
  const db = await createPersistence({ driver: sqljs(), entities });
  await createSchema(db);
  return db.em();
}

const uuidOf = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;

describe('A preview of a flush', () => {
  it('is empty where there is nothing to write', async () => {
    const preview = await (await open(library)).plan();
    expect([preview.steps, preview.statements, String(preview)]).toEqual([[], [], '']);
  });

  it('names kind, table, columns and number of rows of each step, links included', async () => {
    const em = await open(library);
    const author = em.create(Author, { name: 'Ada' });
    for (const title of ['a', 'b']) em.create(Post, { title, author, tags: [em.create(Tag, { name: title })] });
    const preview = await em.plan();
    expect(preview.steps).toEqual([
      { kind: 'insert', table: 'authors', columns: ['name', 'email', 'rating', 'settings'], rows: 1, reason: null },
      { kind: 'insert', table: 'tags', columns: ['name'], rows: 2, reason: null },
      expect.objectContaining({ kind: 'insert', table: 'posts', rows: 2, reason: null }),
      { kind: 'link-insert', table: 'post_tags', columns: ['posts_id', 'tags_id'], rows: 2, reason: null },
    ]);
    expect(preview.statements).toHaveLength(4);
    expect(String(preview).split('\n')[1]).toBe('insert tags (name): 2 rows');
  });

  it('says why there is an update that nobody asked for', async () => {
    const em = await open(seating);
    const [a, b] = [1, 2].map((n) => em.create(Seat, { place: n, label: `${n}`, token: uuidOf(n) })) as [Seat, Seat];
    await em.flush();
    [a.place, b.place] = [b.place, a.place];
    expect(String(await em.plan())).toBe(
      'update seats (place): 2 rows; gives up what another row takes\nupdate seats (place): 2 rows\n' +
        'in one transaction: round trips of sqljs cost nothing',
    );
  });

  it('says so of circles, and of rows in the place of others', async () => {
    const em = await open(circles);
    const country = em.create(Country, { name: 'F' });
    const capital = em.create(City, { name: 'P', country });
    country.capital.set(capital);
    expect((await em.plan()).steps.map(({ reason }) => reason)).toEqual([null, null, 'closes-circle']);
    await em.flush();
    em.remove(country, capital);
    expect((await em.plan()).steps.map(({ kind, reason }) => reason ?? kind)).toEqual([
      'opens-circle',
      'delete',
      'delete',
    ]);
    const other = await open(plans);
    const old = other.create(Plan, { id: 1, name: 'a' });
    await other.flush();
    other.remove(old);
    other.create(Plan, { id: 1, name: 'b' });
    expect(String(await other.plan()).split('\n')[0]).toBe(
      'update plans (name, version): 1 row; a new entity has the key of a removed one',
    );
  });

  it('says whether it goes as a batch, and why', async () => {
    const strategyOf = async (driver: Driver) => {
      const db = await createPersistence({ driver, entities: library });
      await createSchema(db);
      const em = db.em();
      em.create(Tag, { name: 'a' });
      const { strategy } = await em.plan();
      await db.close();
      return strategy;
    };
    const capabilities = { ...batchOnlyCapabilities(sqljs().capabilities), interactive: 'sync' } as const;
    const both = Object.create(batchOnly(sqljs()), { capabilities: { value: capabilities } }) as Driver;
    expect(await strategyOf(sqljs())).toEqual({
      kind: 'transaction',
      reason: 'round trips of sqljs cost nothing',
    });
    expect(await strategyOf(batchOnly(sqljs()))).toEqual({
      kind: 'batch',
      reason: 'sqljs holds no transaction open between statements',
    });
    expect((await strategyOf(both)).kind).toBe('batch');
  });

  it('is a value: it does not change with what it was made of', async () => {
    const em = await open(library);
    em.create(Tag, { name: 'a' });
    const preview = await em.plan();
    const printed = String(preview);
    em.create(Tag, { name: 'b' });
    await em.flush();
    expect(String(preview)).toBe(printed);
    expect([preview, preview.steps, preview.steps[0], preview.statements].every((part) => Object.isFrozen(part))).toBe(
      true,
    );
  });
});
