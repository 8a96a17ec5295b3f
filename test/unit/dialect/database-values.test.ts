import { describe, expect, it } from 'vitest';
import type { DefaultDefinition } from '../../../src/codec/column.ts';
import type { Dialect } from '../../../src/compiler/dialect.ts';
import { mysql } from '../../../src/dialect/mysql/index.ts';
import { postgres } from '../../../src/dialect/postgres/index.ts';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import type { ColumnModel } from '../../../src/schema/schema-model.ts';

const id: ColumnModel = { name: 'id', type: { name: 'integer' }, nullable: false, generated: true, default: null };

/** The line of a column in the CREATE TABLE of a dialect. */
async function lineOf(
  dialect: Dialect,
  filled: DefaultDefinition & { kind: 'database' },
  nullable = false,
): Promise<string> {
  const column: ColumnModel = { name: 'v', type: { name: 'integer' }, nullable, generated: false, default: filled };
  const table = { name: 't', columns: [id, column], primaryKey: ['id'], uniques: [], indexes: [], foreignKeys: [] };
  const statements = await dialect.createSchema({ tables: [table] });
  const lines = statements.map(({ sql }) => sql.split('\n')).find(([first]) => first?.startsWith('CREATE TABLE')) ?? [];
  return (lines.find((line) => /^ {2}["`]v["`]/.test(line)) ?? '').trim().replace(/,$/, '');
}

const given = (sql: DefaultDefinition & { kind: 'database' } extends { sql: infer S } ? S : never) =>
  ({ kind: 'database', sql, computed: null }) as const;

describe('A default of the database', () => {
  it('is the DEFAULT of its column, in parentheses', async () => {
    expect(await lineOf(sqlite, given('1 + 1'))).toBe('"v" INTEGER NOT NULL DEFAULT (1 + 1)');
    expect(await lineOf(postgres, given('1 + 1'))).toBe('"v" BIGINT NOT NULL DEFAULT (1 + 1)');
    expect(await lineOf(mysql, given('1 + 1'))).toBe('`v` BIGINT NOT NULL DEFAULT (1 + 1)');
  });

  it('is that of the dialect, where there is one for each', async () => {
    const each = given({ sqlite: 'abs(-1)', postgres: 'abs(-2)', mysql: 'abs(-3)' });
    expect(await lineOf(sqlite, each, true)).toBe('"v" INTEGER DEFAULT (abs(-1))');
    expect(await lineOf(postgres, each, true)).toBe('"v" BIGINT DEFAULT (abs(-2))');
    expect(await lineOf(mysql, each, true)).toBe('`v` BIGINT DEFAULT (abs(-3))');
  });

  it.each([[{ postgres: '1' }], [{ sqlite: ' ' }], ['']])('has to be there for the dialect: %j', async (text) => {
    await expect(lineOf(sqlite, given(text as never))).rejects.toMatchObject({
      code: 'configuration',
      entity: 't',
      message: "t.v: the column has no SQL for the dialect 'sqlite'; add it by that name",
    });
  });
});

describe('A computed column', () => {
  const computed = (kind: 'stored' | 'virtual') => ({ kind: 'database', sql: 'id * 2', computed: kind }) as const;

  it('is stored, or computed with each read', async () => {
    expect(await lineOf(sqlite, computed('stored'))).toBe('"v" INTEGER NOT NULL GENERATED ALWAYS AS (id * 2) STORED');
    expect(await lineOf(sqlite, computed('virtual'))).toBe('"v" INTEGER NOT NULL GENERATED ALWAYS AS (id * 2) VIRTUAL');
    expect(await lineOf(postgres, computed('stored'))).toBe('"v" BIGINT NOT NULL GENERATED ALWAYS AS (id * 2) STORED');
  });

  it('has no NOT NULL on MySQL, because MariaDB takes none', async () => {
    expect(await lineOf(mysql, computed('stored'))).toBe('`v` BIGINT GENERATED ALWAYS AS (id * 2) STORED');
    expect(await lineOf(mysql, computed('virtual'))).toBe('`v` BIGINT GENERATED ALWAYS AS (id * 2) VIRTUAL');
  });

  it('is stored only on PostgreSQL', async () => {
    await expect(lineOf(postgres, computed('virtual'))).rejects.toMatchObject({
      code: 'configuration',
      message: 't.v: PostgreSQL has stored computed columns only; leave `stored: false` out',
    });
  });
});
