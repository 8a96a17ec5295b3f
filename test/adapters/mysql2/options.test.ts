import { createPool } from 'mysql2';
import * as promised from 'mysql2/promise';
import { describe, expect, it } from 'vitest';
import { mysql2 } from '../../../adapters/mysql2/index.ts';
import { loadMysql2 } from '../../../adapters/mysql2/load-mysql2.ts';
import { poolConfig, readOptions } from '../../../adapters/mysql2/options.ts';
import { Secret } from '../../../src/port.ts';
import { runWithoutPeers } from '../../support/without-peers.ts';
import { failureOf, openTestServer } from './server.ts';

const server = await openTestServer();

describe('The options of mysql2()', () => {
  it.each([
    ['a misspelt name', { hots: 'x' }, /hots.*did you mean 'host'/],
    ['a URL of another server', 'postgres://localhost/x', /mysql:\/\//],
    ['prepared statements that are no number', { maxPreparedStatements: 0 }, /maxPreparedStatements/],
    ['a name for TLS that mysql2 cannot check', { ssl: { servername: 'x' } }, /ssl\.servername/],
    ['a pool that is none', { existingPool: { getConnection: 1, execute: 1 } }, /existingPool/],
    ['a wrong option of the pool', { pool: { max: 0 } }, /pool\.max/],
  ] as const)('refuse %s', async (_name, options, message) => {
    const error = await failureOf(() => mysql2(options as never));
    expect(error).toMatchObject({ code: 'configuration', message: expect.stringMatching(message) });
  });

  it('refuse an address beside a pool that has one', async () => {
    const existingPool = createPool({ connectionLimit: 1 });
    const error = await failureOf(() => mysql2({ existingPool, host: 'localhost' }));
    expect(error).toMatchObject({ code: 'configuration', message: expect.stringMatching(/^host: /) });
    existingPool.end();
  });

  it('become those of mysql2: no values of its own making, every certificate verified', () => {
    const settings = readOptions(new Secret('mariadb://ada:pw@db.example:3307/shop?ssl=true&pool.max=7'));
    expect(settings.server.pool).toEqual({ max: 7 });
    expect(poolConfig(settings, 7, 60_000)).toMatchObject({
      host: 'db.example',
      port: 3307,
      user: 'ada',
      database: 'shop',
      ssl: { rejectUnauthorized: true, verifyIdentity: true },
      jsonStrings: true,
      maxPreparedStatements: 256,
      flags: expect.arrayContaining(['FOUND_ROWS', '-LOCAL_FILES']),
    });
    expect(JSON.stringify(poolConfig(settings, 7, 60_000))).not.toContain('pw');
    expect(poolConfig(readOptions({ host: '/run/mysqld/mysqld.sock' }), 1, 1)).toMatchObject({
      socketPath: '/run/mysqld/mysqld.sock',
    });
  });

  it('name what is wrong with the package', async () => {
    expect(await failureOf(() => loadMysql2({ createPool: () => undefined }))).toMatchObject({
      code: 'configuration',
      message: expect.stringContaining('3.24'),
    });
    const printed = await runWithoutPeers(
      `import { mysql2 } from 'meshestra/mysql2';
       await mysql2('mysql://localhost/x').connect().catch((error) => console.log(error.code, error.message));`,
    );
    expect(printed).toMatch(/^configuration .*npm install mysql2/);
  });
});

describe.skipIf(server.missing !== undefined)(server.title('A pool that the application has'), () => {
  const uri = () => server.database().url;

  it.each([
    ['callbacks', () => createPool({ uri: uri(), jsonStrings: true, connectionLimit: 3 })],
    ['promises', () => promised.createPool({ uri: uri(), jsonStrings: true, connectionLimit: 3 })],
  ])('is used, and left open: %s', async (_name, make) => {
    const existingPool = make();
    const driver = mysql2(existingPool);
    const connection = await driver.connect();
    const { rows } = await connection.execute({ sql: 'SELECT ?, @@time_zone', params: ['tä😀'] });
    expect(rows).toEqual([['tä😀', '+00:00']]);
    expect(driver.pool?.state().max).toBe(3);
    await driver.close();
    const query = 'promise' in existingPool ? existingPool.promise() : existingPool;
    expect((await query.query('SELECT 1 AS one'))[0]).toEqual([{ one: 1 }]);
    await query.end();
  });

  it.each([
    ['flags', { flags: ['-FOUND_ROWS'] }],
    ['charset', { charset: 'latin1' }],
    ['charset', { charset: 'utf8' }],
    ['jsonStrings', { jsonStrings: false }],
    ['decimalNumbers', { decimalNumbers: true }],
    ['typeCast', { typeCast: () => null }],
  ] as const)('is refused where its %s would change values', async (option, wrong) => {
    const existingPool = createPool({ uri: uri(), jsonStrings: true, ...(wrong as object) });
    const error = await failureOf(() => mysql2(existingPool).connect());
    expect(error).toMatchObject({ code: 'configuration', message: expect.stringContaining(option) });
    existingPool.end();
  });
});

describe.skipIf(server.missing !== undefined)(server.title('The pool of mysql2()'), () => {
  it('asks for a password that expires whenever it opens a connection', async () => {
    let asked = 0;
    const url = new URL(server.database().url);
    const password = () => {
      asked += 1;
      return url.password;
    };
    await using on = await server.open({ password, pool: { max: 3 } });
    await Promise.all(Array.from({ length: 3 }, () => on.run('SELECT SLEEP(0.05)')));
    expect(asked).toBeGreaterThanOrEqual(3);
  });

  it('is corrected by what the server allows, and tells its state', async () => {
    await using on = await server.open({ pool: { max: 1_000_000 } });
    expect(on.driver.corrections).toMatchObject([{ field: 'max', original: 1_000_000 }]);
    expect(on.driver.pool?.state()).toMatchObject({ active: 0, waiting: 0, idle: 1, total: 1 });
  });

  it('leaves no connection behind when it is closed', async () => {
    const on = await server.open({ pool: { max: 4 } });
    await Promise.all(Array.from({ length: 8 }, () => on.run('SELECT SLEEP(0.01)')));
    expect((await server.sessions().of(server.database().name)).length).toBeGreaterThan(0);
    await on[Symbol.asyncDispose]();
    for (let left = 1; left > 0; ) left = (await server.sessions().of(server.database().name)).length;
    expect(await failureOf(() => on.run('SELECT 1'))).toMatchObject({ code: 'closed' });
  });
});
