import { describe, expect } from 'vitest';
import { type EntityManager, sql } from '../../src/index.ts';
import { type Capabilities, DriverError } from '../../src/port.ts';
import { failEach, loseCommit, type Model, setStage, type Thoroughness } from './faults/fail-each.ts';
import { hooked, wikiModel } from './faults/hook-scenarios.ts';
import { inserting, libraryModel, relating, removing, updating } from './faults/library-scenarios.ts';
import { given, parcelModel } from './faults/parcel-scenarios.ts';
import { only, type Scenarios } from './faults/scenario.ts';
import { circleModel, circular, composite, inherited, mediaModel, shopModel } from './faults/shop-scenarios.ts';
import { inTransactions } from './faults/transaction-scenarios.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import { library, Post, Tag } from './model/library.ts';
import { flushesByStatement, type Subject } from './subject.ts';

const all: readonly (readonly [Model, Scenarios])[] = [
  [libraryModel, { ...inserting, ...updating, ...relating, ...removing, ...inTransactions }],
  [shopModel, composite],
  [mediaModel, inherited],
  [circleModel, circular],
  [parcelModel, given],
  [wikiModel, hooked],
];

const withTransactions = {
  requires: ({ interactive, savepoints }: Capabilities) => interactive === 'session' && savepoints,
};

/** A flush is statements that fail one at a time; as one batch it fails as a whole. */
const byStatement = {
  requires: (capabilities: Capabilities) => withTransactions.requires(capabilities) && flushesByStatement(capabilities),
};

const everyStatement = (thoroughness: Thoroughness): Laws =>
  Object.fromEntries(
    all.flatMap(([model, scenarios]) =>
      Object.entries(scenarios).map(([name, scenario]) => [
        `whichever statement fails, nothing is written, memory is as before, and a retry writes all once: ${name}`,
        {
          ...byStatement,
          async check(subject: Subject) {
            // BEGIN, a statement and COMMIT at least.
            expect(await failEach(subject, model, scenario, thoroughness)).toBeGreaterThanOrEqual(3);
          },
        },
      ]),
    ),
  );

const lostCommits: Laws = Object.fromEntries(
  all.flatMap(([model, scenarios]) =>
    Object.entries(scenarios).map(([name, scenario]) => [
      `a COMMIT whose answer is lost has an unknown outcome, is not sent again, and leaves memory as it was: ${name}`,
      { ...byStatement, check: (subject: Subject) => loseCommit(subject, model, scenario) },
    ]),
  ),
);

const fault = (): DriverError => new DriverError('an injected fault');
const byId = { orderBy: { id: 'asc' } } as const;

async function tagNames(em: EntityManager): Promise<string[]> {
  return (await em.find(Tag, {}, byId)).map(({ name }) => name);
}

const violations: Laws = {
  'a violated constraint leaves everything as it was, and the retry writes the union': async (subject) => {
    await using stage = await setStage(subject, libraryModel);
    const em = stage.db.em();
    const good = em.create(Tag, { name: 'good' });
    const bad = em.create(Tag, { name: 'a' });
    const post = only(await em.find(Post, { title: 'post 1' }));
    post.title = 'edited';
    await expectCode(() => em.flush(), 'unique-violation');
    expect([good.id, bad.id, em.stateOf(good), em.stateOf(bad), post.version]).toEqual([
      undefined,
      undefined,
      'pending',
      'pending',
      1,
    ]);
    bad.name = 'better';
    const more = em.create(Tag, { name: 'more' });
    await em.flush();
    const read = await stage.db.em().find(Tag, {}, byId);
    expect(read.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'good', 'better', 'more']);
    expect([good.id, bad.id, more.id]).toEqual(read.slice(3).map(({ id }) => id));
    expect(post.version).toBe(2);
  },
  'a read that fails is that error, and the next read works': async (subject) => {
    await using stage = await setStage(subject, libraryModel);
    const em = stage.db.em();
    const error = fault();
    stage.driver.fail({ error });
    await expect(em.find(Post)).rejects.toBe(error);
    const posts = await em.find(Post);
    stage.driver.fail({ error });
    await expect(Promise.all(posts.map((post) => post.comments.load()))).rejects.toBe(error);
    expect((await Promise.all(posts.map((post) => post.comments.load()))).flat()).toHaveLength(8);
  },
  'a ROLLBACK that fails changes nothing for the caller': {
    ...byStatement,
    async check(subject) {
      await using stage = await setStage(subject, libraryModel);
      const before = await stage.rows.read();
      const em = stage.db.em();
      const tag = em.create(Tag, { name: 'new' });
      const error = fault();
      const faults = [
        stage.driver.fail({ match: /^INSERT/, error }),
        stage.driver.fail({ match: /^ROLLBACK$/, error: new DriverError('another') }),
      ];
      await expect(em.flush()).rejects.toBe(error);
      expect(faults.map(({ raised }) => raised)).toEqual([true, true]);
      expect([await stage.rows.read(), tag.id, em.stateOf(tag)]).toEqual([before, undefined, 'pending']);
      await em.flush();
      expect(await tagNames(stage.db.em())).toEqual(['a', 'b', 'c', 'new']);
    },
  },
  'a savepoint that cannot be rolled back takes its whole transaction with it, also where the error is caught': {
    ...withTransactions,
    async check(subject) {
      await using stage = await setStage(subject, libraryModel);
      const before = await stage.rows.read();
      const em = stage.db.em();
      stage.driver.fail({ match: 'INSERT INTO', at: 2, error: fault() });
      stage.driver.fail({ match: /^ROLLBACK TO/, error: fault() });
      const tags: Tag[] = [];
      const failing = em.transaction(async (tx) => {
        tags.push(tx.create(Tag, { name: 'one' }));
        await tx.flush();
        tags.push(tx.create(Tag, { name: 'two' }));
        await expectCode(() => tx.flush(), 'driver');
      });
      await expectCode(() => failing, 'transaction-scope');
      expect(await stage.rows.read()).toEqual(before);
      expect(tags.map((tag) => [tag.id, em.stateOf(tag)])).toEqual([
        [undefined, 'pending'],
        [undefined, 'pending'],
      ]);
      await em.flush();
      expect(await tagNames(stage.db.em())).toEqual(['a', 'b', 'c', 'one', 'two']);
    },
  },
  'a savepoint that is rolled back leaves the rest of its transaction, wherever in it a statement fails': {
    ...withTransactions,
    async check(subject) {
      await using stage = await setStage(subject, libraryModel);
      // SAVEPOINT, INSERT and RELEASE of the flush inside.
      for (const match of [/^SAVEPOINT/, /^INSERT INTO/, /^RELEASE/]) {
        const em = stage.db.em();
        await em.transaction(async (tx) => {
          await tx.execute(sql`DELETE FROM post_tags`, { writes: ['post_tags'] });
          const tag = tx.create(Tag, { name: `after ${match.source}` });
          const error = fault();
          stage.driver.fail({ match, error });
          await expect(tx.flush()).rejects.toBe(error);
          expect([tag.id, tx.stateOf(tag)]).toEqual([undefined, 'pending']);
        });
        await em.flush();
        expect(stage.driver.transactions.at(-1)?.outcome).toBe('committed');
      }
      const names = ['a', 'b', 'c', 'after ^SAVEPOINT', 'after ^INSERT INTO', 'after ^RELEASE'];
      expect(await tagNames(stage.db.em())).toEqual(names);
    },
  },
  'a flush that waits for another transaction ends with its timeout, and can be tried again': {
    requires: ({ interactive, concurrentTransactions }) => interactive === 'session' && concurrentTransactions,
    async check(subject) {
      await using db = await subject.open(library);
      const seeding = db.em();
      seeding.create(Tag, { name: 'before' });
      await seeding.flush();
      const [first, second] = [db.em(), db.em()];
      const [one, two] = [only(await first.find(Tag)), only(await second.find(Tag))];
      two.name = 'second';
      await first.transaction(async (tx) => {
        one.name = 'first';
        await tx.flush();
        await expectCode(() => second.flush({ timeout: 200 }), 'statement-timeout');
      });
      expect([await tagNames(db.em()), [...second.changes(two).keys()]]).toEqual([['first'], ['name']]);
      await second.flush();
      expect(await tagNames(db.em())).toEqual(['second']);
    },
  },
  'an aborted EntityManager sends nothing': async (subject) => {
    await using stage = await setStage(subject, libraryModel);
    const controller = new AbortController();
    const em = stage.db.em({ signal: controller.signal });
    const [post] = await em.find(Post);
    controller.abort();
    await expectCode(() => em.find(Post), 'aborted');
    (post as Post).title = 'aborted';
    await expectCode(() => em.flush(), 'aborted');
    expect(await stage.db.em().count(Post, { title: 'aborted' })).toBe(0);
  },
};

/** A flush is all or nothing, in the database and in memory, wherever it fails. */
export function faultSuite(subject: Subject, thoroughness: Thoroughness = 'ways in turn'): void {
  describe(`${subject.name}: failing flushes`, () => {
    registerLaws(subject, 'failing flushes', { ...everyStatement(thoroughness), ...lostCommits, ...violations });
  });
}
