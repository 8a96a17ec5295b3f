import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { describe, expect, it } from 'vitest';
import { pglite } from '../../../adapters/pglite/index.ts';
import type { Connection, WireValue } from '../../../src/port.ts';
import { expectCode } from '../../conformance/laws.ts';

const run = async (connection: Connection, sql: string, ...params: WireValue[]) =>
  (await connection.execute({ sql, params })).rows;

/** A database that counts how often it is stored, and fails to where it is told so. */
async function storing() {
  const database = await PGlite.create();
  const sync = database.syncToFs.bind(database);
  let count = 0;
  let fails = false;
  database.syncToFs = async () => {
    count += 1;
    if (fails) throw new Error('no room');
    await sync();
  };
  return {
    database,
    stored: () => count,
    fail: (yes: boolean) => {
      fails = yes;
    },
  };
}

describe('pglite', () => {
  it('keeps a database in a folder, and closes what it opened', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'meshestra-pglite-'));
    const first = pglite(folder);
    const writer = await first.connect();
    await run(writer, 'CREATE TABLE notes (body text)');
    await run(writer, 'INSERT INTO notes VALUES ($1)', '\ufeffkept');
    await first.close();
    await expectCode(() => run(writer, 'SELECT 1'), 'closed');
    await expectCode(() => first.connect(), 'closed');
    expect(() => first.database).toThrow(/closed/);

    const second = pglite({ dataDir: folder });
    expect(await run(await second.connect(), 'SELECT body FROM notes')).toEqual([['\ufeffkept']]);
    await second.close();
    await rm(folder, { recursive: true });
  });

  it('takes turns with the application on a database that was handed in, and leaves it open', async () => {
    const database = await PGlite.create();
    const driver = pglite(database);
    const connection = await driver.connect();
    expect(driver.database).toBe(database);
    await database.exec('CREATE TABLE notes (body text)');
    let outside: Promise<unknown> | undefined;
    const rolledBack = connection.transact?.(async (tx) => {
      await tx.execute({ sql: "INSERT INTO notes VALUES ('inside')", params: [] });
      outside = database.query("INSERT INTO notes VALUES ('outside')");
      await tx.execute({ sql: 'SELECT 1', params: [] });
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    await outside;
    let reading: Promise<unknown> | undefined;
    await database.transaction(async (tx) => {
      await tx.query("INSERT INTO notes VALUES ('theirs')");
      reading = run(connection, 'SELECT count(*) FROM notes');
      await tx.query('SELECT 1');
      await tx.rollback();
    });
    expect(await reading).toEqual([[1]]);
    await driver.close();
    expect((await database.query('SELECT body FROM notes')).rows).toEqual([{ body: 'outside' }]);
    await database.close();
  });

  it('stores what was written, whatever the first word of the statement', async () => {
    const { database, stored } = await storing();
    const connection = await pglite(database).connect();
    await run(connection, 'CREATE TABLE notes (body text)');
    const statements = [
      'CREATE TABLE copies AS SELECT 1 AS a',
      "WITH made AS (INSERT INTO notes VALUES ('x') RETURNING body) SELECT body FROM made",
      "SELECT set_config('a.b', 'c', false)",
    ];
    for (const sql of statements) {
      const before = stored();
      await run(connection, sql);
      expect(stored(), sql).toBe(before + 1);
    }
    const before = stored();
    await connection.execute({ sql: 'SELECT body FROM notes', params: [] }, { writes: [] });
    expect(stored()).toBe(before);
    await database.close();
  });

  it('says that nobody knows what is there tomorrow where the storage fails behind a COMMIT', async () => {
    const { database, fail } = await storing();
    const connection = await pglite(database).connect();
    await run(connection, 'CREATE TABLE notes (body text)');
    fail(true);
    const work = connection.transact?.((tx) => tx.execute({ sql: "INSERT INTO notes VALUES ('x')", params: [] }));
    await expect(work).rejects.toMatchObject({ code: 'driver', outcome: 'unknown', retryable: false });
    fail(false);
    expect(await run(connection, 'SELECT count(*) FROM notes')).toEqual([[1]]);
    await database.close();
  });

  it.each(['a statement', 'a transaction'])('rolls back what a failed ROLLBACK has left before %s', async (next) => {
    const database = await PGlite.create();
    const send = database.execProtocolRaw.bind(database);
    let failing = '';
    database.execProtocolRaw = async (message, options) => {
      if (failing !== '' && new TextDecoder().decode(message).includes(failing)) throw new Error('no answer');
      return send(message, options);
    };
    const connection = await pglite(database).connect();
    await run(connection, 'CREATE TABLE notes (body text)');
    const insert = { sql: "INSERT INTO notes VALUES ('left over')", params: [] };
    failing = 'ROLLBACK';
    const work = connection.transact?.(async (tx) => {
      await tx.execute(insert);
      await tx.execute({ sql: 'SELECT 1 / 0', params: [] });
    });
    await expect(work).rejects.toMatchObject({ code: 'driver' });
    failing = '';
    if (next === 'a statement') expect(await run(connection, 'SELECT count(*) FROM notes')).toEqual([[0]]);
    else await connection.transact?.((tx) => tx.execute({ sql: 'SELECT 1', params: [] }));
    expect(await run(connection, 'SELECT count(*) FROM notes')).toEqual([[0]]);
    failing = 'COMMIT';
    await expect(connection.transact?.((tx) => tx.execute(insert))).rejects.toMatchObject({ outcome: 'unknown' });
    await database.close();
  });

  it('refuses to begin or end a transaction by a statement, and a second statement in one text', async () => {
    const driver = pglite();
    const connection = await driver.connect();
    await expectCode(() => run(connection, 'BEGIN'), 'transaction-scope');
    expect(await run(connection, 'SELECT pg_current_xact_id_if_assigned()')).toEqual([[null]]);
    const ending = connection.transact?.((tx) => tx.execute({ sql: 'COMMIT', params: [] }));
    await expectCode(() => ending, 'transaction-scope');
    await expectCode(() => run(connection, 'SELECT 1; SELECT 2'), 'driver');
    await expectCode(() => run(connection, "SELECT 'a\0b'"), 'validation');
    expect(await run(connection, 'SELECT $1::int8, $2::bytea', 2n ** 60n, new Uint8Array([0, 255]))).toEqual([
      [2n ** 60n, new Uint8Array([0, 255])],
    ]);
    await driver.close();
  });

  it.each([
    ['an unknown option', () => pglite({ datadir: 'x' } as never), /datadir.*did you mean 'dataDir'/],
    ['what is no PGlite', () => pglite({ database: {} as never }), /database: must be a PGlite/],
    [
      'options for opening beside an open database',
      () => pglite({ database: { execProtocolRaw: () => undefined } as never, dataDir: 'x' }),
      /have no meaning/,
    ],
  ])('refuses %s', (_title, make, message) => {
    expect(make).toThrow(message);
  });
});
