import { describe, expect, it } from 'vitest';
import {
  columnsQuestion,
  mysqlError,
  redactMysql,
  subjectOf,
  tableWritten,
  withColumns,
} from '../../../../src/dialect/mysql/index.ts';

const told = (errno: number, message: string, table?: string) => subjectOf({ errno, message }, table);

describe('What a message of MySQL or MariaDB is about', () => {
  it.each([
    [1062, "Duplicate entry 'x' for key 'items_code_key'", 'items', { table: 'items', constraint: 'items_code_key' }],
    [
      1062,
      "Duplicate entry 'x' for key 'items.items_code_key'",
      undefined,
      { table: 'items', constraint: 'items_code_key' },
    ],
    [1062, "Duplicate entry 'a' for key 'b' for key 'PRIMARY'", 't', { table: 't', constraint: 'PRIMARY' }],
    [1048, "Column 'it''s' cannot be null", 't', { table: 't', columns: ["it''s"] }],
    [1364, "Field 'name' doesn't have a default value", 't', { table: 't', columns: ['name'] }],
    [1406, "Data too long for column 'name' at row 3", 't', { table: 't', columns: ['name'] }],
    [1264, "Out of range value for column 'n' at row 1", undefined, { columns: ['n'] }],
    [
      1366,
      "Incorrect integer value: 'for column `a`.`b`.`c` at row 1' for column `db`.`items`.`n` at row 1",
      undefined,
      { table: 'items', columns: ['n'] },
    ],
    [
      3819,
      "Check constraint 'items_kind_check' is violated.",
      'items',
      { table: 'items', constraint: 'items_kind_check' },
    ],
    [
      4025,
      'CONSTRAINT `items_kind_check` failed for `db`.`items`',
      undefined,
      { table: 'items', constraint: 'items_kind_check' },
    ],
    [
      1452,
      'Cannot add or update a child row: a foreign key constraint fails (`d`.`a``b`, CONSTRAINT `fk` FOREIGN KEY (`x`, `y``z`) REFERENCES `p` (`x`, `y`) ON DELETE CASCADE)',
      'other',
      { table: 'a`b', constraint: 'fk', columns: ['x', 'y`z'] },
    ],
    [1217, 'Cannot delete or update a parent row: a foreign key constraint fails', 't', {}],
    [1205, 'Lock wait timeout exceeded; try restarting transaction', undefined, {}],
  ])('%i %s', (errno, message, table, subject) => {
    expect(told(errno, message, table)).toEqual(subject);
  });

  it('is completed by the columns of a key or a check, which are asked for', () => {
    const key = { table: 'items', constraint: 'items_code_key' };
    expect(columnsQuestion(key, { errno: 1062, message: '' })?.params).toEqual(['items', 'items_code_key']);
    expect(withColumns(key, [['a'], ['b']])).toEqual({ ...key, columns: ['a', 'b'] });
    const check = { table: 'items', constraint: 'c' };
    expect(columnsQuestion(check, { errno: 4025, message: '' })?.params).toEqual(['c']);
    const clause = "`kind` in ('`no`','it''s \\'`no`\\' ') and (`a``b` > 0 or `kind` is null)";
    expect(withColumns(check, [[null, clause]])).toEqual({ ...check, columns: ['kind', 'a`b'] });
    expect(withColumns(check, [])).toEqual(check);
    expect(columnsQuestion({ table: 'items' }, { errno: 1048, message: '' })).toBeNull();
  });
});

describe('The table that a statement writes', () => {
  it.each([
    ['INSERT INTO `a``b` (`x`) VALUES (1)', 'a`b'],
    ['insert ignore into things values (1)', 'things'],
    ['UPDATE `things` SET a = 1', 'things'],
    ['REPLACE INTO things VALUES (1)', 'things'],
    ['UPDATE other.things SET a = 1', undefined],
    ['UPDATE `other`.`things` SET a = 1', undefined],
    ['DELETE FROM things', undefined],
    ['SELECT 1', undefined],
  ])('%s', (sql, table) => {
    expect(tableWritten(sql)).toBe(table);
  });
});

describe('An error of MySQL or MariaDB', () => {
  it.each([
    [1062, 'unique-violation', false],
    [1452, 'foreign-key-violation', false],
    [1451, 'foreign-key-violation', false],
    [1048, 'not-null-violation', false],
    [1364, 'not-null-violation', false],
    [3819, 'check-violation', false],
    [4025, 'check-violation', false],
    [1406, 'check-violation', false],
    [1264, 'check-violation', false],
    [1366, 'check-violation', false],
    [1292, 'check-violation', false],
    [1205, 'lock-timeout', true],
    [1213, 'deadlock', true],
    [1020, 'serialization-failure', true],
    [1317, 'aborted', false],
    [1969, 'statement-timeout', false],
    [3024, 'statement-timeout', false],
    [1040, 'connection', true],
    [1053, 'connection', true],
    [1927, 'connection', true],
    [1045, 'connection', false],
    [1049, 'connection', false],
    [1290, 'driver', false],
    [1142, 'permission-denied', false],
    [1064, 'driver', false],
    [99_999, 'driver', false],
  ])('%i is %s', (errno, code, retryable) => {
    const error = mysqlError({ errno, message: 'it was \'hunter2\' near "hunter2"' });
    expect(error).toMatchObject({ code, retryable, outcome: 'rolled-back' });
    expect(error.message).not.toContain('hunter2');
  });

  it('of a server that takes no writes is a connection that may be another one', () => {
    const message = 'The MariaDB server is running with the --read-only option so it cannot execute this statement';
    expect(mysqlError({ errno: 1290, message })).toMatchObject({ code: 'connection', retryable: true });
  });

  it('of a connection that the server closed leaves open what the work that waited was', () => {
    const error = mysqlError({ errno: 1053, message: 'Server shutdown in progress' }, {}, undefined, 'unknown');
    expect(error).toMatchObject({ code: 'connection', outcome: 'unknown', retryable: false });
  });

  it('keeps the names of what is not there, and masks all else that is quoted', () => {
    expect(redactMysql({ errno: 1054, message: "Unknown column 'a' in 'field list'" })).toContain("'a'");
    expect(redactMysql({ errno: 1064, message: "near 'SELECT 'x' AND' at line 1" })).toBe("near '…' at line 1");
    expect(redactMysql({ errno: 1, message: "Can't do that: 'hunter2 cut sh" })).toBe("Can't do that: '…'");
  });

  it('is read in a time that grows with its length only', () => {
    const message = `Incorrect integer value: '${'for column `a'.repeat(40_000)}' for column \`d\`.\`t\`.\`c\` at row 1`;
    expect(told(1366, message)).toEqual({ table: 't', columns: ['c'] });
    expect(told(1062, `Duplicate entry '${" for key '".repeat(40_000)}' for key 'k'`)).toEqual({ constraint: 'k' });
  });
});
