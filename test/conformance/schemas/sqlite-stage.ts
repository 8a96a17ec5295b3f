import { expect } from 'vitest';
import { loadSchemaDialect } from '../../../src/dialect/schema-dialects.ts';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import { openRawSqljs } from '../../support/raw-sqljs.ts';
import { literals } from './literals.ts';
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
    literal: literals({ datetime: String, decimal: (number) => `'${number}.50'` }),
    async empty() {
      raw.db.close();
      raw = await openRawSqljs();
    },
  };
}
