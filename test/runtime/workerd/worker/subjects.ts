import sqljsWasm from 'sql-wasm.wasm';
import { type D1Database, d1 } from '../../../../adapters/d1/index.ts';
import { type DurableStorage, durableObject } from '../../../../adapters/durable-object/index.ts';
import { sqljs } from '../../../../adapters/sqljs/index.ts';
import { createPersistence, type Driver, type EntityClass, type Persistence } from '../../../../src/index.ts';
import { createSchema } from '../../../../src/schema/index.ts';
import type { Subject } from '../../../conformance/subject.ts';
import { setTurn, type Turn } from '../../../conformance/turn.ts';
import { countedBinding } from './counted-binding.ts';

/** A database behind a gateway of the tests. */
export interface HttpDatabase {
  readonly url: string;
  /** The gateway that answers for it. */
  readonly origin: string;
  drop(): Promise<void>;
}

/** What a law may use of the request that runs it. */
export interface Stage {
  /** Databases of D1, each for one persistence object at a time. */
  readonly databases?: readonly D1Database[];
  /** Gives out an empty database behind HTTP. */
  readonly give?: (vendor: string) => Promise<HttpDatabase>;
  /** The storage of the Durable Object that the law runs in. */
  readonly storage?: DurableStorage;
  /**
   * What a turn is; by default a timer. As long as a transaction of the storage is open, no timer comes that was set outside
   * of it, nor one that was set after such a timer.
   */
  readonly turns?: 'promises';
  /** Ends the object, which otherwise answers nobody as long as a transaction is open. */
  readonly abort?: (reason: Error) => void;
}

let stage: Stage = {};
let opened: { readonly db: Persistence; readonly place: unknown }[] = [];

/** Runs a law, and closes what it left open. */
export async function onStage<R>(given: Stage, law: () => Promise<R>): Promise<R> {
  stage = given;
  opened = [];
  if (given.turns !== 'promises') {
    setTurn();
    return closing(law);
  }
  return new Promise((resolve, reject) => {
    setTurn(manyPromises(given.abort ?? reject));
    closing(law).then(resolve, reject);
  });
}

async function closing<R>(law: () => Promise<R>): Promise<R> {
  try {
    return await law();
  } finally {
    for (const { db } of opened) await db.close();
  }
}

const MOST_TURNS = 2000;

/** A turn without an event; whoever waits for what only an event can bring would wait without end, and gives up. */
function manyPromises(giveUp: (error: Error) => void): Turn {
  let turns = 0;
  return async () => {
    turns += 1;
    if (turns > MOST_TURNS) {
      giveUp(new Error('nobody can go on: what is waited for only comes with an event of the object'));
      await new Promise(() => {});
    }
    for (let n = 0; n < 200; n += 1) await null;
  };
}

/** Opens a database behind HTTP by the driver of a vendor; what was given out for it is dropped with it. */
export async function openOverHttp(
  vendor: string,
  driverOf: (database: HttpDatabase) => Driver,
  entities: readonly EntityClass[],
): Promise<Persistence> {
  if (stage.give === undefined) throw new Error('nobody gives out databases behind HTTP');
  const database = await stage.give(vendor);
  return open(database, driverOf(database), entities, () => database.drop());
}

async function open(
  place: unknown,
  driver: Driver,
  entities: readonly EntityClass[],
  drop: () => Promise<void> = async () => {},
): Promise<Persistence> {
  const db = await createPersistence({ driver, entities });
  const close = db.close.bind(db);
  const entry = { db, place };
  opened.push(entry);
  Object.defineProperty(db, 'close', {
    value: async () => {
      await close();
      await drop();
      opened = opened.filter((other) => other !== entry);
    },
  });
  await createSchema(db);
  return db;
}

/** Everything that a law before has left in the database, as the statements that remove it. */
const CLEANING =
  "SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' AND substr(name, 1, 4) <> '_cf_' AND type = 'table' ORDER BY rowid DESC";
const quoted = (name: unknown): string => `"${String(name).replaceAll('"', '""')}"`;

/** Tables refer to each other in circles, and none can go while one that it refers to has gone: so they are tried in turn. */
async function emptyD1(binding: D1Database): Promise<void> {
  const [, ...found] = (await binding.prepare(CLEANING).raw({ columnNames: true })) as unknown[][];
  const run = (texts: readonly string[]) => binding.batch(texts.map((text) => binding.prepare(text)));
  await run(['PRAGMA defer_foreign_keys = ON', ...found.map(([name]) => `DELETE FROM ${quoted(name)}`)]);
  for (let left = found.map(([name]) => `DROP TABLE ${quoted(name)}`); left.length > 0; ) {
    const rest: string[] = [];
    for (const text of left) await run([text]).catch(() => rest.push(text));
    if (rest.length === left.length) throw new Error(`cannot be emptied: ${rest.join(', ')}`);
    left = rest;
  }
}

function emptyStorage({ sql }: DurableStorage): void {
  sql.exec('PRAGMA defer_foreign_keys = ON');
  for (const [name] of [...sql.exec(CLEANING).raw()]) sql.exec(`DROP TABLE ${quoted(name)}`);
}

const isFree = (place: unknown): boolean => !opened.some((other) => other.place === place);

const onD1: Subject = {
  name: 'd1',
  capabilities: d1({ binding: { prepare() {}, batch() {} } as unknown as D1Database }).capabilities,
  async open(entities, wrap = (driver) => driver) {
    const binding = stage.databases?.find(isFree);
    if (binding === undefined) throw new Error('no database is free');
    await emptyD1(binding);
    return open(binding, wrap(d1({ binding: countedBinding(binding) })), entities);
  },
  knownFailures: {},
};

const onDurableObject: Subject = {
  name: 'durable-object',
  capabilities: durableObject({ storage: { sql: { exec() {} } } as unknown as DurableStorage }).capabilities,
  async open(entities, wrap = (driver) => driver) {
    const { storage } = stage;
    if (storage === undefined || !isFree(storage)) throw new Error('no storage is free');
    emptyStorage(storage);
    return open(storage, wrap(durableObject({ storage })), entities);
  },
  knownFailures: {},
};

const onSqljs: Subject = {
  name: 'sqljs in workerd',
  capabilities: sqljs().capabilities,
  open: (entities, wrap = (driver) => driver) => open({}, wrap(sqljs({ wasm: sqljsWasm })), entities),
  knownFailures: {},
};

/** The subjects whose drivers run in workerd. */
export const subjects: readonly Subject[] = [onD1, onDurableObject, onSqljs];
