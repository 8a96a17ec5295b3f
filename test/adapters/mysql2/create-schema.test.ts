import { describe, expect, it } from 'vitest';
import type { ColumnType } from '../../../src/codec/column-type.ts';
import { createSchema } from '../../../src/dialect/mysql/create-schema.ts';
import { BINARY_COLLATION } from '../../../src/dialect/mysql/lists.ts';
import type { ColumnDefault, ColumnModel, SchemaModel, TableModel } from '../../../src/schema/schema-model.ts';
import { openOnServer } from './on-server.ts';
import { failureOf } from './server.ts';

const { server, run } = await openOnServer();

const column = (name: string, type: ColumnType, more: Partial<ColumnModel> = {}): ColumnModel => ({
  name,
  type,
  nullable: false,
  generated: false,
  default: null,
  ...more,
});

const key = column('id', { name: 'integer' }, { generated: true });
const constant = (value: string | number | Uint8Array): ColumnDefault => ({ kind: 'constant', value });

const table = (name: string, columns: readonly ColumnModel[], more: Partial<TableModel> = {}): TableModel => ({
  name,
  columns: [key, ...columns],
  primaryKey: ['id'],
  uniques: [],
  indexes: [],
  foreignKeys: [],
  ...more,
});

const reference = (name: string, from: string, to: string) => ({
  name,
  columns: [from],
  referencedTable: to,
  referencedColumns: ['id'],
  onDelete: 'cascade' as const,
  onUpdate: 'no action' as const,
});

const textsOf = (...tables: TableModel[]): string[] => createSchema({ tables }).map(({ sql }) => sql);

async function create(schema: SchemaModel): Promise<void> {
  for (const { sql } of createSchema(schema)) await run(sql);
}

/** The lines of the one table between its parentheses. */
function linesOf(...columns: ColumnModel[]): string[] {
  const [sql = ''] = textsOf(table('t', columns));
  return sql
    .split('\n')
    .slice(2, -1)
    .map((line) => line.trim().replace(/,$/, ''))
    .filter((line) => line !== 'PRIMARY KEY (`id`)');
}

describe('The definition of a column', () => {
  it.each([
    ['BIGINT', { name: 'integer' }],
    ['BIGINT', { name: 'bigint' }],
    ['DOUBLE', { name: 'float' }],
    ['DECIMAL(20, 4)', { name: 'decimal', precision: 20, scale: 4 }],
    ['CHAR(36)', { name: 'uuid' }],
    ['DATETIME(3)', { name: 'datetime' }],
    ['DATE', { name: 'date' }],
    ['LONGTEXT', { name: 'json' }],
    ['LONGBLOB', { name: 'bytes' }],
    ['LONGTEXT', { name: 'text' }],
    ['VARCHAR(80)', { name: 'text', maxLength: 80 }],
  ] as const)('is %s', (sql, type) => {
    expect(linesOf(column('c', type))).toEqual([`\`c\` ${sql} NOT NULL`]);
    expect(linesOf(column('c', type, { nullable: true }))).toEqual([`\`c\` ${sql}`]);
  });

  it('has a check where the type does not say it all', () => {
    expect(linesOf(column('flag', { name: 'boolean' }), column('long', { name: 'text', maxLength: 1000 }))).toEqual([
      '`flag` TINYINT(1) NOT NULL',
      '`long` LONGTEXT NOT NULL',
      'CONSTRAINT `t_flag_check` CHECK (`flag` IN (0, 1))',
      'CONSTRAINT `t_long_check` CHECK (CHAR_LENGTH(`long`) <= 1000)',
    ]);
    expect(linesOf(column('kind', { name: 'text', values: ["it's", 'a\\'] }))).toEqual([
      '`kind` VARCHAR(4) NOT NULL',
      "CONSTRAINT `t_kind_check` CHECK (`kind` IN ('it''s', 'a\\\\'))",
    ]);
  });

  it('has a name for its check that fits, however long those of table and column are', () => {
    const [sql = ''] = textsOf(table('t'.repeat(60), [column('c'.repeat(60), { name: 'boolean' })]));
    expect(/CONSTRAINT `([^`]*)`/.exec(sql)?.[1]?.length).toBeLessThanOrEqual(64);
  });

  it('is bounded where it is part of a key, and indexed in part where it is not', () => {
    const [sql] = textsOf(
      table('t', [column('a', { name: 'text' }), column('b', { name: 'bytes' }), column('c', { name: 'text' })], {
        uniques: [{ name: 't_a_b_key', columns: ['a', 'b'] }],
        indexes: [{ name: 't_c_idx', columns: ['c', 'id'] }],
      }),
    );
    expect(sql).toContain('`a` VARCHAR(255) NOT NULL,\n  `b` VARBINARY(255) NOT NULL,\n  `c` LONGTEXT NOT NULL');
    expect(sql).toContain('CONSTRAINT `t_a_b_key` UNIQUE (`a`, `b`)');
    expect(sql).toContain('INDEX `t_c_idx` (`c`(255), `id`)');
  });

  it.each([
    [
      'a key that is too long',
      column('a', { name: 'text', maxLength: 769 }),
      { uniques: [{ name: 'k', columns: ['a'] }] },
    ],
    ['a decimal with too many digits', column('a', { name: 'decimal', precision: 66, scale: 2 }), {}],
    ['a generated column that is no key', column('a', { name: 'integer' }, { generated: true }), {}],
  ] as const)('is a configuration error: %s', async (_name, wrong, more) => {
    expect(await failureOf(() => textsOf(table('t', [wrong], more)))).toMatchObject({ code: 'configuration' });
  });
});

describe.skipIf(server.missing !== undefined)(server.title('The schema of MySQL'), () => {
  it('is created once, with its collation and engine, and left as it is after that', async () => {
    const tables = [table('twice', [column('name', { name: 'text' })])];
    expect(textsOf(...tables)).toEqual([
      'CREATE TABLE IF NOT EXISTS `twice` (\n  `id` BIGINT NOT NULL AUTO_INCREMENT,\n  `name` LONGTEXT NOT NULL,\n' +
        `  PRIMARY KEY (\`id\`)\n) ENGINE = InnoDB DEFAULT ${BINARY_COLLATION}`,
    ]);
    await create({ tables });
    await create({ tables });
    const { rows } = await run(
      "SELECT ENGINE, TABLE_COLLATION FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'twice'",
    );
    expect(rows).toEqual([['InnoDB', expect.stringMatching(/^utf8mb4_(nopad|0900)_bin$/)]]);
  });

  it('fills defaults in', async () => {
    const columns = [
      column('whole', { name: 'integer' }, { default: constant(-5) }),
      column('ratio', { name: 'float' }, { default: constant(1e-7) }),
      column('price', { name: 'decimal', precision: 10, scale: 2 }, { default: constant('1.50') }),
      column('short', { name: 'text', maxLength: 20 }, { default: constant("it's \\ 😀") }),
      column('long', { name: 'text' }, { default: constant('long') }),
      column('data', { name: 'bytes' }, { default: constant(new Uint8Array([0, 255])) }),
      column('doc', { name: 'json' }, { default: constant('{"a":[1]}') }),
      column('at', { name: 'datetime' }, { default: { kind: 'now' } }),
      column('day', { name: 'date' }, { default: { kind: 'now' } }),
    ];
    await create({ tables: [table('filled', columns)] });
    await run('INSERT INTO filled () VALUES ()');
    const { rows } = await run(
      'SELECT whole, ratio, price, short, `long`, data, doc, ABS(TIMESTAMPDIFF(SECOND, at, UTC_TIMESTAMP(3))) < 5, day = UTC_DATE() FROM filled',
    );
    expect(rows).toEqual([[-5, 1e-7, '1.50', "it's \\ 😀", 'long', new Uint8Array([0, 255]), '{"a":[1]}', 1, 1]]);
  });

  it('creates tables that refer to each other, and checks them all the same', async () => {
    const chicken = table('chickens', [column('egg_id', { name: 'integer' })], {
      foreignKeys: [reference('chickens_egg_id_fkey', 'egg_id', 'eggs')],
    });
    const egg = table('eggs', [column('chicken_id', { name: 'integer' }, { nullable: true })], {
      foreignKeys: [reference('eggs_chicken_id_fkey', 'chicken_id', 'chickens')],
    });
    const statements = textsOf(chicken, egg);
    expect([statements.at(0), statements.at(-1)]).toEqual([
      'SET SESSION foreign_key_checks = 0',
      'SET SESSION foreign_key_checks = 1',
    ]);
    expect(textsOf(egg, chicken)).toHaveLength(4);
    // One session for all of it, as createSchema has it.
    await using on = await server.open();
    await on.transact(async (tx) => {
      for (const sql of statements) await tx.execute({ sql, params: [] });
    });
    expect(await failureOf(() => run('INSERT INTO chickens (egg_id) VALUES (404)'))).toMatchObject({
      code: 'foreign-key-violation',
      table: 'chickens',
      columns: ['egg_id'],
      constraint: 'chickens_egg_id_fkey',
    });
  });

  it('keeps JSON as the text it was, as deep as it may be', async () => {
    await create({ tables: [table('docs', [column('doc', { name: 'json' })])] });
    const deep = `${'['.repeat(1000)}${']'.repeat(1000)}`;
    for (const doc of ['{"b":1,"a":{"x":1e400}}', deep]) await run('INSERT INTO docs (doc) VALUES (?)', [doc]);
    expect((await run('SELECT doc FROM docs ORDER BY id')).rows).toEqual([['{"b":1,"a":{"x":1e400}}'], [deep]]);
  });

  it('takes the longest key of texts that it allows', async () => {
    const texts = ['a', 'b', 'c'].map((name) => column(name, { name: 'text' }));
    const columns = [...texts, column('n', { name: 'integer' })];
    await create({
      tables: [table('keyed', columns, { uniques: [{ name: 'keyed_key', columns: ['a', 'b', 'c', 'n'] }] })],
    });
    const values = ['a', 'a ', 'A', 'ä', 'a\0'];
    for (const value of values) await run("INSERT INTO keyed (a, b, c, n) VALUES (?, '', '', 1)", [value]);
    expect((await run('SELECT a FROM keyed ORDER BY id')).rows).toEqual(values.map((value) => [value]));
  });
});
