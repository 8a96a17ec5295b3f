import { describe, expect, it } from 'vitest';
import { isBlank, sqlTraits } from '../../../src/dialect/sqlite/index.ts';

describe('the traits of a statement', () => {
  it.each([
    ['select 1', 'read'],
    ['  -- a comment\n /* another */ ; VALUES (1)', 'read'],
    ['explain delete from t', 'read'],
    ['insert into t values (1)', 'insert'],
    ["replace into t values ('do update')", 'insert'],
    ['insert into t values (1) on conflict (id) do nothing', 'insert'],
    ['insert into t values (1) on conflict (id) do update set a = 1', 'change'],
    ['update t set a = 1', 'change'],
    ['DELETE FROM t', 'change'],
    ['with a as (select 1) select * from a', 'read'],
    ['with a as (delete_not (update x)), "delete" as (values (1)) insert into t select * from a', 'insert'],
    ["with a(x) as (select ')' || 'it''s') update t set a = 1", 'change'],
    ['create table t (a)', 'other'],
    ['pragma table_info(t)', 'other'],
  ])('%s is %s', (sql, effect) => {
    expect(sqlTraits(sql)).toMatchObject({ effect, control: 'none' });
  });

  it.each([
    ['begin immediate', 'transaction'],
    ['COMMIT', 'transaction'],
    ['end transaction', 'transaction'],
    ['rollback', 'transaction'],
    ['rollback transaction to savepoint a', 'savepoint'],
    ['savepoint a', 'savepoint'],
    ['release a', 'savepoint'],
  ])('%s controls a %s', (sql, control) => {
    expect(sqlTraits(sql).control).toBe(control);
  });

  it('knows blank text from a statement, at any length', () => {
    expect(isBlank(' ; -- nothing\n;/* … */')).toBe(true);
    expect(isBlank(';;select')).toBe(false);
    expect(isBlank(`${' '.repeat(1e6)}${'--\n'.repeat(1e5)}/*${'*'.repeat(1e6)}`)).toBe(true);
    expect(sqlTraits(`insert into t values (${"'x''',".repeat(1e5)} 1)`).effect).toBe('insert');
  });
});
