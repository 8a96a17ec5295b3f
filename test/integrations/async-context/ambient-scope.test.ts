import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import {
  currentEntityManager,
  installAsyncContext,
  withEntityManager,
  withTransaction,
} from '../../../integrations/async-context/index.ts';
import { createPersistence, Entity, type EntityManager, integer, type Persistence, text } from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { transactional } from '../../../src/transactional.ts';
import { expectCode } from '../../conformance/laws.ts';

class Task extends Entity('tasks', { id: integer().primaryKey().generated(), title: text().unique() }) {}

class Stop extends Error {}
const turn = () => new Promise((resolve) => setTimeout(resolve, 1));

let db: Persistence;
beforeEach(async () => {
  db = await createPersistence({ driver: sqljs(), entities: [Task] });
  await createSchema(db);
  return () => db.close();
});

const add = async (title: string): Promise<Task> => {
  await turn();
  return currentEntityManager().create(Task, { title });
};
const titles = async () => (await db.em().find(Task, {}, { orderBy: { id: 'asc' } })).map(({ title }) => title);

describe('an ambient scope', () => {
  it('hands the EntityManager of a transaction to whatever it calls', async () => {
    await withTransaction(db, async (em) => {
      expect(currentEntityManager()).toBe(em);
      await Promise.all([add('a'), add('b')]);
    });
    expect(await titles()).toEqual(['a', 'b']);
  });

  it('is not there outside of it', async () => {
    await expectCode(() => currentEntityManager(), 'transaction-scope');
    await withTransaction(db, () => add('a'));
    await expectCode(() => currentEntityManager(), 'transaction-scope');
    await withEntityManager(db, () => expectCode(() => currentEntityManager(db.em()), 'transaction-scope'));
  });

  it('is joined by a transaction within it, unless that asks for another propagation', async () => {
    const failing = withTransaction(db, async (outer) => {
      await withTransaction(db, async (inner) => expect(inner).toBe(outer));
      await withTransaction(outer, async (inner) => expect(inner).toBe(outer));
      await withTransaction(db, () => add('joined'));
      const nested = withTransaction(
        db,
        async (inner) => {
          expect([inner === outer, currentEntityManager(db) === inner]).toEqual([false, true]);
          await add('nested');
          throw new Stop();
        },
        { propagation: 'nested' },
      );
      await expect(nested).rejects.toBeInstanceOf(Stop);
      expect(currentEntityManager(db)).toBe(outer);
      await expectCode(() => withTransaction(db, () => add('x'), { propagation: 'never' }), 'transaction-scope');
      throw new Stop('all');
    });
    await expect(failing).rejects.toThrow('all');
    await expectCode(() => withTransaction(db, () => add('x'), { propagation: 'mandatory' }), 'transaction-scope');
    expect(await titles()).toEqual([]);
  });

  it('uses the EntityManager that was begun with, of a request for example', async () => {
    await withEntityManager(db, async (em) => {
      expect(currentEntityManager()).toBe(em);
      await add('scheduled');
      await withTransaction(db, async (tx) => {
        expect([tx === em, currentEntityManager(em) === tx]).toEqual([false, true]);
        await add('inside');
      });
      expect(currentEntityManager()).toBe(em);
    });
    expect(await titles()).toEqual(['scheduled', 'inside']);
    const own = db.em();
    expect(withEntityManager(own, () => currentEntityManager(own))).toBe(own);
  });

  it('keeps requests apart that run at the same time', async () => {
    const one = async (n: number) => {
      const failing = n % 2 === 1;
      const request = withTransaction(db, async (em) => {
        await add(`${n} a`);
        await turn();
        expect(currentEntityManager()).toBe(em);
        await add(`${n} b`);
        if (failing) throw new Stop();
      });
      if (failing) await expect(request).rejects.toBeInstanceOf(Stop);
      else await request;
    };
    await Promise.all([0, 1, 2, 3, 4].map(one));
    expect((await titles()).sort()).toEqual(['0 a', '0 b', '2 a', '2 b', '4 a', '4 b']);
  });

  it('keeps databases apart', async () => {
    await using other = await createPersistence({ driver: sqljs(), entities: [Task] });
    await createSchema(other);
    await withTransaction(db, (em) =>
      withTransaction(other, async (inner) => {
        expect([currentEntityManager() === inner, currentEntityManager(db) === em]).toEqual([true, true]);
        currentEntityManager(db).create(Task, { title: 'here' });
        await add('there');
      }),
    );
    expect([await titles(), (await other.em().find(Task)).map(({ title }) => title)]).toEqual([['here'], ['there']]);
  });

  it('is transaction-scope for what outlives its transaction', async () => {
    let release: (() => void) | undefined;
    const ended = new Promise<void>((resolve) => {
      release = resolve;
    });
    const late: Promise<unknown>[] = [];
    await withTransaction(db, async () => {
      await add('in time');
      const outlive = (work: () => Promise<unknown>) =>
        late.push(ended.then(turn).then(() => expectCode(work, 'transaction-scope')));
      outlive(() => add('late'));
      outlive(() => currentEntityManager().flush());
      outlive(() => withTransaction(db, () => add('late'), { propagation: 'required' }));
      outlive(() => withTransaction(db, () => add('late'), { propagation: 'requires-new' }));
      late.push(ended.then(() => withEntityManager(db, () => withTransaction(db, () => add('by intent')))));
    });
    release?.();
    await Promise.all(late);
    expect(late).toHaveLength(5);
    expect(await titles()).toEqual(['in time', 'by intent']);
  });

  it('has each try of a transaction in its turn', async () => {
    const handles = new Set<EntityManager>();
    const work = async () => {
      handles.add(currentEntityManager());
      await add('tried');
      if (handles.size < 3) throw Object.assign(new Stop(), { code: 'deadlock', outcome: 'rolled-back' });
    };
    await withTransaction(db, work, { retry: { attempts: 3, backoff: 0, codes: ['deadlock'] } });
    expect([handles.size, await titles()]).toEqual([3, ['tried']]);
  });
});

describe('transactional methods with the ambient scope installed', () => {
  let uninstall: () => void;
  beforeEach(() => {
    uninstall = installAsyncContext();
  });
  afterEach(() => uninstall());

  /** Holds an EntityManager; knows nothing of other services. */
  class Store {
    readonly em: EntityManager;
    constructor(em: EntityManager) {
      this.em = em;
    }
    readonly add = transactional(async function (this: Store, title: string) {
      await turn();
      expect(currentEntityManager()).toBe(this.em);
      return this.em.create(Task, { title });
    });
    readonly addAlone = transactional(
      async function (this: Store, title: string) {
        this.em.create(Task, { title });
      },
      { propagation: 'requires-new' },
    );
  }

  /** Holds no EntityManager, and has private state. */
  class Clerk {
    #prefix = 'clerk: ';
    readonly add = transactional(async function (this: Clerk, title: string) {
      return add(this.#prefix + title);
    });
    readonly both = transactional(async function (this: Clerk, store: Store, title: string) {
      await this.add(title);
      await store.add(title);
      throw new Stop();
    });
  }

  it('join the transaction around them, through services that know nothing of each other', async () => {
    const em = db.em();
    const [store, clerk] = [new Store(em), new Clerk()];
    await withEntityManager(em, async () => {
      await clerk.add('a');
      await store.add('b');
      await expect(clerk.both(store, 'c')).rejects.toBeInstanceOf(Stop);
    });
    expect(await titles()).toEqual(['clerk: a', 'b']);
  });

  it('are a scope themselves', async () => {
    const em = db.em();
    const [store, clerk] = [new Store(em), new Clerk()];
    const work = transactional(async function (this: Store) {
      await clerk.add('inside');
      await store.add('beside');
      throw new Stop();
    });
    await expect(work.call(store)).rejects.toBeInstanceOf(Stop);
    expect(await titles()).toEqual([]);
    await expectCode(() => clerk.add('nowhere'), 'configuration');
  });

  it('keep to their propagation', async () => {
    const em = db.em();
    const store = new Store(em);
    await withTransaction(em, async () => {
      await expectCode(() => store.addAlone('alone'), 'unsupported-by-driver');
      await store.add('joined');
    });
    await store.addAlone('alone');
    expect(await titles()).toEqual(['joined', 'alone']);
  });

  it('are transaction-scope where they outlive the transaction around them', async () => {
    const em = db.em();
    const store = new Store(em);
    let late: Promise<unknown> | undefined;
    await withTransaction(em, async () => {
      late = turn()
        .then(turn)
        .then(() => expectCode(() => store.add('late'), 'transaction-scope'));
    });
    await late;
    expect(await titles()).toEqual([]);
  });
});
