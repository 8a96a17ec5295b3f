import { describe, expect, it } from 'vitest';
import { readServerOptions, Secret, type ServerOptions } from '../../../src/port.ts';

const defaults = { protocols: ['one:', 'uno:'], port: 1111, parameters: ['application_name'], options: ['schema'] };
const read = (options: object) => readServerOptions(options as ServerOptions, defaults);

describe('the options of a server', () => {
  it('are complete without any', () => {
    expect(read({})).toEqual({
      host: 'localhost',
      port: 1111,
      ssl: false,
      connectTimeout: 10_000,
      pool: {},
      parameters: new Map(),
    });
  });

  it('come from the URL, and what is given beside it wins', () => {
    const url =
      'uno://ada:hunter2@h:5/a?application_name=web&pool.max=20&pool.strict=true&sslmode=require&connect_timeout=2';
    const settings = read({ url });
    expect(settings).toMatchObject({
      host: 'h',
      port: 5,
      database: 'a',
      user: 'ada',
      ssl: { rejectUnauthorized: false },
      connectTimeout: 2000,
      pool: { max: 20, strict: true },
      parameters: new Map([['application_name', 'web']]),
    });
    expect(settings.password).toBeInstanceOf(Secret);
    const given = { host: 'i', port: 6, database: 'b', user: 'eve', password: 'own', ssl: true, connectTimeout: 1 };
    expect(read({ url, ...given, pool: { max: 3 }, schema: 's' })).toMatchObject({
      ...given,
      ssl: {},
      pool: { max: 3, strict: true },
    });
  });

  it('take the URL as a secret, and a socket from its parameter', () => {
    const { host, database } = read({ url: new Secret('one:///a?host=/run/one') });
    expect({ host, database }).toEqual({ host: '/run/one', database: 'a' });
  });

  it.each([
    ['sslmode=disable', false],
    ['ssl-mode=DISABLED', false],
    ['ssl=false', false],
    ['ssl=true', {}],
    ['sslmode=verify-full', {}],
    ['ssl-mode=VERIFY_IDENTITY', {}],
    ['ssl-mode=REQUIRED', { rejectUnauthorized: false }],
    ['sslmode=no-verify', { rejectUnauthorized: false }],
  ])('read %s', (query, ssl) => {
    expect(read({ url: `one://h?${query}` }).ssl).toEqual(ssl);
  });

  it('pass TLS on as it is given', () => {
    const ssl = { ca: 'ca', cert: 'cert', key: new Secret('key'), rejectUnauthorized: true, servername: 'h' };
    expect(read({ ssl }).ssl).toBe(ssl);
    expect(read({ ssl: false }).ssl).toBe(false);
  });

  it.each<[object, string]>([
    [{ hots: 'h' }, "hots: there is no such option; did you mean 'host'?"],
    [{ Schema: 's' }, "Schema: there is no such option; did you mean 'schema'?"],
    [{ host: 1 }, 'host: must be a text'],
    [{ database: null }, 'database: must be a text'],
    [{ user: {} }, 'user: must be a text'],
    [{ url: 5 }, 'url: must be a text or a Secret'],
    [{ password: 5 }, 'password: must be a text, a Secret or a function'],
    [{ password: { reveal: 'x' } }, 'password: must be'],
    [{ port: '5432' }, 'port: must be a whole number from 1 to 65535'],
    [{ port: 0 }, 'port: must be'],
    [{ port: 70_000 }, 'port: must be'],
    [{ port: 1.5 }, 'port: must be'],
    [{ connectTimeout: 0 }, 'connectTimeout: must be'],
    [{ connectTimeout: Infinity }, 'connectTimeout: must be'],
    [{ ssl: 'require' }, 'ssl: must be true, false, or an object'],
    [{ ssl: null }, 'ssl: must be true, false, or an object'],
    [{ ssl: { key: 1 } }, 'ssl.key: must be a text in PEM or a Secret'],
    [{ ssl: { rejectUnauthorised: false } }, "did you mean 'rejectUnauthorized'?"],
    [{ ssl: { rejectUnauthorized: 'no' } }, 'ssl.rejectUnauthorized: must be true or false'],
    [{ pool: 5 }, 'pool: must be an object of options'],
    [{ pool: { maks: 5 } }, "pool.maks: there is no such option; did you mean 'max'?"],
    [{ url: 'other://h' }, 'url: must begin with one:// or uno://, not other://'],
    [{ url: 'one://h?sslmod=require' }, "url: there is no parameter 'sslmod'; did you mean 'sslmode'?"],
    [{ url: 'one://h?sslmode=prefer' }, "url: the parameter 'sslmode' must be one of"],
    [{ url: 'one://h?pool.max=many' }, "url: the parameter 'pool.max' must be a number"],
    [{ url: 'one://h?pool.maks=1' }, 'pool.maks: there is no such option'],
    [{ url: 'one://h?connect_timeout=' }, "url: the parameter 'connect_timeout' must be a number"],
    [{ url: 'one://h?connect_timeout=0' }, "url: the parameter 'connect_timeout' must be above zero seconds"],
  ])('are refused: %o', (options, message) => {
    expect(() => read(options)).toThrow(message);
    expect(() => read(options)).toThrow(expect.objectContaining({ code: 'configuration' }));
  });

  it('never show a value that is wrong', () => {
    const value = 'hunter2';
    const wrong = [{ url: value }, { password: [value] }, { ssl: value }, { port: value }, { pool: { max: value } }];
    for (const options of [...wrong, { url: `other://ada:${value}@h` }, { url: `one://ada@h?sslmode=${value}` }]) {
      expect(() => read(options)).toThrow(expect.objectContaining({ code: 'configuration' }));
      expect(() => read(options)).not.toThrow(value);
    }
  });
});
