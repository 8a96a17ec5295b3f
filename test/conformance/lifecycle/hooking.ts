import { expect } from 'vitest';
import {
  type EntityManager,
  HookError,
  type LifecycleEvents,
  type Persistence,
  type PlannedFlushEvent,
  sql,
} from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { Entry, Line, Page, wiki } from '../model/wiki.ts';
import { watchStatements, writing } from '../statements.ts';
import type { Subject } from '../subject.ts';
import { get } from './open-documents.ts';

/** Pages 'First' with two lines and 'Second'. */
async function openWiki(subject: Subject): Promise<Persistence> {
  const db = await subject.open(wiki);
  const em = db.em();
  const first = em.create(Page, { title: 'First' });
  for (const body of ['a', 'b']) em.create(Line, { body, page: first });
  await em.flush();
  em.create(Page, { title: 'Second' });
  await em.flush();
  return db;
}

const pages = (em: EntityManager) =>
  em.find(Page, {}, { orderBy: { title: 'asc' }, populate: ['lines'] }) as Promise<readonly Page[]> as Promise<
    [Page, Page]
  >;
const bodies = async (db: Persistence) =>
  (await db.em().find(Entry, {}, { orderBy: { body: 'asc' } })).map(({ body }) => body);

const BEFORE = ['beforeInsert', 'beforeUpdate', 'beforeRemove'] as const;
const ENTITY = [...BEFORE, 'afterInsert', 'afterUpdate', 'afterRemove'] as const;
const FLUSH = ['beforeFlush', 'onFlush', 'afterFlush'] as const;
const TRANSACTION = ['transactionBegin', 'transactionCommit', 'transactionRollback'] as const;
const ALL = [...ENTITY, ...FLUSH, ...TRANSACTION];

/** Notes all events but those of loading, with the titles of pages and the levels of transactions. */
function watchAll(db: Persistence): string[] {
  const seen: string[] = [];
  for (const name of ENTITY)
    db.on(name, ({ entity, table }) => void seen.push(`${name} ${Reflect.get(entity, 'title') ?? table}`));
  for (const name of FLUSH) db.on(name, async () => void seen.push(name));
  for (const name of TRANSACTION) db.on(name, async ({ level }) => void seen.push(`${name} ${level}`));
  return seen;
}

/** Edits that have every hook of entities and flushes run. */
async function editAll(em: EntityManager): Promise<void> {
  const [first, second] = await pages(em);
  em.create(Page, { title: 'Third' });
  second.title = 'Second, edited';
  em.remove(first);
}

const order: Laws = {
  'what classes declare runs before what is subscribed, and goes into the same statement': async (subject) => {
    await using db = await openWiki(subject);
    const em = db.em();
    const page = em.create(Page, { title: 'The Third' });
    db.on('beforeInsert', ({ entity }) => void (entity as Page).log.push('event'));
    const statements = watchStatements(db);
    await em.flush();
    expect(writing(statements.texts).filter((text) => text.includes('INSERT INTO'))).toHaveLength(1);
    expect(writing(statements.texts).some((text) => text.includes('UPDATE'))).toBe(false);
    const [, , third] = (await pages(db.em())) as unknown as [Page, Page, Page];
    expect([third.slug, third.log, page.slug]).toEqual(['the-third', ['option', 'method', 'event'], 'the-third']);
    page.title = 'Third';
    await em.flush();
    expect([page.edits, page.log.slice(3), page.version]).toEqual([1, ['option', 'method'], 2]);
    expect((await em.plan()).statements).toEqual([]);
  },
  'events come in their order, for each entity that is written, also along cascades': async (subject) => {
    await using db = await openWiki(subject);
    const em = db.em();
    await editAll(em);
    const seen = watchAll(db);
    await em.flush();
    const lines = (name: string) => [`${name} First`, `${name} page_lines`, `${name} page_lines`];
    expect(seen).toEqual([
      'beforeFlush',
      'beforeInsert Third',
      'beforeUpdate Second, edited',
      ...lines('beforeRemove'),
      'onFlush',
      'transactionBegin 0',
      'afterInsert Third',
      'afterUpdate Second, edited',
      ...lines('afterRemove'),
      'afterFlush',
      'transactionCommit 0',
    ]);
    seen.length = 0;
    await em.flush();
    expect(seen).toEqual(['beforeFlush', 'onFlush', 'afterFlush']);
  },
  'what is no longer to be written when its turn comes has no hook': async (subject) => {
    await using db = await openWiki(subject);
    const em = db.em();
    const [first, second] = await pages(em);
    const third = em.create(Page, { title: 'Third' });
    second.title = 'edited';
    em.remove(first);
    db.on('beforeFlush', () => {
      em.remove(third);
      em.revert(second);
      em.persist(first);
    });
    const seen = watchAll(db);
    const statements = watchStatements(db);
    await em.flush();
    expect([seen, statements.texts]).toEqual([['beforeFlush', 'onFlush', 'afterFlush'], []]);
  },
  'onFlush sees a plan that nothing can change, and edits are for the next flush': async (subject) => {
    await using db = await openWiki(subject);
    const em = db.em();
    const [first] = await pages(em);
    first.title = 'edited';
    const plans: PlannedFlushEvent[] = [];
    const stop = db.on('onFlush', (event) => {
      plans.push(event);
      first.title = 'later';
      expect(Object.isFrozen(event) && Object.isFrozen(event.plan) && Object.isFrozen(event.updates)).toBe(true);
    });
    await em.flush();
    stop();
    const [{ plan, updates } = {} as PlannedFlushEvent] = plans;
    expect([String(plan.steps[0]?.columns), plan.statements.length > 0, updates]).toEqual([
      'title,edits,log,version',
      true,
      [first],
    ]);
    expect(await db.em().count(Page, { title: 'edited' })).toBe(1);
    await em.flush();
    expect([await db.em().count(Page, { title: 'later' }), plans.length]).toEqual([1, 1]);
  },
};

const changing: Laws = {
  'hooks may schedule and edit others, which have hooks of their own, until there is nothing new': async (subject) => {
    await using db = await openWiki(subject);
    const em = db.em();
    const [first, second] = await pages(em);
    db.on('beforeFlush', (event) => void event.em.create(Page, { title: 'Third' }));
    db.on('beforeInsert', async ({ entity, em: own }) => {
      if (!(entity instanceof Page)) return;
      first.title = 'First, edited';
      own.create(Entry, { body: entity.slug });
      own.remove(await get(own.findById(Page, second.id)));
    });
    const seen = watchAll(db);
    await em.flush();
    expect(seen.filter((name) => name.startsWith('before'))).toEqual([
      'beforeFlush',
      'beforeInsert Third',
      'beforeInsert page_entries',
      'beforeUpdate First, edited',
      'beforeRemove Second',
    ]);
    expect([(await pages(db.em())).map(({ title }) => title), await bodies(db)]).toEqual([
      ['First, edited', 'Third'],
      ['third'],
    ]);
  },
  'hooks that never come to an end are refused': async (subject) => {
    await using db = await openWiki(subject);
    const em = db.em();
    em.create(Entry, { body: 'x' });
    db.on('beforeInsert', ({ em: own }) => void own.create(Entry, { body: 'x' }));
    await expectCode(() => em.flush(), 'validation');
    expect(await bodies(db)).toEqual([]);
  },
  'a flush that fails takes back what hooks did, so that they run again with the next': async (subject) => {
    await using db = await openWiki(subject);
    const em = db.em();
    const [first, second] = await pages(em);
    db.on('beforeUpdate', ({ em: own, entity }) => void own.create(Entry, { body: (entity as Page).title }));
    const stop = db.on('beforeFlush', (event) => event.em.remove(first));
    second.title = 'edited';
    const clash = em.create(Page, { title: 'First' });
    stop();
    await expectCode(() => em.flush(), 'unique-violation');
    expect([second.edits, second.log, clash.slug, clash.log]).toEqual([0, ['option', 'method'], '', []]);
    expect([...em.changes(second).keys(), em.stateOf(first)]).toEqual(['title', 'persistent']);
    clash.title = 'Other';
    await em.flush();
    expect([second.edits, second.log.length, clash.slug, clash.log]).toEqual([1, 4, 'other', ['option', 'method']]);
    expect(await bodies(db)).toEqual(['edited']);
  },
  'a hook that throws is the error of the flush: nothing is sent, and memory is as before': async (subject) => {
    await using db = await openWiki(subject);
    for (const name of [...BEFORE, 'beforeFlush', 'onFlush'] as const) {
      const em = db.em();
      await editAll(em);
      const before = String(await em.plan());
      const failure = new Error(name);
      const stop = db.on<keyof LifecycleEvents>(name, async (event) => {
        (event as { em: EntityManager }).em.create(Entry, { body: 'never' });
        throw failure;
      });
      const statements = watchStatements(db);
      await expect(em.flush()).rejects.toBe(failure);
      if (name === 'onFlush') em.revert();
      else expect([String(await em.plan()), writing(statements.texts)]).toEqual([before, []]);
      stop();
    }
    const em = db.em();
    await editAll(em);
    await em.flush();
    expect([(await pages(db.em())).map(({ title, log }) => [title, log.length]), await bodies(db)]).toEqual([
      [
        ['Second, edited', 4],
        ['Third', 2],
      ],
      [],
    ]);
  },
  'a transaction that is rolled back takes it back, too': {
    requires: ({ interactive }) => interactive === 'session',
    async check(subject) {
      await using db = await openWiki(subject);
      const em = db.em();
      const [first] = await pages(em);
      db.on('beforeUpdate', ({ em: own }) => void own.create(Entry, { body: 'audit' }));
      const failing = em.transaction(async (tx) => {
        first.title = 'edited';
        await tx.flush();
        expect([first.edits, first.version, await tx.count(Entry)]).toEqual([1, 2, 1]);
        throw new Error('rolled back');
      });
      await expect(failing).rejects.toThrow('rolled back');
      expect([first.title, first.edits, first.version, await bodies(db)]).toEqual(['edited', 0, 1, []]);
      await em.flush();
      expect([first.edits, first.version, await bodies(db)]).toEqual([1, 2, ['audit']]);
    },
  },
};

const waiting: Laws = {
  'what would wait for the flush that waits for the hook is refused, at once and in whatever hook': async (subject) => {
    await using db = await openWiki(subject);
    const em = db.em();
    const refused: string[] = [];
    const attempt = (name: string) => async () => {
      const [one] = await em.find(Page, { title: 'Second' });
      const calls: readonly (() => Promise<unknown>)[] = [
        () => em.flush(),
        () => em.transaction(async () => undefined),
        () => em.upsert(Entry, { id: 1, body: 'x' }),
        () => em.execute(sql`DELETE FROM page_entries`),
      ];
      for (const call of calls) await expectCode(call, 'transaction-scope');
      await em.execute(sql`SELECT 1`);
      refused.push(`${name} ${one === undefined ? '' : 'read'}`);
    };
    const names = ALL.filter((name) => name !== 'transactionRollback');
    for (const name of names) db.on<keyof LifecycleEvents>(name, attempt(name));
    await editAll(em);
    await em.flush();
    expect(new Set(refused.map((name) => name.split(' ')[0]))).toEqual(new Set(names));
    expect(await bodies(db)).toEqual([]);
  },
  'flushes that are begun at once come one after the other, hooks and all': async (subject) => {
    await using db = await openWiki(subject);
    const em = db.em();
    const [first] = await pages(em);
    db.on('beforeUpdate', () => new Promise((resolve) => setTimeout(resolve, 1)));
    const seen = watchAll(db);
    first.title = 'edited';
    await Promise.all([em.flush(), em.flush(), em.flush()]);
    expect(seen.filter((name) => /Flush|Update/.test(name))).toEqual([
      'beforeFlush',
      'beforeUpdate edited',
      'onFlush',
      'afterUpdate edited',
      'afterFlush',
      ...[1, 2].flatMap(() => ['beforeFlush', 'onFlush', 'afterFlush']),
    ]);
    expect([first.edits, first.version]).toEqual([1, 2]);
  },
  'a hook that is waited for in vain ends with the time of the flush, and the next flush writes': async (subject) => {
    await using db = await openWiki(subject);
    const em = db.em();
    const [first] = await pages(em);
    first.title = 'edited';
    const stop = db.on('beforeUpdate', () => new Promise(() => undefined));
    await expectCode(() => em.flush({ timeout: 20 }), 'statement-timeout');
    stop();
    await em.flush();
    expect([first.edits, first.version]).toEqual([1, 2]);
  },
};

/** What a hook throws at the end of a transaction is told with what became of it. */
async function tellsWhenCommitted(subject: Subject, name: 'transactionCommit' | 'afterUpdate'): Promise<void> {
  await using db = await openWiki(subject);
  const em = db.em();
  const [first] = await pages(em);
  db.on(name, () => {
    throw new Error('after');
  });
  const work = em.transaction(async () => {
    first.title = 'edited';
  });
  const error = (await expectCode(() => work, 'hook')) as HookError;
  expect([error.outcome, first.version, await db.em().count(Page, { title: 'edited' })]).toEqual(['committed', 2, 1]);
}

const afterwards: Laws = {
  'an after-hook that throws: the rows are there, the error says so, and all other hooks have run': async (subject) => {
    await using db = await openWiki(subject);
    const em = db.em();
    const seen: string[] = [];
    for (const name of ['afterInsert', 'afterUpdate', 'afterRemove', 'afterFlush', 'transactionCommit'] as const)
      db.on<keyof LifecycleEvents>(name, () => {
        seen.push(name);
        throw new Error(name);
      });
    await editAll(em);
    const error = (await expectCode(() => em.flush(), 'hook')) as HookError;
    expect(error).toBeInstanceOf(HookError);
    expect([error.outcome, error.retryable, error.errors.length, seen.length]).toEqual(['committed', false, 7, 7]);
    expect((error.cause as Error).message).toBe('afterInsert');
    expect((await em.plan()).statements).toEqual([]);
    expect((await pages(db.em())).map(({ title }) => title)).toEqual(['Second, edited', 'Third']);
  },
  'in a transaction that is held open it rolls it back, unless it is caught': {
    requires: ({ interactive }) => interactive === 'session',
    async check(subject) {
      await using db = await openWiki(subject);
      const em = db.em();
      const [first] = await pages(em);
      db.on('afterUpdate', () => {
        throw new Error('after');
      });
      const edit = async (tx: EntityManager) => {
        first.title = 'edited';
        await tx.flush();
      };
      const error = (await expectCode(() => em.transaction(edit), 'hook')) as HookError;
      expect([error.outcome, first.version, first.edits]).toEqual(['rolled-back', 1, 0]);
      expect(await db.em().count(Page, { title: 'edited' })).toBe(0);
      await em.transaction((tx) => edit(tx).catch(() => undefined));
      expect([first.version, await db.em().count(Page, { title: 'edited' })]).toEqual([2, 1]);
    },
  },
  'at the end of a transaction it tells what became of it': (subject) =>
    tellsWhenCommitted(subject, 'transactionCommit'),
  'where a transaction is one batch at its end, what after-hooks throw is told when it is committed': {
    requires: ({ interactive }) => interactive === 'none',
    check: (subject) => tellsWhenCommitted(subject, 'afterUpdate'),
  },
};

const loading: Laws = {
  'afterLoad runs once for each entity, however it is loaded, and what it sets is no edit': async (subject) => {
    await using db = await openWiki(subject);
    const em = db.em();
    const loaded: string[] = [];
    const stop = db.on('afterLoad', ({ entity, table }) => {
      expect(entity instanceof Page ? [entity.title, entity.loadedTitle] : []).not.toContain('');
      loaded.push(table);
    });
    const [line] = await em.find(Line, { body: 'a' });
    const page = (await line?.page.load()) as Page;
    await page.lines.load();
    await pages(em);
    await em.find(Line);
    expect(loaded).toEqual(['page_lines', 'pages', 'page_lines', 'pages']);
    expect([page.loadedTitle, (await em.plan()).statements]).toEqual(['First', []]);
    stop();
    await pages(db.em());
    expect(loaded).toHaveLength(4);
  },
  'an entity whose hook throws, or is asynchronous, is not kept': async (subject) => {
    await using db = await openWiki(subject);
    const em = db.em();
    const failure = new Error('not now');
    let known: object | undefined;
    const stop = db.on('afterLoad', ({ entity }) => {
      known = entity;
      throw failure;
    });
    await expect(em.find(Page, { title: 'First' })).rejects.toBe(failure);
    expect(em.contains(known as object)).toBe(false);
    stop();
    const stopAgain = db.on('afterLoad', async () => {
      throw failure;
    });
    const error = await expectCode(() => em.findOne(Page, { title: 'First' }), 'validation');
    expect(error.message).toMatch(/pages: afterLoad/);
    stopAgain();
    const [first] = await pages(em);
    expect([first.loadedTitle, first === known]).toEqual(['First', false]);
  },
};

const transactions: Laws = {
  'a transaction tells its beginning and its end, and so do its savepoints': {
    requires: ({ savepoints, interactive }) => savepoints && interactive === 'session',
    async check(subject) {
      await using db = await openWiki(subject);
      const em = db.em();
      const [first] = await pages(em);
      const seen = watchAll(db);
      const errors: unknown[] = [];
      db.on('transactionRollback', ({ error }) => void errors.push(error));
      const failure = new Error('inside');
      await em.transaction(async (tx) => {
        first.title = 'edited';
        await tx.transaction(async () => undefined);
        const failing = tx.transaction(async (inner) => {
          first.title = 'never';
          await inner.flush();
          throw failure;
        });
        await expect(failing).rejects.toBe(failure);
        first.title = 'last';
      });
      expect(seen.filter((name) => name.startsWith('transaction'))).toEqual([
        'transactionBegin 0',
        'transactionBegin 1',
        'transactionCommit 1',
        'transactionBegin 1',
        'transactionRollback 1',
        'transactionCommit 0',
      ]);
      expect([errors, first.version, first.edits]).toEqual([[failure], 3, 2]);
    },
  },
  'one that fails tells why, when database and memory are as before': async (subject) => {
    await using db = await openWiki(subject);
    const em = db.em();
    const [first] = await pages(em);
    const seen: unknown[] = [];
    db.on('transactionRollback', async ({ error, em: own, level }) => {
      seen.push((error as Error).message, own === em, level, first.version, await db.em().count(Page));
      throw new Error('told to nobody but onListenerError');
    });
    const failing = em.transaction(async (tx) => {
      tx.create(Page, { title: 'never' });
      throw new Error('why');
    });
    await expect(failing).rejects.toThrow('why');
    expect(seen).toEqual(['why', true, 0, 1, 2]);
    first.title = 'Second';
    await expectCode(() => em.flush(), 'unique-violation');
    expect(seen).toHaveLength(10);
  },
  'a hook of its beginning that throws rolls it back, before the work': async (subject) => {
    await using db = await openWiki(subject);
    const em = db.em();
    const failure = new Error('not now');
    const seen = watchAll(db);
    const stop = db.on('transactionBegin', () => {
      throw failure;
    });
    let ran = false;
    const failing = em.transaction(async () => {
      ran = true;
    });
    await expect(failing).rejects.toBe(failure);
    em.create(Page, { title: 'new' });
    await expect(em.flush()).rejects.toBe(failure);
    expect([ran, seen.includes('transactionCommit 0'), await db.em().count(Page)]).toEqual([false, false, 2]);
    stop();
    await em.flush();
    expect(await db.em().count(Page)).toBe(3);
  },
};

/** What hooks see, may change, and cannot break. */
export const hookLaws: Laws = { ...order, ...changing, ...waiting, ...afterwards, ...loading, ...transactions };
