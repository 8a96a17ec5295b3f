import { describe, expect, it } from 'vitest';
import { failureOf, openTestServer } from './server.ts';

const server = await openTestServer();

describe.skipIf(server.missing !== undefined)(server.title('The values of mysql2'), () => {
  it('cross as wire values, whatever mysql2 makes of them by itself', async () => {
    await using on = await server.open();
    const { rows } = await on.run(
      `SELECT CAST(9007199254740993 AS SIGNED), CAST(-5 AS SIGNED), CAST(18446744073709551615 AS UNSIGNED),
         CAST('12.50' AS DECIMAL(10, 2)), 1.5e0, CAST('2024-02-29' AS DATE), CAST('2024-02-29 01:02:03.456' AS DATETIME(3)),
         CAST('-12:30:00' AS TIME), JSON_OBJECT('a', 9007199254740993), x'00ff', 'tä😀', NULL, TRUE`,
    );
    expect(rows).toEqual([
      [
        9007199254740993n,
        -5,
        18446744073709551615n,
        '12.50',
        1.5,
        '2024-02-29',
        '2024-02-29 01:02:03.456',
        '-12:30:00',
        '{"a": 9007199254740993}',
        new Uint8Array([0, 255]),
        'tä😀',
        null,
        1,
      ],
    ]);
    const [row = []] = rows;
    expect(Object.getPrototypeOf(row[9])).toBe(Uint8Array.prototype);
  });

  it('are the same from a statement with parameters, which has another protocol', async () => {
    await using on = await server.open();
    const sent = [
      9007199254740993n,
      -(2n ** 63n),
      2n ** 64n - 1n,
      1e300,
      0.1,
      'tä\0😀',
      true,
      new Uint8Array([0, 255]),
    ];
    expect((await on.run('SELECT ?, ?, ?, ?, ?, ?, ?, ?', sent)).rows).toEqual([
      [9007199254740993n, -(2n ** 63n), 2n ** 64n - 1n, 1e300, 0.1, 'tä\0😀', 1, new Uint8Array([0, 255])],
    ]);
  });

  it('that are whole numbers are sent as such: they are exact, and LIMIT takes them', async () => {
    await using on = await server.open();
    await on.run('CREATE TABLE whole (id BIGINT PRIMARY KEY)');
    await on.run('INSERT INTO whole VALUES (?), (?), (?)', [2n ** 53n, 2n ** 53n + 1n, 7]);
    const count = 'SELECT COUNT(*) FROM whole WHERE id = ?';
    expect(await on.value(count, [2n ** 53n + 1n])).toBe(1);
    expect(await on.value(count, [2n ** 53n])).toBe(1);
    expect((await on.run('SELECT id FROM whole ORDER BY id LIMIT ? OFFSET ?', [1, 2])).rows).toEqual([
      [9007199254740993n],
    ]);
    expect(await on.value('SELECT ? + 1', [41])).toBe(42);
  });

  it('a view into a longer buffer sends its own bytes', async () => {
    await using on = await server.open();
    const bytes = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
    expect(await on.value('SELECT HEX(?)', [bytes])).toBe('0203');
  });

  it('text with a backslash at its end, quotes and percent signs is never read as SQL', async () => {
    await using on = await server.open();
    const text = `\\' OR 1=1 -- ? :a %s \\`;
    expect(await on.value('SELECT ?', [text])).toBe(text);
  });

  it('a geometry is unsupported-by-driver, and its text is not', async () => {
    await using on = await server.open();
    const error = await failureOf(() => on.run('SELECT POINT(1, 2) AS place'));
    expect(error).toMatchObject({ code: 'unsupported-by-driver', message: expect.stringContaining("'place'") });
    expect(await on.value('SELECT ST_AsText(POINT(1, 2))')).toMatch(/^POINT\(1 2\)$/);
  });

  it('a column of a result that mysql2 will not name is unsupported-by-driver', async () => {
    await using on = await server.open();
    const error = await failureOf(() => on.run('SELECT 1 AS `__proto__`'));
    expect(error).toMatchObject({ code: 'unsupported-by-driver', message: expect.stringContaining('alias') });
    expect((await on.run('SELECT 1 AS `constructor`')).rows).toEqual([[1]]);
  });

  it('the session is in UTC, strict, and takes 0 for a key', async () => {
    await using on = await server.open();
    const [zone, mode, found] = (await on.run('SELECT @@time_zone, @@sql_mode, @@autocommit')).rows[0] ?? [];
    expect([zone, found]).toEqual(['+00:00', 1]);
    expect(String(mode).split(',')).toEqual(expect.arrayContaining(['STRICT_ALL_TABLES', 'NO_AUTO_VALUE_ON_ZERO']));
    expect(String(mode)).not.toMatch(/NO_BACKSLASH_ESCAPES|IGNORE_SPACE|ANSI_QUOTES/);
    await on.run('CREATE TABLE zero (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(9))');
    await on.run("INSERT INTO zero (id, name) VALUES (?, 'a')", [0]);
    expect((await on.run("INSERT INTO zero (name) VALUES ('b'), ('c')")).lastInsertId).toBe(2);
    expect((await on.run('SELECT id FROM zero ORDER BY id')).rows).toEqual([[0], [1], [2]]);
  });

  it('keys of one INSERT lie as far apart as the server counts, and the last one is told', async () => {
    const { url } = server.database();
    await using on = await server.open({ url, pool: { max: 1 } });
    await on.run('CREATE TABLE stepped (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(9))');
    const mysql2 = await import('mysql2');
    const existingPool = mysql2.createPool({ uri: url, connectionLimit: 1, charset: 'utf8mb4', jsonStrings: true });
    existingPool.on('connection', (native) => native.query('SET SESSION auto_increment_increment = 5'));
    await using stepped = await server.open({ existingPool });
    const result = await stepped.run("INSERT INTO stepped (name) VALUES ('a'), ('b'), ('c')");
    expect(result).toMatchObject({ affectedRows: 3, generatedKeyStep: 5 });
    const ids = (await on.run('SELECT id FROM stepped ORDER BY id')).rows.map(([id]) => Number(id));
    expect(ids.at(-1)).toBe(Number(result.lastInsertId));
    expect((ids[1] ?? 0) - (ids[0] ?? 0)).toBe(5);
    existingPool.end();
  });
});
