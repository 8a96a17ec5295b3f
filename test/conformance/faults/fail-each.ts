import { expect } from 'vitest';
import { type MemoryDriver, memory } from '../../../adapters/memory/index.ts';
import type { EntityClass, EntityManager, Persistence } from '../../../src/index.ts';
import { type Driver, DriverError } from '../../../src/port.ts';
import type { Limits } from '../../../src/wire/limits.ts';
import type { Subject } from '../subject.ts';
import { HELD, impatientClock } from './impatient-clock.ts';
import { memoryPicture, scalarsOf } from './memory-picture.ts';
import type { Scenario } from './scenario.ts';
import { type StoredRows, storedRows } from './stored-rows.ts';

/** Entities with the rows that their scenarios begin with. */
export interface Model {
  readonly entities: readonly EntityClass[];
  seed(em: EntityManager): void;
}

/** A database whose driver can be made to fail. */
export interface Stage extends AsyncDisposable {
  readonly db: Persistence;
  readonly driver: MemoryDriver<Driver>;
  readonly rows: StoredRows;
  /** Brings the rows back that there were in the beginning. */
  restore(): Promise<void>;
}

/** Opens a database with the rows of a model. */
export async function setStage(subject: Pick<Subject, 'open'>, { entities, seed }: Model): Promise<Stage> {
  let driver: MemoryDriver<Driver> | undefined;
  const db = await subject.open(entities, (backing) => {
    driver = memory({ backing, clock: impatientClock() });
    return driver;
  });
  if (driver === undefined) throw new Error('the subject does not wrap its driver');
  const connection = await driver.backing.connect();
  const rows = storedRows(db, connection);
  const plant = async () => {
    const em = db.em();
    seed(em);
    await em.flush();
  };
  await plant();
  return {
    db,
    driver,
    rows,
    async restore() {
      await rows.empty();
      await plant();
    },
    async [Symbol.asyncDispose]() {
      connection.release();
      await db.close();
    },
  };
}

/** One EntityManager that goes through a scenario. */
class Play {
  readonly em: EntityManager;
  readonly entities: object[] = [];
  readonly #scenario: Scenario;
  readonly #edits: ReturnType<Scenario['edits']>;
  /** How many edits were made, and how many of them this attempt has come by. */
  #made = 0;
  #passed = 0;

  constructor(em: EntityManager, scenario: Scenario) {
    this.em = em;
    this.#scenario = scenario;
    this.#edits = scenario.edits();
  }

  get made(): number {
    return this.#made;
  }

  async next(em: EntityManager): Promise<void> {
    if (this.#passed === this.#made) {
      const edit = this.#edits[this.#made];
      if (edit === undefined) throw new Error('the scenario has no further edit');
      this.entities.push(...(await edit(em)));
      this.#made += 1;
    }
    this.#passed += 1;
  }

  write(limits: Limits = {}): Promise<void> {
    this.#passed = 1;
    return this.#scenario.write(this.em, (em) => this.next(em), limits);
  }

  /** What memory knows, and what a flush would send. */
  async picture(): Promise<unknown> {
    const { statements } = await this.em.plan();
    return { statements, entities: this.entities.map((entity) => memoryPicture(this.em, entity)) };
  }
}

/** Makes the first edits of a scenario in a fresh EntityManager. */
async function begin({ db }: Stage, scenario: Scenario, edits = 1): Promise<Play> {
  const play = new Play(db.em(), scenario);
  while (play.made < edits) await play.next(play.em);
  // Loads what a cascade follows, so that the flush itself only writes.
  await play.em.plan();
  return play;
}

/** How a statement fails: the limits of the write, the fault, and what the write has to fail with. */
interface Kind {
  readonly limits: Limits;
  inject(driver: MemoryDriver, at: number): { readonly raised: boolean; cancel(): void };
  check(error: unknown, atCommit: boolean): void;
}

const injected = new DriverError('an injected fault');

const kinds: Readonly<Record<string, Kind>> = {
  error: {
    limits: {},
    inject: (driver, at) => driver.fail({ at, error: injected }),
    check: (error) => expect(error).toBe(injected),
  },
  disconnect: {
    limits: {},
    inject: (driver, at) => driver.disconnect({ at }),
    check: (error, atCommit) =>
      expect(error).toMatchObject({ code: 'connection', outcome: atCommit ? 'unknown' : 'rolled-back' }),
  },
  timeout: {
    limits: { timeout: 1000 },
    inject: (driver, at) => driver.delay(HELD, { at }),
    check: (error) => expect(error).toMatchObject({ code: 'statement-timeout', outcome: 'rolled-back' }),
  },
};

/** What the database holds before a scenario, and after it: by the number of edits that were made before the write. */
interface Rows {
  readonly before: readonly string[];
  readonly after: readonly (readonly string[])[];
}

/** Runs a scenario without a fault, and takes it back. Edits that an earlier attempt has made may need fewer versions. */
async function rehearse(stage: Stage, scenario: Scenario): Promise<Rows> {
  const before = await stage.rows.read();
  const after: (readonly string[])[] = [];
  for (let made = 1; made <= scenario.edits().length; made += 1) {
    const play = await begin(stage, scenario, made);
    await play.write();
    const rows = await stage.rows.read();
    expect(rows, 'the scenario changes something').not.toEqual(before);
    after[made] = rows;
    await expectSettled(stage, play);
    await stage.restore();
    expect(await stage.rows.read()).toEqual(before);
  }
  return { before, after };
}

/** Nothing is left to be written, and memory is what the rows are. */
async function expectSettled({ driver }: Stage, { em, entities }: Play): Promise<void> {
  driver.forget();
  await em.flush();
  expect(driver.texts).toEqual([]);
  for (const entity of entities) {
    const state = em.stateOf(entity);
    expect(['persistent', 'detached', 'transient']).toContain(state);
    if (state !== 'persistent') continue;
    const inMemory = scalarsOf(entity);
    await em.refresh(entity);
    expect(scalarsOf(entity)).toEqual(inMemory);
  }
}

/** Whether each statement fails in every way, or in one way after the other, which takes a third of the time. */
export type Thoroughness = 'every way' | 'ways in turn';

/**
 * Fails each statement of a scenario in turn, transaction control included, until the write gets through; with an error,
 * a lost connection, and a timeout. After each failure the rows are as before, memory is as if the edits had just been
 * made, and writing again writes all of it once. Gives the number of statements.
 */
export async function failEach(
  subject: Subject,
  model: Model,
  scenario: Scenario,
  thoroughness: Thoroughness,
): Promise<number> {
  await using stage = await setStage(subject, model);
  const rows = await rehearse(stage, scenario);
  const ways = Object.entries(kinds);
  let at = 0;
  for (let goesOn = true; goesOn; ) {
    at += 1;
    for (const [place, [name, kind]] of ways.entries()) {
      if (thoroughness === 'ways in turn' && place !== at % ways.length) continue;
      goesOn = await failAt(stage, scenario, rows, name, kind, at);
    }
  }
  return at - 1;
}

/** Fails the statement at a place. Gives false where there were not so many, so that the write got through. */
async function failAt(
  stage: Stage,
  scenario: Scenario,
  rows: Rows,
  name: string,
  kind: Kind,
  at: number,
): Promise<boolean> {
  const { driver } = stage;
  const play = await begin(stage, scenario);
  driver.forget();
  const fault = kind.inject(driver, at);
  let error: unknown;
  await play.write(kind.limits).catch((reason: unknown) => {
    error = reason;
  });
  fault.cancel();
  driver.reconnect();
  const place = `${name} at ${at}: ${driver.texts[at - 1]}`;
  if (!fault.raised) {
    expect(error).toBeUndefined();
    expect(await stage.rows.read()).toEqual(rows.after[1]);
    await stage.restore();
    return false;
  }
  kind.check(error, driver.texts[at - 1] === 'COMMIT');
  expect(await stage.rows.read(), `rows after ${place}`).toEqual(rows.before);
  const reference = await begin(stage, scenario, play.made);
  expect(await play.picture(), `memory after ${place}`).toEqual(await reference.picture());
  const { made } = play;
  await play.write();
  expect(await stage.rows.read(), `rows after the retry of ${place}`).toEqual(rows.after[made]);
  await expectSettled(stage, play);
  await stage.restore();
  return true;
}

/**
 * Loses the answer to the COMMIT of a scenario. The rows are written, the outcome is unknown, nothing is sent again, and
 * memory is as if the edits had just been made: what is true only the database can tell.
 */
export async function loseCommit(subject: Subject, model: Model, scenario: Scenario): Promise<void> {
  await using stage = await setStage(subject, model);
  const rows = await rehearse(stage, scenario);
  const reference = await begin(stage, scenario, scenario.edits().length);
  const asEdited = await reference.picture();
  const play = await begin(stage, scenario);
  stage.driver.forget();
  stage.driver.loseAnswer();
  await expect(play.write()).rejects.toMatchObject({ code: 'connection', outcome: 'unknown', retryable: false });
  expect(stage.driver.texts.filter((text) => text === 'BEGIN' || text === 'COMMIT')).toEqual(['BEGIN', 'COMMIT']);
  expect(stage.driver.texts.at(-1)).toBe('COMMIT');
  expect(await stage.rows.read()).toEqual(rows.after[1]);
  expect(await play.picture()).toEqual(asEdited);
}
