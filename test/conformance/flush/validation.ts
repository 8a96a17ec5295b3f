import { expect } from 'vitest';
import type { EntityManager, Persistence, ValidationError } from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { floor, Machine, Part, pace } from '../model/shop-floor.ts';
import { watchStatements } from '../statements.ts';
import type { Subject } from '../subject.ts';

async function openFloor(subject: Subject): Promise<Persistence> {
  const db = await subject.open(floor);
  const em = db.em();
  const machine = em.create(Machine, { name: 'press' });
  em.create(Part, { no: 'p1', weight: 1, machine });
  await em.flush();
  return db;
}

const refused = async (work: () => Promise<unknown>) => (await expectCode(work, 'validation')) as ValidationError;
const only = async (em: EntityManager): Promise<Machine> => (await em.find(Machine))[0] as Machine;

/** Checks, and how a flush tells what they find. */
export const validationLaws: Laws = {
  'one error names all that is wrong with a flush, with entity, key and path, and nothing is sent': async (subject) => {
    await using db = await openFloor(subject);
    const em = db.em();
    const known = await only(em);
    const part = (await em.find(Part))[0] as Part;
    part.weight = 1.5;
    Object.assign(known, { name: 'x', price: '0.00', first: 3 });
    em.create(Machine, {
      name: undefined as never,
      code: 'lower',
      state: 'secret',
      power: 10,
      built: '1999-12-31',
      checkedAt: new Date(-1),
      settings: { theme: 'secret' },
    });
    em.create(Part, { no: 'far too long a number', weight: 2, machine: undefined as never });
    const statements = watchStatements(db);
    const error = await refused(() => em.flush());
    const { id } = known;
    expect(error.problems.map(({ entity, key, path }) => [entity, key, path.join('.')])).toEqual([
      ['machines', null, 'name'],
      ['machine_parts', 'far too long a number', 'no'],
      ['machine_parts', 'far too long a number', 'machine'],
      ['machine_parts', 'p1', 'weight'],
      ['machines', null, 'code'],
      ['machines', null, 'state'],
      ['machines', null, 'power'],
      ['machines', null, 'built'],
      ['machines', null, 'checkedAt'],
      ['machines', null, 'settings.theme'],
      ['machines', id, 'name'],
      ['machines', id, 'price'],
      ['machines', id, 'last'],
    ]);
    expect([error.entity, error.property, error.message.includes('secret')]).toEqual(['machines', 'name', false]);
    expect(error.message).toMatch(/^machines\.name: a value is required; .*; and 3 more$/);
    expect(statements.texts).toEqual([]);
  },
  'what is corrected is written, once': async (subject) => {
    await using db = await openFloor(subject);
    const em = db.em();
    const known = await only(em);
    known.power = 0;
    const fresh = em.create(Machine, { name: 'y' });
    const error = await refused(() => em.flush());
    expect(error.problems.map(({ message }) => message)).toEqual([
      'expected at least 2 characters or bytes',
      'expected 1 to 9',
    ]);
    expect([em.stateOf(fresh), fresh.id, [...em.changes(known).keys()]]).toEqual(['pending', undefined, ['power']]);
    [known.power, fresh.name] = [2, 'yes'];
    await em.flush();
    expect(await db.em().count(Machine, { name: 'yes' })).toBe(1);
    expect(await db.em().count(Machine, { power: 2 })).toBe(1);
  },
  'only what is written is judged: NULL, unchanged columns and removed entities are not': async (subject) => {
    await using db = await openFloor(subject);
    const em = db.em();
    const known = await only(em);
    known.code = null;
    known.power = 100;
    em.detach(known);
    const again = await only(em);
    again.built = null;
    again.first = 2;
    await em.flush();
    again.power = 100;
    em.remove(...(await em.find(Part)));
    em.remove(again);
    await em.flush();
    expect(await db.em().count(Machine)).toBe(0);
  },
  'a preview, and the end of a transaction, are refused in the same way': async (subject) => {
    await using db = await openFloor(subject);
    const em = db.em();
    const known = await only(em);
    known.settings = { theme: 'light' };
    expect((await refused(() => em.plan())).problems).toHaveLength(1);
    em.revert();
    const failing = em.transaction(async () => {
      known.settings.theme = 'light';
      known.power = 0;
    });
    expect((await refused(() => failing)).problems.map(({ path }) => path)).toEqual([['power'], ['settings', 'theme']]);
  },
  'what is edited while checks are waited for is for the next flush, and not written unseen': async (subject) => {
    await using db = await openFloor(subject);
    const em = db.em();
    const fresh = em.create(Machine, { name: 'fresh', power: 3 });
    const { wait } = pace;
    pace.wait = async () => {
      await wait();
      fresh.power = 1000;
    };
    await em.flush().finally(() => {
      pace.wait = wait;
    });
    expect(await db.em().count(Machine, { name: 'fresh', power: 3 })).toBe(1);
    await refused(() => em.flush());
  },
  'hooks have their turn before': async (subject) => {
    await using db = await openFloor(subject);
    const em = db.em();
    db.on('beforeInsert', ({ entity }) => {
      if (entity instanceof Machine) entity.name = entity.name.padEnd(2, '!');
    });
    em.create(Machine, { name: 'z' });
    await em.flush();
    expect(await db.em().count(Machine, { name: 'z!' })).toBe(1);
  },
  'an upsert asks them, too': async (subject) => {
    await using db = await openFloor(subject);
    const em = db.em();
    const statements = watchStatements(db);
    const error = await refused(() =>
      em.upsert(Machine, [
        { id: 1, name: 'a' },
        { id: 2, name: 'good', power: 10 },
      ]),
    );
    expect(error.problems.map(({ key, path }) => [key, ...path])).toEqual([
      [1, 'name'],
      [2, 'power'],
    ]);
    expect(statements.texts).toEqual([]);
  },
};
