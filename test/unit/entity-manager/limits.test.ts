import { describe, expect, it } from 'vitest';
import { memory } from '../../../adapters/memory/index.ts';
import { bounded } from '../../../src/entity-manager/bounded.ts';
import type { Reader } from '../../../src/entity-manager/reader.ts';
import {
  createPersistence,
  Entity,
  type EntityManager,
  integer,
  manyToOne,
  oneToMany,
  sql,
  text,
} from '../../../src/index.ts';
import { AbortedError } from '../../../src/port.ts';

class Owner extends Entity('owners', { id: integer().primaryKey(), name: text() }) {
  things = oneToMany(
    () => Thing,
    (thing) => thing.owner,
  );
}
class Thing extends Entity('things', { id: integer().primaryKey() }) {
  owner = manyToOne(() => Owner);
}

const HELD = 3_600_000;

/** A server that answers nothing until it is aborted, except for what it has rows for. */
function patient(rows: Readonly<Record<string, readonly (readonly (string | number)[])[]>> = {}) {
  const timers: { readonly ms: number; readonly signal: AbortSignal; fire(): void }[] = [];
  const driver = memory({
    clock: {
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
          if (signal !== undefined && ms < HELD) timers.push({ ms, signal, fire: resolve });
        }),
    },
  });
  driver.answer('', { delay: HELD });
  for (const [text, known] of Object.entries(rows)) driver.answer(text, { rows: known });
  return { driver, timers };
}

const calls: readonly (readonly [string, (em: EntityManager, timeout: number | undefined) => Promise<unknown>])[] = [
  ['find', (em, timeout) => em.find(Thing, {}, given(timeout))],
  ['findOne', (em, timeout) => em.findOne(Thing, { id: 1 }, given(timeout))],
  ['findById', (em, timeout) => em.findById(Thing, 1, given(timeout))],
  ['count', (em, timeout) => em.count(Thing, {}, given(timeout))],
  ['exists', (em, timeout) => em.exists(Thing, {}, given(timeout))],
  ['execute', (em, timeout) => em.execute(sql`SELECT 1`, given(timeout))],
  [
    'flush',
    (em, timeout) => {
      em.create(Owner, { id: 1, name: 'a' });
      return em.flush(given(timeout));
    },
  ],
  ['transaction', (em, timeout) => em.transaction((tx) => tx.count(Thing), given(timeout))],
];

function given(timeout: number | undefined): { readonly timeout?: number } {
  return timeout === undefined ? {} : { timeout };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

describe.each(calls)('A timeout of %s', (_, call) => {
  it('ends it with statement-timeout, and stops the work on the server', async () => {
    const { driver, timers } = patient();
    const db = await createPersistence({ driver, entities: [Owner, Thing] });
    const pending = expect(call(db.em(), 250)).rejects.toMatchObject({
      code: 'statement-timeout',
      message: expect.stringContaining('250 ms'),
    });
    await turn();
    expect(timers.map(({ ms }) => ms)).toEqual([250]);
    timers[0]?.fire();
    await pending;
    expect(timers[0]?.signal.aborted).toBe(true);
  });

  it('is that of the EntityManager where the call has none', async () => {
    const { driver, timers } = patient();
    const db = await createPersistence({ driver, entities: [Owner, Thing] });
    const pending = expect(call(db.em({ timeout: 90 }), undefined)).rejects.toMatchObject({
      code: 'statement-timeout',
    });
    await turn();
    expect(timers.map(({ ms }) => ms)).toEqual([90]);
    timers[0]?.fire();
    await pending;
  });
});

describe('Limits', () => {
  it('leave no timer behind when the work was done in time', async () => {
    const { driver, timers } = patient({ COUNT: [[3]] });
    const db = await createPersistence({ driver, entities: [Owner, Thing] });
    expect(await db.em().count(Thing, {}, { timeout: 1000 })).toBe(3);
    expect(timers.map(({ signal }) => signal.aborted)).toEqual([true]);
  });

  it('say what the driver knows of the outcome of the work that ran out of time', async () => {
    const clock = { sleep: async () => undefined };
    const reader = { session: { driver: { clock } }, unit: {}, limits: {} } as unknown as Reader;
    const lost = new AbortedError('stopped', { outcome: 'unknown' });
    const work = ({ limits }: Reader) =>
      new Promise<never>((_, reject) => limits.signal?.addEventListener('abort', () => reject(lost)));
    await expect(bounded(reader, { timeout: 10 }, work)).rejects.toMatchObject({
      code: 'statement-timeout',
      outcome: 'unknown',
      cause: lost,
    });
  });

  it('let a signal of the call abort it, and one of the EntityManager, too', async () => {
    const { driver } = patient();
    const db = await createPersistence({ driver, entities: [Owner, Thing] });
    const [own, outer] = [new AbortController(), new AbortController()];
    const em = db.em({ signal: outer.signal });
    const first = expect(em.find(Thing, {}, { signal: own.signal })).rejects.toMatchObject({ code: 'aborted' });
    own.abort(new Error('not wanted'));
    await first;
    const second = expect(
      em.find(Thing, {}, { signal: new AbortController().signal, timeout: 5000 }),
    ).rejects.toMatchObject({ code: 'aborted' });
    outer.abort();
    await second;
  });

  it('hold for the relations that an entity loads later', async () => {
    const { driver, timers } = patient({ '"owners"': [[1, 'Ada']] });
    const db = await createPersistence({ driver, entities: [Owner, Thing] });
    const owner = await db.em({ timeout: 70 }).findById(Owner, 1);
    for (const load of [() => owner?.things.load(), () => owner?.things.count(), () => owner?.things.matching({})]) {
      timers.length = 0;
      const pending = expect(load()).rejects.toMatchObject({ code: 'statement-timeout' });
      await turn();
      timers[0]?.fire();
      await pending;
    }
  });

  it.each([0, -1, Number.NaN, 2 ** 31, '5' as never])('refuse %s as a timeout', async (timeout) => {
    const { driver } = patient();
    const db = await createPersistence({ driver, entities: [Owner, Thing] });
    await expect(db.em().find(Thing, {}, { timeout })).rejects.toMatchObject({ code: 'validation' });
  });

  it('keep the edits of a flush that ran out of time', async () => {
    const { driver, timers } = patient();
    const db = await createPersistence({ driver, entities: [Owner, Thing] });
    const em = db.em();
    const owner = em.create(Owner, { id: 1, name: 'a' });
    const pending = expect(em.flush({ timeout: 10 })).rejects.toMatchObject({ code: 'statement-timeout' });
    await turn();
    timers[0]?.fire();
    await pending;
    expect(em.stateOf(owner)).toBe('pending');
  });
});
