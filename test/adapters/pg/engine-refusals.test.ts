import { afterAll, describe, expect, it } from 'vitest';
import {
  createPersistence,
  Entity,
  identifier,
  integer,
  manyToOne,
  type Persistence,
  snakeCase,
  sql,
  text,
} from '../../../src/index.ts';
import { createRegistry } from '../../../src/metadata/create-registry.ts';
import {
  createMigrator,
  defineMigration,
  inspectDatabase,
  type Migration,
  planMigration,
  type Questioner,
} from '../../../src/migration/index.ts';
import { expectCode } from '../../conformance/laws.ts';
import { openTestServer } from './server.ts';

const server = await openTestServer();
afterAll(() => server.drop());

class Ticket extends Entity('tickets', { id: integer().primaryKey(), title: text() }) {}
class Reply extends Entity('replies', { id: integer().primaryKey(), body: text() }) {
  ticket = manyToOne(() => Ticket);
}
/** A reply as a row beside others. */
class PlainReply extends Entity('replies', { id: integer().primaryKey(), body: text(), ticket_id: integer() }) {}
const entities = [Ticket, Reply];

const nobody: Questioner = { formerTable: () => null, formerColumn: () => null, fill: () => null };

/** Tickets and replies whose states are of one enum type, one of them a list; three rows with a child each. */
const begin = defineMigration({
  version: '1',
  name: 'begin',
  up: {
    steps: [
      `CREATE TYPE state AS ENUM ('open', 'closed')`,
      `CREATE TABLE tickets (id bigint PRIMARY KEY, title text COLLATE "C" NOT NULL, state state NOT NULL DEFAULT 'open', past state[] NOT NULL DEFAULT '{}')`,
      `CREATE TABLE replies (id bigint PRIMARY KEY, body text COLLATE "C" NOT NULL, state state, ticket_id bigint NOT NULL REFERENCES tickets (id))`,
      `INSERT INTO tickets VALUES (1, 'a', 'open', '{}'), (2, 'b', 'closed', '{open}'), (3, 'c', 'closed', '{open,closed}')`,
      `INSERT INTO replies VALUES (1, 'x', 'open', 1), (2, 'y', NULL, 2), (3, 'z', 'closed', 3)`,
    ],
  },
  down: null,
});

const migration = (version: string, ...steps: string[]): Migration =>
  defineMigration({ version, name: `step ${version}`, up: { steps }, down: null });

async function rowsOf(db: Persistence): Promise<unknown> {
  const tickets = await db.em().execute(sql`SELECT id, title, state::text, past::text FROM tickets ORDER BY id`);
  const replies = await db.em().execute(sql`SELECT id, body, state::text, ticket_id FROM replies ORDER BY id`);
  return [tickets.rows, replies.rows];
}

async function open(): Promise<Persistence> {
  const db = await createPersistence({ driver: await server.driver(), entities });
  await createMigrator(db, [begin]).up();
  return db;
}

/** What the engine said, at the end of all causes. */
function engineErrorOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? engineErrorOf(error.cause) : error;
}

/** A migration fails with what the engine said, and nothing of it is there: no row, no step, no entry. */
async function expectNothingDone(db: Persistence, wrong: Migration, message: RegExp, sqlState: string): Promise<void> {
  const before = [await rowsOf(db), await inspectDatabase(db)];
  // While somebody else is in the way, the migrator tries again for that long.
  const migrator = createMigrator(db, [begin, wrong], { waitTimeout: 200 });
  const failure = await expectCode(() => migrator.up(), 'migration');
  expect(failure.message).toMatch(message);
  expect(failure.message).toContain('All of it was rolled back');
  expect(engineErrorOf(failure)).toMatchObject({ sqlState });
  expect([await rowsOf(db), await inspectDatabase(db)]).toEqual(before);
  const status = await createMigrator(db, [begin, wrong]).status();
  expect(status.migrations.map(({ state }) => state)).toEqual(['applied', 'pending']);
}

describe.skipIf(server.missing !== undefined)(server.title('PostgreSQL refuses a migration'), () => {
  it('that uses a value of an enum in the transaction that added it, and takes it in two migrations', async () => {
    await using db = await open();
    const add = `ALTER TYPE state ADD VALUE 'waiting'`;
    const use = `UPDATE tickets SET state = 'waiting' WHERE id = 1`;
    await expectNothingDone(db, migration('2', add, use), /unsafe use of new value.*55P04/, '55P04');
    await createMigrator(db, [begin, migration('2', add), migration('3', use)]).up();
    expect(JSON.stringify(await rowsOf(db))).toContain('"waiting"');
  });

  it('that takes a value away which rows have, in a column, a list and another table', async () => {
    await using db = await open();
    const renamed = `ALTER TYPE state RENAME TO old_state`;
    const fewer = `CREATE TYPE state AS ENUM ('open')`;
    const convert = `ALTER TABLE tickets ALTER state TYPE state USING state::text::state`;
    // The default is of the old type.
    await expectNothingDone(db, migration('2', renamed, fewer, convert), /default for column.*42804/, '42804');
    const without = `ALTER TABLE tickets ALTER state DROP DEFAULT`;
    const noValue = /step \d of \d .*invalid input value for enum/;
    await expectNothingDone(db, migration('2', renamed, fewer, without, convert), noValue, '22P02');
    const list = `ALTER TABLE tickets ALTER past DROP DEFAULT, ALTER past TYPE state[] USING past::text[]::state[]`;
    await expectNothingDone(db, migration('2', renamed, fewer, list), noValue, '22P02');
    const other = `ALTER TABLE replies ALTER state TYPE state USING state::text::state`;
    await expectNothingDone(db, migration('2', renamed, fewer, other), noValue, '22P02');
  });

  it('that would drop columns of an enum with rows in them; the type itself is never dropped', async () => {
    await using db = await open();
    class Titled extends Entity('tickets', { id: integer().primaryKey(), title: text().index() }) {}
    const registry = createRegistry([Titled, PlainReply], snakeCase, db.dialect);
    const plan = await planMigration({ registry, session: db.session }, nobody);
    const { steps, atStake } = plan.up;
    expect(steps.filter((step) => /TYPE/.test(String(step)))).toEqual([]);
    // Columns that no entity has any more are dropped as all others: not while there are rows in them.
    const before = await rowsOf(db);
    const planned = defineMigration({ version: '2', name: 'planned', up: { steps, atStake }, down: null });
    const failure = await expectCode(() => createMigrator(db, [begin, planned]).up(), 'migration');
    expect(failure.message).toMatch(/tickets.*state/s);
    expect(await rowsOf(db)).toEqual(before);
    await createMigrator(db, [begin, planned], { allowLoss: ['2'] }).up();
    expect((await db.em().execute(sql`SELECT enum_range(NULL::state)::text`)).rows).toEqual([['{open,closed}']]);
  });

  it('that waits for a lock too long, and takes it when the lock is gone', async () => {
    await using db = await open();
    const schema = String((await db.em().execute(sql`SELECT current_schema()`)).rows[0]?.[0]);
    await using other = await createPersistence({ driver: await server.driver(), entities });
    const slow = migration(
      '2',
      `SET LOCAL lock_timeout = '50ms'`,
      `UPDATE replies SET body = 'changed'`,
      `ALTER TABLE tickets ADD note text`,
    );
    await other.transaction(async (em) => {
      await em.execute(sql`LOCK TABLE ${identifier(schema)}.tickets IN ACCESS SHARE MODE`);
      await expectNothingDone(db, slow, /longer than 200 ms.*step 3 of 3.*a lock could not be had/, '55P03');
    });
    await createMigrator(db, [begin, slow]).up();
    expect(JSON.stringify(await rowsOf(db))).toContain('changed');
  });

  it('that checks what rows violate', async () => {
    await using db = await open();
    const check = `ALTER TABLE replies ADD CONSTRAINT short CHECK (length(body) > 1)`;
    await expectNothingDone(db, migration('2', check), /step 1 of 1.*short/, '23514');
    await createMigrator(db, [begin, migration('2', `UPDATE replies SET body = body || '!'`, check)]).up();
    expect(JSON.stringify(await rowsOf(db))).toContain('"z!"');
  });

  it('that makes an index CONCURRENTLY in its transaction, and takes it outside of that', async () => {
    await using db = await open();
    const index = 'CREATE INDEX CONCURRENTLY replies_body_idx ON replies (body)';
    const wrong = migration('2', `UPDATE replies SET body = 'changed'`, index);
    await expectNothingDone(db, wrong, /step 2 of 2.*cannot run inside a transaction block/, '25001');
    const right = defineMigration({ version: '2', name: 'outside', up: { steps: [{ outside: index }] }, down: null });
    await createMigrator(db, [begin, right]).up();
    const { tables } = await inspectDatabase(db);
    expect(tables.find(({ name }) => name === 'replies')?.indexes.map(({ name }) => name)).toEqual([
      'replies_body_idx',
    ]);
  });

  it('never copies rows itself: a change of a column of 1,000,000 rows with children is one statement of the engine', async () => {
    await using db = await open();
    const big = [
      `CREATE TABLE big (id bigint PRIMARY KEY, n integer NOT NULL)`,
      `CREATE TABLE big_children (id bigint PRIMARY KEY, big_id bigint NOT NULL REFERENCES big (id))`,
      `INSERT INTO big SELECT i, i % 1000 FROM generate_series(1, 1000000) AS s (i)`,
      `INSERT INTO big_children SELECT i, i FROM generate_series(1, 1000) AS s (i)`,
    ];
    await createMigrator(db, [begin, migration('2', ...big)]).up();
    class Big extends Entity('big', { id: integer().primaryKey(), n: integer().nullable() }) {}
    class BigChild extends Entity('big_children', { id: integer().primaryKey() }) {
      big = manyToOne(() => Big);
    }
    const registry = createRegistry([Ticket, Reply, Big, BigChild], snakeCase, db.dialect);
    const { up } = await planMigration({ registry, session: db.session }, nobody);
    const widen = up.steps.map(String).filter((step) => step.startsWith('ALTER TABLE "big" '));
    expect(widen).toContain('ALTER TABLE "big" ALTER COLUMN "n" TYPE bigint');
    const sum = sql`SELECT COUNT(*), SUM(n), SUM(hashint8(id * 1000 + n)::bigint) FROM big`;
    // The sum of a wider type is of another type, too.
    const summed = async () => (await db.em().execute(sum)).rows[0]?.map(String);
    const before = await summed();
    let seen = 0;
    const statements: string[] = [];
    db.on('statement', ({ rows, sql: text }) => {
      statements.push(text);
      // An UPDATE or a copy by the engine tells its rows, too: none is wanted.
      seen += rows;
    });
    await createMigrator(db, [begin, migration('2', ...big), migration('3', ...widen)]).up();
    expect(statements).toEqual(expect.arrayContaining(widen));
    expect(seen).toBeLessThan(1000);
    const after = await summed();
    expect(after).toEqual(before);
    expect(after?.slice(0, 2)).toEqual(['1000000', '499500000']);
    expect(Number((await db.em().execute(sql`SELECT COUNT(*) FROM big_children`)).rows[0]?.[0])).toBe(1000);
  }, 120_000);
});
