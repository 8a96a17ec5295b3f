import { beforeAll, describe, expect, it } from 'vitest';
import type { ExpressionNode, SelectNode } from '../../../src/ast/query-node.ts';
import type { PlainStatementNode } from '../../../src/ast/statement-node.ts';
import type { ColumnType } from '../../../src/codec/column-type.ts';
import { bindStatement } from '../../../src/compiler/bind-statement.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { mysql } from '../../../src/dialect/mysql/index.ts';
import { BINARY_COLLATION } from '../../../src/dialect/mysql/lists.ts';
import type { WireValue } from '../../../src/port.ts';
import { openOnServer } from './on-server.ts';

const { server, run } = await openOnServer();

const integer = { name: 'integer' } as const;
const text = { name: 'text' } as const;
const decimal = { name: 'decimal', precision: 20, scale: 4 } as const;
const target = (name: string, type: ColumnType) => ({ name, type });
const column = (name: string): ExpressionNode => ({ kind: 'column', alias: 't0', name });
const slot = (index: number, type: ColumnType | null): Extract<ExpressionNode, { kind: 'slot' }> => ({
  kind: 'slot',
  index,
  type,
});

const select = (parts: Partial<SelectNode>): SelectNode => ({
  kind: 'select',
  columns: [column('id')],
  from: { kind: 'table', name: 'things', alias: 't0' },
  joins: [],
  where: null,
  orderBy: [{ kind: 'order', operand: column('id'), direction: 'asc' }],
  limit: null,
  offset: null,
  ...parts,
});

/** Runs a node and gives its text beside the answer. */
async function runNode(node: PlainStatementNode, values: readonly WireValue[]) {
  const statement = bindStatement(compile(node, mysql), values);
  const { rows, affectedRows, lastInsertId } = await run(statement.sql, statement.params);
  return { sql: statement.sql, ids: rows.map(([id]) => id), affectedRows, lastInsertId };
}

const inList = (
  types: readonly ColumnType[],
  operands: readonly string[],
  negated = false,
  table = 'things',
): PlainStatementNode =>
  select({
    from: { kind: 'table', name: table, alias: 't0' },
    where: { kind: 'in-list', operands: operands.map(column), types, list: slot(0, null), negated },
  });

describe.skipIf(server.missing !== undefined)(server.title('The SQL of MySQL'), () => {
  beforeAll(async () => {
    await run(
      `CREATE TABLE things (id BIGINT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(100) UNIQUE, price DECIMAL(20, 4), ` +
        `at DATETIME(3), day DATE, ratio DOUBLE, data VARBINARY(50), flag TINYINT(1), KEY (price), KEY (at), KEY (data)) ` +
        `ENGINE = InnoDB DEFAULT ${BINARY_COLLATION}`,
    );
    await run(
      `INSERT INTO things (name, price, at, day, ratio, data, flag) VALUES
        ('a', 9.5, '2024-01-01 00:00:00.001', '2024-01-01', 0.1, x'00ff', 1),
        ('A', 10.25, '2024-01-01 00:00:00.002', '2024-01-02', 1e300, x'00', 0),
        ('a ', -1, '1000-01-01 00:00:00', '0001-01-01', -5, x'', NULL),
        ('ä', 12345678901234.5678, NULL, NULL, NULL, NULL, NULL)`,
    );
    await run('CREATE TABLE plenty LIKE things');
    await run(
      `INSERT INTO plenty (name, price, at, data) WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
        SELECT CONCAT('n', i), i, TIMESTAMPADD(SECOND, i, '2024-01-01'), UNHEX(LPAD(HEX(i), 8, '0')) FROM n`,
    );
    await run('ANALYZE TABLE plenty');
  });

  it('inserts rows with VALUES, and tells the last key', async () => {
    const node: PlainStatementNode = {
      kind: 'insert',
      table: 'things',
      columns: [target('name', text), target('price', decimal)],
      rows: 2,
      key: 'id',
      ignoreConflicts: false,
    };
    const { sql, affectedRows, lastInsertId } = await runNode(node, ['m', '1.0000', 'n', '2.0000']);
    expect(sql).toBe(
      'INSERT INTO `things` (`name`, `price`) VALUES (?, CAST(? AS DECIMAL(20, 4))), (?, CAST(? AS DECIMAL(20, 4)))',
    );
    const [last] = (await run("SELECT id FROM things WHERE name = 'n'")).rows[0] ?? [];
    expect([affectedRows, lastInsertId]).toEqual([2, last]);
    await run("DELETE FROM things WHERE name IN ('m', 'n')");
  });

  it('inserts a row of defaults', async () => {
    const node = { kind: 'insert', table: 'things', columns: [], rows: 1, key: 'id', ignoreConflicts: false } as const;
    const { sql, affectedRows } = await runNode(node, []);
    expect([sql, affectedRows]).toEqual(['INSERT INTO `things` () VALUES ()', 1]);
    await run('DELETE FROM things WHERE name IS NULL');
  });

  it('leaves rows that are there as they are, and swallows no other error', async () => {
    const columns = [target('name', text), target('flag', { name: 'boolean' })];
    const node = { kind: 'insert', table: 'things', columns, rows: 2, key: null, ignoreConflicts: true } as const;
    const { sql } = await runNode(node, ['a', 0, 'new', 1]);
    expect(sql).toBe(
      'INSERT INTO `things` (`name`, `flag`) VALUES (?, ?), (?, ?) ON DUPLICATE KEY UPDATE `name` = `name`',
    );
    expect((await run("SELECT flag FROM things WHERE name IN ('a', 'new') ORDER BY id")).rows).toEqual([[1], [1]]);
    await run("DELETE FROM things WHERE name = 'new'");
    await expect(runNode(node, ['x'.repeat(200), 0, 'other', 0])).rejects.toMatchObject({ code: 'check-violation' });
  });

  it('updates one row, and many by one list, whose matched rows it counts', async () => {
    const node = (rows: number | 'lists'): PlainStatementNode => ({
      kind: 'update-rows',
      table: 'things',
      match: [target('id', integer), target('name', text)],
      set: [target('price', decimal), target('at', { name: 'datetime' }), target('data', { name: 'bytes' })],
      rows,
    });
    const one = await runNode(node(1), [1, 'a', '9.5000', '2024-01-01 00:00:00.001', new Uint8Array([0, 255])]);
    expect(one.sql).toBe(
      'UPDATE `things` SET `price` = CAST(? AS DECIMAL(20, 4)), `at` = ?, `data` = ? WHERE `things`.`id` = ? AND `things`.`name` = ?',
    );
    // Matched, though nothing of it is new.
    expect(one.affectedRows).toBe(1);
    const types = [integer, text, decimal, { name: 'datetime' } as const, { name: 'bytes' } as const];
    const rows = [
      [1, 'a', '9.5000', '2024-01-01 00:00:00.001', new Uint8Array([0, 255])],
      [2, 'A', '10.2500', null, null],
      [3, 'not this', '0.0000', null, null],
    ];
    const many = await runNode(node('lists'), [mysql.encodeList(rows, types)]);
    expect(many.sql).toBe(
      "UPDATE `things` JOIN JSON_TABLE(?, '$[*]' COLUMNS (`c0` BIGINT PATH '$[0]', " +
        `\`c1\` LONGTEXT ${BINARY_COLLATION} PATH '$[1]', \`c2\` VARCHAR(80) PATH '$[2]', \`c3\` VARCHAR(80) PATH '$[3]', ` +
        `\`c4\` LONGTEXT ${BINARY_COLLATION} PATH '$[4]')) AS \`v\` ON \`things\`.\`id\` = \`v\`.\`c0\` AND ` +
        '`things`.`name` = `v`.`c1` SET `things`.`price` = CAST(`v`.`c2` AS DECIMAL(20, 4)), ' +
        '`things`.`at` = CAST(`v`.`c3` AS DATETIME(3)), `things`.`data` = UNHEX(`v`.`c4`)',
    );
    expect(many.affectedRows).toBe(2);
    expect((await run('SELECT at, data FROM things WHERE id = 2')).rows).toEqual([[null, null]]);
    await run("UPDATE things SET at = '2024-01-01 00:00:00.002', data = x'00' WHERE id = 2");
  });

  it('deletes by a list, under an alias', async () => {
    await run("INSERT INTO things (name) VALUES ('x'), ('y'), ('z')");
    const node: PlainStatementNode = {
      kind: 'delete',
      table: 'things',
      alias: 't0',
      where: { kind: 'in-list', operands: [column('name')], types: [text], list: slot(0, null), negated: false },
    };
    const { sql, affectedRows } = await runNode(node, ['["x","z","Y"]']);
    expect(sql).toBe(
      `DELETE \`t0\` FROM \`things\` AS \`t0\` WHERE \`t0\`.\`name\` IN (SELECT \`l\`.\`c0\` FROM JSON_TABLE(?, '$[*]' ` +
        `COLUMNS (\`c0\` LONGTEXT ${BINARY_COLLATION} PATH '$')) AS \`l\`)`,
    );
    expect(affectedRows).toBe(2);
    await run("DELETE FROM things WHERE name = 'y'");
  });

  it.each([
    ['integer', integer, 'id', [[1], [4], [9_007_199_254_740_991]], [1, 4]],
    ['bigint', { name: 'bigint' }, 'id', [[1n], [-(2n ** 63n)], [2n ** 63n - 1n]], [1]],
    ['text, cut nowhere', text, 'name', [['a'], ['ä'], [`a${'x'.repeat(9000)}`]], [1, 4]],
    ['decimal', decimal, 'price', [['-1.0000'], ['12345678901234.5678'], ['9.5001']], [3, 4]],
    ['float', { name: 'float' }, 'ratio', [[0.1], [1e300], [-5.000001]], [1, 2]],
    ['datetime', { name: 'datetime' }, 'at', [['2024-01-01 00:00:00.002'], ['1000-01-01 00:00:00.000']], [2, 3]],
    ['date', { name: 'date' }, 'day', [['0001-01-01'], ['2024-01-02'], ['2024-01-03']], [2, 3]],
    ['bytes', { name: 'bytes' }, 'data', [[new Uint8Array([0])], [new Uint8Array()]], [2, 3]],
    ['boolean', { name: 'boolean' }, 'flag', [[1]], [1]],
  ] as const)('finds exactly the values of a list: %s', async (_name, type, name, values, ids) => {
    const list = mysql.encodeList(values, [type]);
    expect((await runNode(inList([type], [name]), [list])).ids).toEqual(ids);
    const others = (await run(`SELECT id FROM things WHERE ${name} IS NOT NULL ORDER BY id`)).rows.map(([id]) => id);
    expect((await runNode(inList([type], [name], true), [list])).ids).toEqual(
      others.filter((id) => !(ids as readonly unknown[]).includes(id)),
    );
  });

  it('finds tuples of a list, and nothing in an empty one', async () => {
    const node = inList([integer, text], ['id', 'name']);
    const list = mysql.encodeList(
      [
        [1, 'a'],
        [2, 'a'],
        [4, 'ä'],
      ],
      [integer, text],
    );
    expect((await runNode(node, [list])).ids).toEqual([1, 4]);
    expect((await runNode(node, [mysql.encodeList([], [integer, text])])).ids).toEqual([]);
    expect((await runNode(inList([integer], ['id'], true), [mysql.encodeList([], [integer])])).ids).toHaveLength(4);
  });

  it.each([
    ['id', integer, '[1,2]'],
    ['name', text, '["a"]'],
    ['price', decimal, '["9.5000"]'],
    ['at', { name: 'datetime' }, '["2024-01-01 00:00:00.001"]'],
    ['data', { name: 'bytes' }, '["00ff"]'],
  ] as const)('a list searches by the index of %s', async (name, type, list) => {
    const { sql } = compile(inList([type], [name], false, 'plenty'), mysql);
    const { columns, rows } = await run(`EXPLAIN ${sql.replace('?', `'${list}'`)}`);
    const [table, access, key] = ['table', 'type', 'key'].map((wanted) => columns.indexOf(wanted));
    const plan = rows.find((row) => row[table ?? -1] === 't0');
    expect([plan?.[access ?? -1], plan?.[key ?? -1]]).toEqual([expect.stringMatching(/ref$/), expect.any(String)]);
  });

  it.each([
    [slot(0, integer), slot(1, integer), 'LIMIT ? OFFSET ?', [2, 1], [2, 3]],
    [slot(0, integer), null, 'LIMIT ?', [2], [1, 2]],
    [null, slot(0, integer), 'LIMIT 18446744073709551615 OFFSET ?', [3], [4]],
  ] as const)('limits and skips rows: %#', async (limit, offset, ending, values, ids) => {
    const { sql, ids: found } = await runNode(select({ limit, offset }), values);
    expect(sql.endsWith(ending)).toBe(true);
    expect(found).toEqual(ids);
  });

  it('orders decimals by value, and compares them exactly', async () => {
    const order = {
      kind: 'order',
      operand: { kind: 'ordered', operand: column('price'), type: decimal },
      direction: 'asc',
    } as const;
    expect((await runNode(select({ orderBy: [order] }), [])).ids).toEqual([3, 1, 2, 4]);
    const equal = (value: string) =>
      runNode(
        select({ where: { kind: 'comparison', operator: '=', left: column('price'), right: slot(0, decimal) } }),
        [value],
      );
    expect((await equal('12345678901234.5678')).ids).toEqual([4]);
    expect((await equal('12345678901234.5677')).ids).toEqual([]);
  });

  it.each(['a', 'A', 'a ', 'ä'])('tells %j from all that look like it', async (name) => {
    const where = { kind: 'comparison', operator: '=', left: column('name'), right: slot(0, text) } as const;
    const { ids } = await runNode(select({ where }), [name]);
    expect(ids).toEqual([['a', 'A', 'a ', 'ä'].indexOf(name) + 1]);
  });

  it.each([
    ['a%', [1, 3]],
    ['%a', [1]],
    ['_', [1, 2, 4]],
    ['a\\_', []],
  ])('LIKE %j is about letters as they are, with a backslash to escape', async (pattern, ids) => {
    const where = {
      kind: 'like',
      operand: column('name'),
      type: text,
      pattern: slot(0, text),
      negated: false,
    } as const;
    const { sql, ids: found } = await runNode(select({ where }), [pattern]);
    expect(sql).toContain("LIKE ? ESCAPE '\\\\'");
    expect(found).toEqual(ids);
  });

  it('a condition that is unknown is not true', async () => {
    const flag = {
      kind: 'comparison',
      operator: '=',
      left: column('flag'),
      right: slot(0, { name: 'boolean' }),
    } as const;
    expect((await runNode(select({ where: { kind: 'not', operand: flag } }), [1])).ids).toEqual([2, 3, 4]);
  });

  it.each([
    [integer, 'id', [1, 2, 3, 4]],
    [{ name: 'bigint' }, 'id', [1n, 2n, 3n, 4n]],
    [text, 'name', ['a', 'A', 'a ', 'ä']],
    [decimal, 'price', ['9.5000', '10.2500', '-1.0000', '12345678901234.5678']],
    [
      { name: 'datetime' },
      'at',
      ['2024-01-01 00:00:00.001', '2024-01-01 00:00:00.002', '1000-01-01 00:00:00.000', null],
    ],
    [{ name: 'date' }, 'day', ['2024-01-01', '2024-01-02', '0001-01-01', null]],
    [{ name: 'bytes' }, 'data', [new Uint8Array([0, 255]), new Uint8Array([0]), new Uint8Array(), null]],
  ] as const)('collects the values of a column, and reads them back: %#', async (type, name, values) => {
    const node = select({ columns: [{ kind: 'collect', operand: column(name), type }], orderBy: [] });
    const { ids } = await runNode(node, []);
    const collected = mysql.decodeList(ids[0] ?? null, type);
    expect(collected).toHaveLength(values.length);
    expect(collected).toEqual(expect.arrayContaining([...values]));
    const none = { kind: 'comparison', operator: '=', left: column('id'), right: slot(0, integer) } as const;
    const empty = await runNode({ ...node, where: none }, [-1]);
    expect(mysql.decodeList(empty.ids[0] ?? null, type)).toEqual([]);
  });

  it('collects several columns in the same order', async () => {
    const collect = (name: string, type: ColumnType): ExpressionNode => ({
      kind: 'collect',
      operand: column(name),
      type,
    });
    const node = select({ columns: [collect('id', integer), collect('name', text)], orderBy: [] });
    const { sql, params } = bindStatement(compile(node, mysql), []);
    const [ids = null, names = null] = (await run(sql, params)).rows[0] ?? [];
    const all = ['a', 'A', 'a ', 'ä'];
    expect(mysql.decodeList(ids, integer).map((id) => all[Number(id) - 1])).toEqual(mysql.decodeList(names, text));
  });

  it('collects lists longer than a server cuts them by itself', async () => {
    await run('CREATE TABLE many (id BIGINT PRIMARY KEY)');
    await run(
      'INSERT INTO many WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT a.i * 1000000000000 + b.i FROM n a JOIN n b ON b.i <= 150',
    );
    const [json] = (await run('SELECT JSON_ARRAYAGG(id) FROM many')).rows[0] ?? [];
    expect(String(json).length).toBeGreaterThan(2 ** 20);
    expect(mysql.decodeList(json ?? null, integer)).toHaveLength(150_000);
  });
});
