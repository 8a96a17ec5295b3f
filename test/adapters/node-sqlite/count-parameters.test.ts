import { describe, expect, it } from 'vitest';
import { countParameters } from '../../../adapters/node-sqlite/count-parameters.ts';
import { expectCode } from '../../conformance/laws.ts';

describe('The parameters of a text', () => {
  it.each([
    ['SELECT 1', 0],
    ['SELECT ?, ?', 2],
    ['SELECT \'?\', "?", `?`, [?], ? -- ?\n /* ? */ + ?', 2],
    ["INSERT INTO t VALUES (?, 'it''s ?', ?);", 2],
    [' ; ;SELECT ?; ; -- the end', 1],
    ["SELECT a ->> '$.b', x'00', 1e5 FROM t WHERE c LIKE ? ESCAPE '\\'", 1],
    ['CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; SELECT CASE WHEN 1 THEN 2 END; END;', 0],
    ['create temp trigger "end" after insert on t begin select 1; end', 0],
    ['CREATE TABLE trigger_log (a)', 0],
    [`SELECT ${Array.from({ length: 10_000 }, () => '?').join()}`, 10_000],
  ])('are counted: %s', (sql, count) => {
    expect(countParameters(sql)).toBe(count);
  });

  it.each([
    'SELECT :a',
    'SELECT @a',
    'SELECT $a',
    'SELECT ?1',
    'SELECT 1; SELECT 2',
    'SELECT 1;; SELECT 2',
    'CREATE TRIGGER a AFTER INSERT ON t BEGIN SELECT 1; END; SELECT 2',
    'SELECT 1; END; SELECT 2',
    '',
    ' ; -- nothing\n;',
  ])('are refused: %s', async (sql) => {
    await expectCode(() => countParameters(sql), 'validation');
  });
});
