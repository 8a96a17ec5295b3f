import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isPostgresError, type PostgresErrorFields, postgresError } from '../../../../src/dialect/postgres/index.ts';

const fields = (code: string, more: Partial<PostgresErrorFields> = {}): PostgresErrorFields => ({
  code,
  severity: 'ERROR',
  message: 'the server’s words',
  ...more,
});

describe('An error of the server', () => {
  it.each([
    ['23505', 'unique-violation', false],
    ['23503', 'foreign-key-violation', false],
    ['23001', 'foreign-key-violation', false],
    ['23502', 'not-null-violation', false],
    ['23514', 'check-violation', false],
    ['23P01', 'check-violation', false],
    ['22001', 'check-violation', false],
    ['22003', 'check-violation', false],
    ['22P02', 'check-violation', false],
    ['22021', 'check-violation', false],
    ['22012', 'driver', false],
    ['40001', 'serialization-failure', true],
    ['40P01', 'deadlock', true],
    ['55P03', 'lock-timeout', true],
    ['57014', 'statement-timeout', false],
    ['25P02', 'transaction-scope', false],
    ['42501', 'permission-denied', false],
    ['42P01', 'driver', false],
    ['42601', 'driver', false],
    ['53300', 'connection', true],
    ['57P01', 'connection', true],
    ['57P03', 'connection', true],
    ['08006', 'connection', true],
    ['28P01', 'connection', false],
    ['3D000', 'connection', false],
    ['40003', 'connection', false],
    ['', 'driver', false],
  ])('%s is %s', (code, expected, retryable) => {
    expect(postgresError(fields(code))).toMatchObject({ code: expected, retryable });
  });

  it('has an unknown outcome only where that is so', () => {
    expect(postgresError(fields('57P01')).outcome).toBe('rolled-back');
    expect(postgresError(fields('57P01'), { outcome: 'unknown' })).toMatchObject({
      outcome: 'unknown',
      retryable: false,
    });
    expect(postgresError(fields('40003')).outcome).toBe('unknown');
  });

  it('tells a cancelled statement from one that ran for too long', () => {
    const message = 'canceling statement due to user request';
    expect(postgresError(fields('57014', { message })).code).toBe('aborted');
    expect(postgresError(fields('57014', { message: 'auf Anforderung' }), { cancelled: true }).code).toBe('aborted');
    expect(postgresError(fields('57014', { message: 'canceling statement due to statement timeout' })).code).toBe(
      'statement-timeout',
    );
  });

  it.each([
    ['Key (email)=(a@b) already exists.', ['email']],
    ['Schlüssel »(email)=(a@b)« existiert bereits.', ['email']],
    ['Key (shelf_id, place)=(1, 2) already exists.', ['shelf_id', 'place']],
    ['Key ("a, b", "c""d", "x)=(y")=(1, 2, 3) already exists.', ['a, b', 'c"d', 'x)=(y']],
    ['Key (größe, a$1)=(1, 2) already exists.', ['größe', 'a$1']],
    ['Key (name)=()=(x) already exists.', ['name']],
    ['Key (lower(email))=(a@b) already exists.', undefined],
    ['Key (lower(email::text), id)=(a@b, 1) already exists.', undefined],
    ['Key (unfinished', undefined],
    [undefined, undefined],
  ])('of a unique constraint with the detail %s tells the columns', (detail, columns) => {
    const error = postgresError(fields('23505', { table: 't', constraint: 't_key', detail }));
    expect(error).toMatchObject({ table: 't', constraint: 't_key' });
    expect(error.columns).toEqual(columns);
    expect(error.message).not.toContain('a@b');
  });

  it('of a foreign key tells its columns where its own row is at fault', () => {
    const broken = { table: 'books', constraint: 'books_author_fkey' };
    const missing = { ...broken, detail: 'Key (author, no)=(7)=(8, 1) is not present in table "authors".' };
    expect(postgresError(fields('23503', missing))).toMatchObject({ ...broken, columns: ['author', 'no'] });
    const referred = { ...broken, detail: 'Key (id)=(7) is still referenced from table "books".' };
    expect(postgresError(fields('23503', referred)).columns).toBeUndefined();
  });

  it.each([
    ['22P02', 'invalid input syntax for type integer: "s3cret"'],
    ['22P02', 'ungültige Eingabesyntax für Typ integer: »s3cret«'],
    ['22P02', 'invalid input syntax for type integer: "a"s3cret"b"'],
    ['22003', 'value "s3cret" is out of range for type bigint'],
    ['42601', 'syntax error at or near "\'s3cret\'"'],
    ['42601', 'unterminated quoted string at or near "\'s3cret and on"'],
  ])('%s shows nothing of what it quotes: %s', (code, message) => {
    const error = postgresError(
      fields(code, { message, detail: 'Failing row contains (s3cret).', internalQuery: 's3cret' } as object),
    );
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('s3cret');
    expect(error.cause).toMatchObject({ name: 'PostgresServerError', sqlState: code, severity: 'ERROR' });
  });

  it('keeps the words that help', () => {
    const error = postgresError(fields('42703', { message: 'column "nope" does not exist', position: '8' }));
    expect(error.message).toBe('PostgreSQL: column "nope" does not exist (42703)');
    expect(error.cause).toMatchObject({ position: 8 });
    expect(postgresError(fields('42601', { message: 'syntax error at or near "FORM"' })).message).toContain('"FORM"');
    const denied = postgresError(fields('42501', { message: 'permission denied for sequence t_id_seq' }));
    expect(denied.message).toContain('GRANT USAGE ON SEQUENCE');
  });

  it('is known by its severity and its code', () => {
    const error = Object.assign(new Error('x'), { severity: 'ERROR', code: '23505' });
    expect(isPostgresError(error)).toBe(true);
    expect(isPostgresError(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBe(false);
    expect(isPostgresError({ severity: 'ERROR', code: '23505' })).toBe(false);
  });
});
