import { describe, expect, it } from 'vitest';
import { refusedSql } from '../../../adapters/sqljs/engine/refused-sql.ts';
import { sqlTraits } from '../../../src/dialect/sqlite/index.ts';

describe('SQL that would break persistence', () => {
  it.each([
    "attach 'x.db' as x",
    'attach database ? as x',
    "vacuum into 'copy.db'",
    'vacuum main into ?',
    'pragma journal_mode=wal',
    'pragma main.journal_mode(off)',
    'pragma "journal_mode" = "delete"',
    'pragma cache_spill=on',
    'pragma locking_mode = exclusive',
    'pragma trusted_schema = on',
  ])('%s is refused', (sql) => {
    expect(refusedSql(sqlTraits(sql).verb, sql)).toEqual(expect.any(String));
  });

  it.each([
    "attach ':memory:' as x",
    'pragma journal_mode',
    'pragma journal_mode = memory',
    'vacuum',
    'pragma foreign_keys=off',
  ])('%s is allowed', (sql) => {
    expect(refusedSql(sqlTraits(sql).verb, sql)).toBeUndefined();
  });
});
