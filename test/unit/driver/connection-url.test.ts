import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskUrl, parseConnectionUrl } from '../../../src/port.ts';

/** The parts as plain data, with the password revealed. */
function parts(url: string) {
  const { password, parameters, ...rest } = parseConnectionUrl(url);
  return { ...rest, ...(password && { password: password.reveal() }), parameters: Object.fromEntries(parameters) };
}

describe('a connection URL', () => {
  it('gives its parts', () => {
    expect(parts('postgres://ada:pw@db.example.org:5433/library?sslmode=require&application_name=web')).toEqual({
      protocol: 'postgres:',
      user: 'ada',
      password: 'pw',
      host: 'db.example.org',
      port: 5433,
      database: 'library',
      parameters: { sslmode: 'require', application_name: 'web' },
    });
  });

  it.each([
    ['MYSQL://localhost', { protocol: 'mysql:', host: 'localhost', parameters: {} }],
    ['postgres:///library', { protocol: 'postgres:', database: 'library', parameters: {} }],
    ['postgres://[::1]:5432/a', { protocol: 'postgres:', host: '::1', port: 5432, database: 'a', parameters: {} }],
    ['postgres://ada@h', { protocol: 'postgres:', user: 'ada', host: 'h', parameters: {} }],
    ['postgres://:pw@h', { protocol: 'postgres:', password: 'pw', host: 'h', parameters: {} }],
    ['postgres://ada:@h', { protocol: 'postgres:', user: 'ada', password: '', host: 'h', parameters: {} }],
    ['postgres://h:/a', { protocol: 'postgres:', host: 'h', database: 'a', parameters: {} }],
    ['postgres://%2Frun%2Fpg/a', { protocol: 'postgres:', host: '/run/pg', database: 'a', parameters: {} }],
    ['postgres:///a?host=/run/pg', { protocol: 'postgres:', database: 'a', parameters: { host: '/run/pg' } }],
    ['x://h?a&b=&b=1=2', { protocol: 'x:', host: 'h', parameters: { a: '', b: '1=2' } }],
    ['  x://h  ', { protocol: 'x:', host: 'h', parameters: {} }],
    ['x://a%40b:p%3A%2F@h', { protocol: 'x:', user: 'a@b', password: 'p:/', host: 'h', parameters: {} }],
    ['x://a:p@ss@h', { protocol: 'x:', user: 'a', password: 'p@ss', host: 'h', parameters: {} }],
  ])('may be written as %s', (url, expected) => {
    expect(parts(url)).toEqual(expected);
  });

  it('reads what it was made of, for any text', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(text, text, text, text, text, (user, password, database, name, value) => {
        const encode = encodeURIComponent;
        const url = `x://${encode(user)}:${encode(password)}@h:1/${encode(database)}?${encode(name)}=${encode(value)}`;
        expect(parts(url)).toMatchObject({ user, password, database, parameters: { [name]: value } });
      }),
    );
  });

  it.each([
    ['no URL', 'hunter2', 'form'],
    ['no scheme', '//ada:hunter2@h', 'form'],
    ['a fragment', 'x://ada:hunter2@h/a#b', 'form'],
    ['a slash in the password', 'x://ada:hun/ter2@h/a', 'port'],
    ['a port that is no number', 'x://ada:hunter2@h:port', 'port'],
    ['a port out of range', 'x://ada:hunter2@h:65536', '1 to 65535'],
    ['a broken escape', 'x://ada:hunter2%zz@h', 'password'],
    ['several hosts', 'x://ada:hunter2@a:1,b:2/c', 'port'],
  ])('is refused, and not shown, with %s', (_, url, message) => {
    const parse = () => parseConnectionUrl(url);
    expect(parse).toThrow(message);
    expect(parse).toThrow(expect.objectContaining({ code: 'configuration' }));
    expect(parse).not.toThrow(/hunter2|hun|ter2/);
  });
});

describe('a masked URL', () => {
  it.each([
    ['postgres://ada:hunter2@h:5432/a', 'postgres://ada:***@h:5432/a'],
    ['postgres://:hunter2@h', 'postgres://:***@h'],
    ['postgres://ada@h/a', 'postgres://ada@h/a'],
    ['postgres://h:5432/a', 'postgres://h:5432/a'],
    ['postgres://ada:hun@ter2@h/a', 'postgres://ada:***@h/a'],
    ['postgres://ada:hun/ter2@h/a', 'postgres://ada:***@h/a'],
    ['postgres://ada:hun?ter2#@h/a', 'postgres://ada:***@h/a'],
    ['postgres://ada:hun ter2@h/a', 'postgres://ada:***@h/a'],
    ['ada:hunter2@h/a', 'ada:***@h/a'],
    ['file:///home/a@b/app.db', 'file:///home/a@b/app.db'],
    ['x://h?password=hunter2&a=1', 'x://h?password=***&a=1'],
    ['x://h?a=1&sslKey=hunter2', 'x://h?a=1&sslKey=***'],
    ['x://h?AUTH_TOKEN=hunter2;pwd=hunter2', 'x://h?AUTH_TOKEN=***;pwd=***'],
    ['file:app.db?cipher_key=hunter2', 'file:app.db?cipher_key=***'],
    ['file:app.db', 'file:app.db'],
    ['', ''],
  ])('of %s is %s', (url, expected) => {
    expect(maskUrl(url)).toBe(expected);
  });

  it('never shows a password, whatever it is made of', () => {
    const password = fc.string({ minLength: 4 }).filter((text) => !'postgres://ada:***@host/db'.includes(text));
    fc.assert(
      fc.property(password, (text) => {
        expect(maskUrl(`postgres://ada:${text}@host/db`)).toBe('postgres://ada:***@host/db');
      }),
    );
  });
});
