import { type EntityManager, type Persistence, type RawQuery, sql } from '../../../src/index.ts';
import type { IsolationLevel } from '../../../src/port.ts';
import { turn } from '../turn.ts';
import { Cell } from './cells.ts';

/** What became of one step of a transaction: its value, or that it or one before it failed. */
export type Step<T> =
  | { readonly value: T; readonly failed?: never }
  | { readonly failed: true; readonly value?: never };

/** The sessions of a database, seen from outside. */
export interface SessionWatch {
  /** The database's number for the session that a transaction runs on. */
  idOf(tx: EntityManager): Promise<number>;
  /** Which of the sessions wait for a lock now. */
  waiting(ids: readonly number[]): Promise<readonly number[]>;
}

/** Transactions that each have a persistence object of their own, over one database, and are refused rather than wait. */
export interface Apart {
  open(): Promise<Persistence>;
}

/** How transactions meet: on sessions of one pool, one after the other on the only connection, or apart. */
export type Meeting = SessionWatch | 'one after the other' | Apart;

class Stop extends Error {}

/**
 * One transaction, a step at a time. A step is sent and then waited for until it has its answer, or until it is known to
 * wait for somebody else: it then resolves with that other one's end.
 */
export class Actor {
  /** How it ended: undefined while it is open. */
  outcome: 'committed' | 'failed' | 'rolled back' | undefined;
  error: unknown;
  session: number | undefined;
  hasBegun = false;
  /** Whether a step was sent that has no answer yet. */
  isBusy = true;
  readonly ended: Promise<void>;
  readonly #quiet: () => Promise<void>;
  #tx: EntityManager | undefined;
  #end: (error?: Error) => void = () => undefined;
  #last: Promise<unknown>;

  constructor(db: Persistence, isolation: IsolationLevel | undefined, meeting: Meeting, quiet: () => Promise<void>) {
    this.#quiet = quiet;
    let begun: () => void = () => undefined;
    this.#last = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const work = async (tx: EntityManager): Promise<void> => {
      const end = new Promise<void>((resolve, reject) => {
        this.#end = (error) => (error === undefined ? resolve() : reject(error));
      });
      end.catch(() => undefined);
      this.#tx = tx;
      if (isWatch(meeting)) this.session = await meeting.idOf(tx);
      this.hasBegun = true;
      this.isBusy = false;
      begun();
      return end;
    };
    this.ended = db.transaction(work, isolation === undefined ? {} : { isolation }).then(
      () => this.#ends('committed', begun),
      (error: unknown) => this.#ends(error instanceof Stop ? 'rolled back' : 'failed', begun, error),
    );
  }

  #ends(outcome: 'committed' | 'failed' | 'rolled back', begun: () => void, error?: unknown): void {
    this.outcome = outcome;
    if (outcome === 'failed') this.error = error;
    this.isBusy = false;
    begun();
  }

  /** Sends a step behind those before it. The answer is there when this resolves, or comes when others have ended. */
  async run<T>(work: (tx: EntityManager) => Promise<T>): Promise<() => Promise<Step<T>>> {
    const step = this.#last.then(async (): Promise<Step<T>> => {
      if (this.outcome !== undefined || this.#tx === undefined) return { failed: true };
      this.isBusy = true;
      try {
        return { value: await work(this.#tx) };
      } catch (error) {
        // A database that refused one statement may take no other; the transaction ends as its user would end it.
        this.#end(error as Error);
        await this.ended;
        return { failed: true };
      } finally {
        this.isBusy = false;
      }
    });
    this.#last = step;
    await this.#quiet();
    return () => step;
  }

  /** The rows that raw SQL gives, of whole numbers. */
  select(query: RawQuery): Promise<() => Promise<Step<number[]>>> {
    return this.run(async (tx) => (await tx.execute(query)).rows.map(([value]) => Number(value)));
  }

  /** The value of one cell, undefined where there is none. */
  read(id: number): Promise<() => Promise<Step<number[]>>> {
    return this.select(sql`SELECT value FROM cells WHERE id = ${id}`);
  }

  execute(query: RawQuery): Promise<() => Promise<Step<unknown>>> {
    return this.run((tx) => tx.execute(query, { writes: ['cells'] }));
  }

  write(id: number, value: number): Promise<() => Promise<Step<unknown>>> {
    return this.execute(sql`UPDATE cells SET value = ${value} WHERE id = ${id}`);
  }

  commit(): Promise<void> {
    return this.#finish();
  }

  rollback(): Promise<void> {
    return this.#finish(new Stop('rolled back'));
  }

  async #finish(error?: Error): Promise<void> {
    this.#last = this.#last.then(async () => {
      if (this.outcome !== undefined) return;
      this.isBusy = true;
      this.#end(error);
      await this.ended;
    });
    await this.#quiet();
  }
}

/** The transactions of one interleaving, and the table they meet in. */
export interface Scene {
  readonly actors: readonly Actor[];
  begin(): Promise<Actor>;
  /** Waits until every transaction has ended. */
  end(): Promise<void>;
  /** What is in the table after it all: values by their keys. */
  cells(): Promise<Readonly<Record<number, number>>>;
}

/** Sets a scene: there are two cells, 1 and 2, that hold 10 and 20. */
export async function setScene(
  db: Persistence,
  meeting: Meeting,
  isolation: IsolationLevel | undefined,
): Promise<Scene> {
  const em = db.em();
  em.remove(...(await em.find(Cell)));
  await em.flush();
  em.create(Cell, { id: 1, value: 10 });
  em.create(Cell, { id: 2, value: 20 });
  await em.flush();
  const actors: Actor[] = [];
  const own: Persistence[] = [];
  const quiet = () => untilQuiet(actors, meeting);
  return {
    actors,
    async begin() {
      const place = await placeOf(db, meeting);
      if (place !== db) own.push(place);
      const actor = new Actor(place, isolation, meeting, quiet);
      actors.push(actor);
      await quiet();
      return actor;
    },
    async end() {
      await Promise.all(actors.map((actor) => actor.ended));
      for (const place of own) await place.close();
    },
    async cells() {
      const { rows } = await db.em().execute(sql`SELECT id, value FROM cells ORDER BY id`);
      return Object.fromEntries(rows.map(([id, value]) => [Number(id), Number(value)]));
    },
  };
}

/** Where the next transaction is to run. */
export async function placeOf(db: Persistence, meeting: Meeting): Promise<Persistence> {
  return meeting !== 'one after the other' && 'open' in meeting ? meeting.open() : db;
}

function isWatch(meeting: Meeting): meeting is SessionWatch {
  return meeting !== 'one after the other' && 'waiting' in meeting;
}

/** Resolves when every step that was sent has its answer or waits in the database for somebody else. */
async function untilQuiet(actors: readonly Actor[], meeting: Meeting): Promise<void> {
  for (;;) {
    await turn();
    const busy = actors.filter((actor) => actor.isBusy);
    if (busy.length === 0) return;
    if (meeting === 'one after the other') {
      const open = actors.find((actor) => actor.hasBegun && actor.outcome === undefined);
      if (open !== undefined && !open.isBusy && busy.every((actor) => !actor.hasBegun)) return;
    } else if (isWatch(meeting)) {
      const ids = busy.flatMap(({ session }) => session ?? []);
      if (ids.length === busy.length && (await meeting.waiting(ids)).length === ids.length) return;
    }
  }
}
