import { expect } from 'vitest';
import { type MemoryDriver, memory } from '../../../adapters/memory/index.ts';
import type { EntityManager, Persistence, Propagation, TransactionOptions } from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { library, Tag } from '../model/library.ts';
import type { Subject } from '../subject.ts';

const ALL = ['required', 'nested', 'requires-new', 'mandatory', 'supports', 'not-supported', 'never'] as const;
const WITHOUT = ['supports', 'never', 'not-supported'] as const;

interface Opened extends AsyncDisposable {
  readonly db: Persistence;
  readonly driver: MemoryDriver;
  /** Whether a transaction can run beside another one. */
  readonly parallel: boolean;
  names(): Promise<string[]>;
}

async function open(subject: Subject): Promise<Opened> {
  let driver: MemoryDriver | undefined;
  const db = await subject.open(library, (inner) => {
    driver = memory({ backing: inner });
    return driver;
  });
  if (driver === undefined) throw new Error('the subject does not wrap its driver');
  driver.reset();
  return {
    db,
    driver,
    parallel: subject.capabilities.concurrentTransactions,
    names: async () => (await db.em().find(Tag, {}, { orderBy: { name: 'asc' } })).map(({ name }) => name),
    [Symbol.asyncDispose]: () => db.close(),
  };
}

class Stop extends Error {}
const adds = (name: string) => async (em: EntityManager) => em.create(Tag, { name });
const adding = (em: EntityManager, name: string, propagation: Propagation, options: TransactionOptions = {}) =>
  em.transaction(adds(name), { ...options, propagation });
/** How a transaction shows in the log of the driver. */
const control = ({ texts }: MemoryDriver) => texts.filter((text) => /^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT)/.test(text));

const joining: Laws = {
  'required, nested and requires-new open a transaction where there is none': async (subject) => {
    await using opened = await open(subject);
    const { db, driver, names } = opened;
    for (const propagation of ['required', 'nested', 'requires-new'] as const) {
      driver.reset();
      expect((await adding(db.em(), propagation, propagation)).id).toEqual(expect.any(Number));
      expect(control(driver).slice(0, 1).concat(control(driver).slice(-1))).toEqual(['BEGIN', 'COMMIT']);
    }
    expect(await names()).toEqual(['nested', 'required', 'requires-new']);
  },
  'required, mandatory and supports join the transaction: no savepoint, one commit': async (subject) => {
    await using opened = await open(subject);
    const { db, driver, names } = opened;
    const failing = db.transaction(async (tx) => {
      for (const propagation of ['required', 'mandatory', 'supports'] as const) {
        const made = await tx.transaction(
          async (em) => {
            expect(em).toBe(tx);
            return em.create(Tag, { name: propagation });
          },
          { propagation },
        );
        expect(tx.stateOf(made)).toBe('pending');
      }
      await tx.flush();
      expect(await tx.count(Tag)).toBe(3);
      throw new Stop();
    });
    await expect(failing).rejects.toBeInstanceOf(Stop);
    // The flush is a savepoint of its own.
    expect(control(driver).filter((text) => text.startsWith('SAVEPOINT'))).toHaveLength(1);
    expect(await names()).toEqual([]);
  },
  'a transaction with a failure of joined work cannot commit, whoever caught it': async (subject) => {
    await using opened = await open(subject);
    const { db, names } = opened;
    const em = db.em();
    const cause = new Stop('joined');
    const made: Tag[] = [];
    const failing = em.transaction(async (tx) => {
      made.push(tx.create(Tag, { name: 'outer' }));
      await tx.flush();
      const joined = tx.transaction(() => Promise.reject(cause), { propagation: 'required' });
      await expect(joined).rejects.toBe(cause);
      made.push(tx.create(Tag, { name: 'after' }));
    });
    const error = await expectCode(() => failing, 'transaction-scope');
    expect(error.cause).toBe(cause);
    expect(made.map((tag) => [tag.id, em.stateOf(tag)])).toEqual([
      [undefined, 'pending'],
      [undefined, 'pending'],
    ]);
    expect(await names()).toEqual([]);
  },
  'joined work that fails in a savepoint takes back the savepoint alone': async (subject) => {
    await using opened = await open(subject);
    const { db, names } = opened;
    await db.transaction(async (tx) => {
      tx.create(Tag, { name: 'kept' });
      const inner = tx.transaction(async (nested) => {
        const lost = nested.create(Tag, { name: 'lost' });
        await nested.flush();
        await nested.transaction(() => Promise.reject(new Stop()), { propagation: 'mandatory' }).catch(() => undefined);
        nested.revert(lost);
      });
      await expectCode(() => inner, 'transaction-scope');
      tx.revert();
      tx.create(Tag, { name: 'kept' });
    });
    expect(await names()).toEqual(['kept']);
  },
  'an open transaction stays as it was opened': async (subject) => {
    await using opened = await open(subject);
    const { db } = opened;
    await db.transaction(
      async (tx) => {
        const joined = (options: TransactionOptions) => tx.transaction(async (em) => em.count(Tag), options);
        await expectCode(() => joined({ propagation: 'required', readOnly: false }), 'transaction-scope');
        await expectCode(() => joined({ readOnly: false }), 'transaction-scope');
        expect(await joined({ propagation: 'required', readOnly: true })).toBe(0);
      },
      { readOnly: true },
    );
    const [level] = subject.capabilities.isolationLevels;
    const highest = subject.capabilities.isolationLevels.at(-1);
    if (level === undefined || highest === undefined) return;
    const work = async (tx: EntityManager, isolation: typeof level) => {
      for (const propagation of ['required', 'nested'] as const)
        await tx.transaction(async () => undefined, { propagation, isolation });
    };
    await db.transaction((tx) => work(tx, level), { isolation: highest });
    await expectCode(() => db.transaction((tx) => work(tx, level)), 'transaction-scope');
    if (level !== highest)
      await expectCode(() => db.transaction((tx) => work(tx, highest), { isolation: level }), 'transaction-scope');
  },
};

const apart: Laws = {
  'mandatory without a transaction, and never inside of one, are transaction-scope and send nothing': async (
    subject,
  ) => {
    await using opened = await open(subject);
    const { db, driver, names } = opened;
    await expectCode(() => adding(db.em(), 'x', 'mandatory'), 'transaction-scope');
    await expectCode(() => db.transaction(adds('x'), { propagation: 'mandatory' }), 'transaction-scope');
    expect(driver.texts).toEqual([]);
    await db.transaction(async (tx) => {
      await expectCode(() => adding(tx, 'x', 'never'), 'transaction-scope');
      tx.create(Tag, { name: 'kept' });
    });
    expect(await names()).toEqual(['kept']);
  },
  'supports, never and not-supported run without a transaction, and flush at the end': async (subject) => {
    await using opened = await open(subject);
    const { db, names } = opened;
    for (const propagation of WITHOUT) {
      const em = db.em();
      const failing = em.transaction(
        async (own) => {
          own.create(Tag, { name: `${propagation} kept` });
          await own.flush();
          own.create(Tag, { name: `${propagation} lost` });
          throw new Stop();
        },
        { propagation },
      );
      await expect(failing).rejects.toBeInstanceOf(Stop);
      expect((await adding(em, propagation, propagation)).id).toEqual(expect.any(Number));
      em.clear();
    }
    expect(await names()).toEqual(
      // What supports and never left behind is still scheduled on their EntityManager; not-supported has one of its own.
      [
        'never',
        'never kept',
        'never lost',
        'not-supported',
        'not-supported kept',
        'supports',
        'supports kept',
        'supports lost',
      ],
    );
  },
  'where there is no transaction, options of one are a validation error': async (subject) => {
    await using opened = await open(subject);
    const { db, driver } = opened;
    for (const propagation of WITHOUT) {
      for (const options of [{ readOnly: true }, { retry: {} }])
        await expectCode(() => adding(db.em(), 'x', propagation, options), 'validation');
    }
    await expectCode(() => adding(db.em(), 'x', 'joined' as Propagation), 'validation');
    expect(driver.texts).toEqual([]);
  },
  'requires-new commits whatever becomes of the transaction around it, on an EntityManager of its own': async (
    subject,
  ) => {
    await using opened = await open(subject);
    const { db, names, parallel } = opened;
    const em = db.em();
    let outer: Tag | undefined;
    const failing = em.transaction(async (tx) => {
      outer = tx.create(Tag, { name: 'outer' });
      await tx.flush();
      const own = async (apart: EntityManager) => {
        expect([apart.stateOf(outer as Tag), await apart.count(Tag)]).toEqual(['transient', 0]);
        return apart.create(Tag, { name: 'own' });
      };
      const work = tx.transaction(own, { propagation: 'requires-new' });
      if (!parallel) await expectCode(() => work, 'unsupported-by-driver');
      else expect([(await work).id, tx.stateOf(await work)]).toEqual([expect.any(Number), 'transient']);
      expect(await tx.count(Tag, { name: 'outer' })).toBe(1);
      throw new Stop();
    });
    await expect(failing).rejects.toBeInstanceOf(Stop);
    expect([outer?.id, em.stateOf(outer as Tag), await names()]).toEqual([
      undefined,
      'pending',
      parallel ? ['own'] : [],
    ]);
  },
  'requires-new that fails leaves the transaction around it alone': async (subject) => {
    await using opened = await open(subject);
    const { db, names } = opened;
    await db.transaction(async (tx) => {
      tx.create(Tag, { name: 'outer' });
      await tx.flush();
      const work = (apart: EntityManager) => {
        apart.create(Tag, { name: 'own' });
        throw new Stop();
      };
      await expect(tx.transaction(work, { propagation: 'requires-new' })).rejects.toThrow();
    });
    expect(await names()).toEqual(['outer']);
  },
  'requires-new without a transaction does not take along what is scheduled': async (subject) => {
    await using opened = await open(subject);
    const { db, names } = opened;
    const em = db.em();
    em.create(Tag, { name: 'scheduled' });
    const own = await adding(em, 'own', 'requires-new');
    expect([await names(), em.stateOf(own)]).toEqual([['own'], 'transient']);
    await em.flush();
    expect(await names()).toEqual(['own', 'scheduled']);
  },
  'not-supported inside of a transaction does not see it, and is not undone with it': async (subject) => {
    await using opened = await open(subject);
    const { db, names, parallel } = opened;
    const failing = db.transaction(async (tx) => {
      tx.create(Tag, { name: 'outer' });
      await tx.flush();
      const work = tx.transaction(
        async (em) => {
          expect(await em.count(Tag)).toBe(0);
          em.create(Tag, { name: 'beside' });
        },
        { propagation: 'not-supported' },
      );
      if (parallel) await work;
      else await expectCode(() => work, 'unsupported-by-driver');
      throw new Stop();
    });
    await expect(failing).rejects.toBeInstanceOf(Stop);
    expect(await names()).toEqual(parallel ? ['beside'] : []);
  },
  'every propagation is transaction-scope on a handle that is not to be used': async (subject) => {
    await using opened = await open(subject);
    const { db } = opened;
    const em = db.em();
    let kept: EntityManager | undefined;
    await em.transaction(async (tx) => {
      kept = tx;
      for (const propagation of ALL) await expectCode(() => adding(em, 'x', propagation), 'transaction-scope');
    });
    for (const propagation of ALL)
      await expectCode(() => adding(kept as EntityManager, 'x', propagation), 'transaction-scope');
    expect(await em.count(Tag)).toBe(0);
  },
  'the limits of joined work hold for what it does, and no longer': async (subject) => {
    await using opened = await open(subject);
    const { db, names } = opened;
    const stop = new AbortController();
    await db.transaction(async (tx) => {
      await tx.transaction(adds('joined'), { propagation: 'required', signal: stop.signal });
      stop.abort();
      expect(await tx.count(Tag)).toBe(0);
    });
    const failing = db.transaction((tx) =>
      tx.transaction((em) => em.count(Tag), { propagation: 'required', signal: stop.signal }),
    );
    await expectCode(() => failing, 'aborted');
    expect(await names()).toEqual(['joined']);
  },
};

/** What each propagation means, inside of a transaction and outside of one. */
export const propagationLaws: Laws = { ...joining, ...apart };
