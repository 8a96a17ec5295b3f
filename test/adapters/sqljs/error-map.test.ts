import { describe, expect, it } from 'vitest';
import { sqliteError } from '../../../src/dialect/sqlite/error-map.ts';

describe("SQLite's failures as Meshestra's errors", () => {
  it.each([
    ['UNIQUE constraint failed: users.email', 19, { code: 'unique-violation', table: 'users', columns: ['email'] }],
    ['UNIQUE constraint failed: a.b.x, a.b.y', 2067, { code: 'unique-violation', table: 'a', columns: ['b.x', 'b.y'] }],
    ["UNIQUE constraint failed: index 'by_lower'", 19, { code: 'unique-violation', constraint: 'by_lower' }],
    ['NOT NULL constraint failed: t.a', 1299, { code: 'not-null-violation', table: 't', columns: ['a'] }],
    ['FOREIGN KEY constraint failed', 787, { code: 'foreign-key-violation' }],
    ['CHECK constraint failed: age_range', 275, { code: 'check-violation', constraint: 'age_range' }],
    ['cannot store TEXT value in INTEGER column t.n', 3091, { code: 'check-violation', table: 't', columns: ['n'] }],
    ['datatype mismatch', 20, { code: 'check-violation' }],
    ['database is locked', 5, { code: 'lock-timeout', retryable: true }],
    ['database table is locked: t', 6, { code: 'lock-timeout' }],
    ['database or disk is full', 13, { code: 'storage-quota' }],
    ['database disk image is malformed', 11, { code: 'storage-corrupt' }],
    ['file is not a database', 26, { code: 'storage-corrupt' }],
    ['interrupted', 9, { code: 'aborted' }],
    ['no such table: t', 1, { code: 'driver', message: 'SQLite: no such table: t' }],
    ['SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.a', undefined, { code: 'unique-violation', table: 't' }],
  ])('%s', (message, code, expected) => {
    expect(sqliteError(message, code)).toMatchObject(expected);
  });

  it('masks what may be a value', () => {
    expect(sqliteError("JSON path error near 'secret'", 1).message).toBe("SQLite: JSON path error near '…'");
    expect(sqliteError('unrecognized token: "\'secret value"', 1).message).not.toContain('secret');
    expect(sqliteError("bad JSON path: 'secret'", 1).message).not.toContain('secret');
  });
});
