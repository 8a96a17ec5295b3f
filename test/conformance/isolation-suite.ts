import { describe, expect } from 'vitest';
import type { EntityManager, Persistence } from '../../src/index.ts';
import type { IsolationLevel } from '../../src/port.ts';
import { anomalies } from './isolation/anomalies.ts';
import { cells, VersionedCell } from './isolation/cells.ts';
import { type Actor, type Meeting, placeOf, setScene } from './isolation/interleaving.ts';
import type { LevelPromises } from './isolation/levels.ts';
import { type Laws, registerLaws } from './laws.ts';
import type { Subject } from './subject.ts';

/** What a database may answer to one of two transactions that cannot both be: try it again from its beginning. */
const REFUSALS = ['serialization-failure', 'deadlock', 'lock-timeout'];
const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

/** Plays every interleaving at a level and notes which anomalies were there. A failure that is no refusal is thrown. */
async function observe(
  db: Persistence,
  meeting: Meeting,
  isolation: IsolationLevel | undefined,
): Promise<Record<string, string>> {
  const observed: Record<string, string> = {};
  for (const [name, play] of Object.entries(anomalies)) {
    const scene = await setScene(db, meeting, isolation);
    observed[name] = (await play(scene)) ? 'possible' : 'prevented';
    for (const { error } of scene.actors) if (error !== undefined) expectRefusal(name, error);
  }
  return observed;
}

function expectRefusal(name: string, error: unknown): void {
  expect(error, name).toMatchObject({ retryable: true, outcome: 'rolled-back' });
  expect(REFUSALS, `${name}: ${String(error)}`).toContain(codeOf(error));
}

const load = async (em: EntityManager): Promise<VersionedCell> =>
  (await em.findById(VersionedCell, 1)) as VersionedCell;

async function newVersionedCell(db: Persistence): Promise<void> {
  const em = db.em();
  em.remove(...(await em.find(VersionedCell)));
  await em.flush();
  em.create(VersionedCell, { id: 1, value: 0 });
  await em.flush();
}

/** Two transactions read the same entity and both change it. */
async function meetOnVersion(db: Persistence, meeting: Meeting, isolation: IsolationLevel | undefined): Promise<void> {
  await newVersionedCell(db);
  const scene = await setScene(db, meeting, isolation);
  const [t1, t2] = [await scene.begin(), await scene.begin()];
  const [one, two] = [await t1.run(load), await t2.run(load)];
  const add = (actor: Actor, loaded: typeof one, amount: number) =>
    actor.run(async (tx) => {
      ((await loaded()).value as VersionedCell).value += amount;
      await tx.flush();
    });
  await add(t1, one, 1);
  await add(t2, two, 10);
  await t1.commit();
  await t2.commit();
  await scene.end();
  const kept = (t1.outcome === 'committed' ? 1 : 0) + (t2.outcome === 'committed' ? 10 : 0);
  expect(kept).toBeGreaterThan(0);
  for (const { error } of [t1, t2]) {
    if (error !== undefined) expect(['stale-entity', ...REFUSALS], String(error)).toContain(codeOf(error));
  }
  expect((await load(db.em())).value).toBe(kept);
}

/** Writers that increment one entity and try again when they are refused. */
async function increment(
  db: Persistence,
  meeting: Meeting,
  isolation: IsolationLevel | undefined,
  writers: number,
  times: number,
): Promise<void> {
  await newVersionedCell(db);
  const work = async (): Promise<void> => {
    const place = await placeOf(db, meeting);
    for (let done = 0; done < times; ) {
      try {
        await place.transaction(
          async (tx) => {
            (await load(tx)).value += 1;
          },
          isolation === undefined ? {} : { isolation },
        );
        done += 1;
      } catch (error) {
        if (!['stale-entity', ...REFUSALS].includes(String(codeOf(error)))) throw error;
      }
    }
    if (place !== db) await place.close();
  };
  await Promise.all(Array.from({ length: writers }, work));
  expect(await load(db.em())).toMatchObject({ value: writers * times, version: writers * times + 1 });
}

function lawsOf(promises: LevelPromises, meetingOf: (db: Persistence) => Promise<Meeting>): Laws {
  const laws: Record<string, Laws[string]> = {
    'every level of the driver is written down': async ({ capabilities }) => {
      expect(Object.keys(promises).sort()).toEqual(['default', ...capabilities.isolationLevels].sort());
    },
  };
  for (const [level, allowed] of Object.entries(promises)) {
    const isolation = level === 'default' ? undefined : (level as IsolationLevel);
    const requires = ({ interactive }: Subject['capabilities']): boolean => interactive === 'session';
    laws[`${level}: exactly the anomalies that are written down`] = {
      requires,
      async check(subject) {
        await using db = await subject.open(cells);
        const verdict = (name: string) => ((allowed as readonly string[]).includes(name) ? 'possible' : 'prevented');
        const written = Object.fromEntries(Object.keys(anomalies).map((name) => [name, verdict(name)]));
        expect(await observe(db, await meetingOf(db), isolation)).toEqual(written);
      },
    };
    laws[`${level}: a versioned entity loses no update`] = {
      requires,
      async check(subject) {
        await using db = await subject.open(cells);
        const meeting = await meetingOf(db);
        await meetOnVersion(db, meeting, isolation);
        await increment(db, meeting, isolation, 4, 5);
      },
    };
  }
  return laws;
}

/**
 * Isolation: what transactions that run at once can see of each other at each level, in both directions: an anomaly that
 * the promises allow is there, one that they do not is not.
 *
 * @param meetingOf - how the sessions of an open database are watched
 */
export function isolationSuite(
  subject: Subject,
  promises: LevelPromises,
  meetingOf: (db: Persistence) => Promise<Meeting>,
): void {
  describe(`${subject.name}: isolation`, () => {
    registerLaws(subject, 'isolation', lawsOf(promises, meetingOf));
  });
}
