import { expect } from 'vitest';
import type { ColumnType } from '../../../src/codec/column-type.ts';
import { loadSchemaDialect } from '../../../src/dialect/schema-dialects.ts';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import { openRawSqljs } from '../../support/raw-sqljs.ts';
import type { SchemaStage } from './survival.ts';

/** Plain sql.js, on which steps run as a migrator runs them: foreign keys off before BEGIN, and checked before COMMIT. */
export async function openSqliteStage(): Promise<SchemaStage> {
  let raw = await openRawSqljs();
  const run = async (sql: string) => raw.all(sql);
  return {
    schema: await loadSchemaDialect(sqlite),
    dialect: sqlite,
    run,
    scratch: (work) => work(run),
    async apply({ steps }) {
      await run('PRAGMA foreign_keys = OFF');
      await run('BEGIN');
      for (const step of steps) {
        if (typeof step === 'string') await run(step);
        else for (const sql of 'rebuild' in step ? step.statements : []) await run(sql);
      }
      expect(await run('PRAGMA foreign_key_check')).toEqual([]);
      await run('COMMIT');
      await run('PRAGMA foreign_keys = ON');
    },
    literal,
    async empty() {
      raw.db.close();
      raw = await openRawSqljs();
    },
  };
}

function literal({ name }: ColumnType, number: number): string {
  switch (name) {
    case 'integer':
    case 'bigint':
    case 'datetime':
      return String(number);
    case 'boolean':
      return String(number % 2);
    case 'float':
      return `${number}.5`;
    case 'bytes':
      return `x'0${number % 10}ff'`;
    case 'json':
      return `'{"n":${number}}'`;
    default:
      return `'${number}.50'`;
  }
}
