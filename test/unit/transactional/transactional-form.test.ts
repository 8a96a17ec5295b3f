import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EntityManager, Persistence } from '../../../src/index.ts';
import { expectCode } from '../../conformance/laws.ts';
import { compileServices, decoratorCompilers } from '../../support/compile-decorated.ts';
import type * as Services from '../../support/transactional-services.ts';

describe.each(decoratorCompilers)('transactional methods as emitted by $name', (compiler) => {
  let services: typeof Services;
  let db: Persistence;
  let em: EntityManager;
  beforeAll(async () => {
    services = await compileServices(compiler);
  });
  beforeEach(async () => {
    const { createPersistence, createSchema, sqljs, Task } = services;
    db = await createPersistence({ driver: sqljs(), entities: [Task] });
    await createSchema(db);
    em = db.em();
    return () => db.close();
  });
  const titles = async () =>
    (await db.em().find(services.Task, {}, { orderBy: { id: 'asc' } })).map(({ title }) => title);

  it('commit what they did, through the EntityManager and through repositories', async () => {
    const planner = new services.Planner(em);
    expect(await planner.plan(['a', 'b'])).toBe(2);
    expect(await titles()).toEqual(['a', 'b']);
  });

  it('are rolled back when they throw', async () => {
    const planner = new services.Planner(em);
    await expectCode(() => planner.plan(['a', 'b', 'a']), 'unique-violation');
    expect(await titles()).toEqual([]);
  });

  it('keep what they assign to fields, on the object itself and on its repositories', async () => {
    const planner = new services.Planner(em);
    await planner.plan(['a', 'b']);
    expect([planner.calls, planner.last, planner.tasks.lastAdded]).toEqual([1, 'b', 'b']);
    expect([planner.manager, planner.tasks.em]).toEqual([em, em]);
  });

  it('call each other in the same transaction, on other services, too', async () => {
    const planner = new services.Planner(em);
    await expect(planner.planTwice('x')).rejects.toThrow('after both');
    expect(await titles()).toEqual([]);
    await expectCode(() => planner.onlyInside(), 'transaction-scope');
  });

  it('see one handle wherever the EntityManager was, through getters and circles of services', async () => {
    const seen = await new services.Planner(em).managers();
    expect(seen).toHaveLength(6);
    expect(new Set(seen).size).toBe(1);
    expect(seen[0]).not.toBe(em);
    await expectCode(() => seen[0]?.count(services.Task), 'transaction-scope');
  });

  it('work as the function of a field, and with a repository alone', async () => {
    expect(await new services.Planner(em).asField('field')).toBe('field');
    await new services.Front(new services.Tasks(em)).add('front');
    expect(await titles()).toEqual(['field', 'front']);
  });

  it('run at once on several EntityManagers without touching each other', async () => {
    const planners = [1, 2, 3, 4].map(() => new services.Planner(db.em()));
    await Promise.all(planners.map((planner, index) => planner.plan([`${index} a`, `${index} b`])));
    expect((await titles()).sort()).toEqual([0, 1, 2, 3].flatMap((index) => [`${index} a`, `${index} b`]));
  });

  it('name the field where there are several EntityManagers', async () => {
    const two = new services.TwoManagers(em, db.em());
    await expectCode(() => two.either(), 'configuration');
    await expectCode(() => two.misspelt(), 'configuration');
    const same = new services.TwoManagers(em, em);
    await same.either();
  });

  it('cannot replace the EntityManager of the receiver', async () => {
    const planner = new services.Planner(em);
    await expectCode(() => planner.replaceManager(db.em()), 'transaction-scope');
    expect(planner.manager).toBe(em);
  });

  it('without an EntityManager, or a receiver, are a configuration error', async () => {
    await expectCode(() => new services.Detached(() => em).add(), 'configuration');
    const { plan } = new services.Planner(em);
    await expectCode(() => plan.call(undefined as never, ['a']), 'configuration');
  });

  it('of a frozen receiver are a configuration error, and nothing runs', async () => {
    const front = new services.Front(Object.freeze(new services.Tasks(em)));
    await expectCode(() => front.add('x'), 'configuration');
    expect(await titles()).toEqual([]);
  });

  describe('of a class with #private state', () => {
    const methods = ['readsField', 'callsMethod', 'readsAccessor', 'callsAsyncMethod'] as const;

    it.each(methods)(
      'are a configuration error that names the alternatives, and nothing is written: %s',
      async (name) => {
        const service = new services.WithPrivateState(em);
        const error = await expectCode(() => service[name](), 'configuration');
        expect(error.message).toMatch(/#private.*em\.transaction.*meshestra\/async-context/s);
        expect(await titles()).toEqual([]);
        // Where names were shortened, only the access itself tells, with the runtime's own error as cause.
        if (compiler.minify === true) expect(error.cause).toBeInstanceOf(TypeError);
        else expect(service.reached).toBe(0);
      },
    );

    it('work inside of a transaction that is handed to them', async () => {
      await em.transaction(async (tx) => {
        expect(await new services.WithPrivateState(tx).readsField()).toBe(0);
      });
      expect(await titles()).toEqual(['half']);
    });

    it.skipIf(compiler.minify === true)(
      'are refused where the state is inherited, or a repository has it',
      async () => {
        await expectCode(() => new services.InheritsPrivateState(em).harmless(), 'configuration');
        await expectCode(
          () => new services.HoldsPrivateState(new services.WithPrivateState(em)).use(),
          'configuration',
        );
      },
    );
  });

  describe('in an ambient scope', () => {
    beforeEach(() => () => services.useAmbientScope(undefined));

    it('take its EntityManager where they hold none, and keep their #private state', async () => {
      const stack: EntityManager[] = [em];
      services.useAmbientScope({
        handleOf: (given) => (given === em ? (stack.at(-1) as EntityManager) : given),
        current: () => stack.at(-1),
        run: (_em, handle, work) => {
          stack.push(handle);
          const result = work();
          // What a real scope does by AsyncLocalStorage.
          return (result as Promise<unknown>).finally(() => stack.pop()) as typeof result;
        },
      });
      expect(await new services.Detached(() => stack.at(-1) as EntityManager).add()).toBe('kept');
      expect([await titles(), stack.length]).toEqual([['kept'], 1]);
    });
  });
});
