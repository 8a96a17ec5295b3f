import { afterAll, describe, expect, it } from 'vitest';
import type { D1Database } from '../../../adapters/d1/index.ts';
import { d1 } from '../../../adapters/d1/index.ts';
import { createPersistence, Entity, type EntityClass, integer, type Persistence, text } from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { expectCode } from '../../conformance/laws.ts';
import { startWorkerd } from '../../runtime/workerd/workerd.ts';
import { flushTests } from '../../support/gateways/flush-tests.ts';
import { type D1Fault, type WatchedBinding, watchBinding } from './watched-binding.ts';

const NAMES = Array.from({ length: 30 }, (_, n) => `D${n}`);
const EMPTY_WORKER = "export class StorageObject {}\nexport default { fetch: () => new Response('') };";
const workerd = startWorkerd(EMPTY_WORKER, { d1Databases: Object.fromEntries(NAMES.map((name) => [name, name])) });
afterAll(() => workerd.dispose());

class Note extends Entity('notes', {
  id: integer().primaryKey().generated(),
  body: text(),
  version: integer().version(),
}) {}

let used = 0;
/** An empty database, behind a binding that is watched. */
async function newBinding(): Promise<WatchedBinding> {
  const name = NAMES[used];
  if (name === undefined) throw new Error('no database is free');
  used += 1;
  return watchBinding((await workerd.getD1Database(name)) as unknown as D1Database);
}

let watched: WatchedBinding;
async function open(
  entities: readonly EntityClass[],
  options: { readonly session?: string } = {},
): Promise<Persistence> {
  watched = await newBinding();
  const db = await createPersistence({ driver: d1({ binding: watched.binding, ...options }), entities });
  await createSchema(db);
  watched.reset();
  return db;
}

describe('flushes over D1', () => {
  flushTests({ open, gateway: () => watched, requests: () => 1, commit: 'perhaps' });
});

describe('D1 where something fails on the way', () => {
  const faults: readonly (readonly [fault: D1Fault, code: string, outcome: string, done: boolean])[] = [
    ['answer lost', 'connection', 'unknown', true],
    [{ says: 'D1_ERROR: Internal error in D1 DB storage caused object to be reset.' }, 'connection', 'unknown', false],
    [
      { says: 'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.' },
      'statement-timeout',
      'unknown',
      false,
    ],
    [{ says: 'D1_ERROR: D1 DB is overloaded. Requests queued for too long.' }, 'lock-timeout', 'rolled-back', false],
    [{ says: 'D1_ERROR: Exceeded maximum DB size' }, 'storage-quota', 'rolled-back', false],
    [{ says: 'D1_ERROR: 503 Service Unavailable' }, 'connection', 'unknown', false],
  ];
  it.each(faults)('tells of %j what it is, and sends no write twice', async (fault, code, outcome, done) => {
    const db = await open([Note]);
    const em = db.em();
    em.create(Note, { body: 'perhaps' });
    watched.fail(fault);
    expect(await expectCode(() => em.flush(), code)).toMatchObject({ outcome });
    expect(watched.requests).toHaveLength(1);
    expect(await db.em().count(Note)).toBe(done ? 1 : 0);
    await db.close();
  });

  it('knows that nothing is lost with a read', async () => {
    const db = await open([Note]);
    watched.fail('answer lost');
    expect(await expectCode(() => db.em().find(Note), 'connection')).toMatchObject({ outcome: 'rolled-back' });
    expect(watched.requests).toHaveLength(1);
    await db.close();
  });

  it('says that a value is larger than D1 takes, and that nothing of the flush is written', async () => {
    const db = await open([Note]);
    const em = db.em();
    em.create(Note, { body: 'hunter2' });
    watched.fail({ says: 'D1_ERROR: string or blob too big: SQLITE_TOOBIG' });
    const error = await expectCode(() => em.flush(), 'validation');
    expect(error).toMatchObject({ outcome: 'rolled-back' });
    expect(error.message).not.toContain('hunter2');
    await db.close();
  });

  it('stops waiting for a slow answer when its time is over, and does not know what became of a write', async () => {
    const db = await open([Note]);
    const em = db.em();
    em.create(Note, { body: 'slow' });
    watched.fail({ late: 1000 });
    const late = await expectCode(() => em.flush({ timeout: 200 }), 'statement-timeout');
    expect(late).toMatchObject({ outcome: 'unknown' });
    watched.fail({ late: 1000 });
    const read = await expectCode(() => db.em().find(Note, {}, { timeout: 200 }), 'statement-timeout');
    expect(read).toMatchObject({ outcome: 'rolled-back' });
    expect(await db.em().count(Note)).toBe(1);
    await db.close();
  });

  it('stops waiting when a signal fires', async () => {
    const db = await open([Note]);
    const abort = new AbortController();
    const em = db.em();
    em.create(Note, { body: 'aborted' });
    watched.fail({ late: 1000 });
    setTimeout(() => abort.abort(new Error('mine')), 100);
    const error = await expectCode(() => em.flush({ signal: abort.signal }), 'aborted');
    expect(error).toMatchObject({ outcome: 'unknown', cause: { message: 'mine' } });
    expect(watched.requests).toHaveLength(1);
    await db.close();
  });
});

describe('sessions of D1', () => {
  it('begin where the driver has come to, so that each unit of work sees what was written before', async () => {
    const db = await open([Note], { session: 'first-unconstrained' });
    const { driver } = db as unknown as { driver: ReturnType<typeof d1> };
    const em = db.em();
    em.create(Note, { body: 'first' });
    await em.flush();
    const { bookmark } = driver;
    expect(bookmark).toBeTypeOf('string');
    watched.reset();
    expect(await db.em().find(Note)).toHaveLength(1);
    expect(watched.sessions).toEqual([bookmark]);
    await db.close();
  });

  it('go on from the bookmark of an earlier request', async () => {
    const first = await open([Note], { session: 'first-primary' });
    const em = first.em();
    em.create(Note, { body: 'first' });
    await em.flush();
    const { bookmark } = (first as unknown as { driver: ReturnType<typeof d1> }).driver;
    await first.close();
    watched.reset();
    const driver = d1({ binding: watched.binding, session: bookmark ?? '' });
    const second = await createPersistence({ driver, entities: [Note] });
    expect(await second.em().find(Note)).toHaveLength(1);
    expect(watched.sessions).toEqual([bookmark]);
    expect((driver.bookmark ?? '') >= (bookmark ?? '')).toBe(true);
    await second.close();
  });

  it('are one for each unit of work, which goes on in it', async () => {
    const db = await open([Note], { session: 'first-primary' });
    const em = db.em();
    em.create(Note, { body: 'own' });
    await em.flush();
    expect(await em.count(Note)).toBe(1);
    expect(new Set(watched.sessions).size).toBe(1);
    await db.close();
  });

  it('are none where the driver is not told to have them', async () => {
    const db = await open([Note]);
    await db.em().find(Note);
    expect(watched.sessions).toEqual([null]);
    expect((db as unknown as { driver: ReturnType<typeof d1> }).driver.bookmark).toBeNull();
    await db.close();
  });
});
