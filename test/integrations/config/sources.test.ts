import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type ConfigSources, loadConfig, type ServerDatabase } from '../../../integrations/config/index.ts';
import { readServerOptions, revealSecret, Secret, type ServerOptions } from '../../../src/port.ts';
import { temporaryFiles } from './temporary-files.ts';

const { folder, write } = temporaryFiles();

/** A server's options with what is secret in them revealed. */
async function revealed({ url, password, ...rest }: ServerOptions) {
  return {
    ...rest,
    ...(url === undefined ? {} : { url: await revealSecret(url) }),
    ...(password === undefined ? {} : { password: await revealSecret(password) }),
  };
}

/** The database `main` of the sources. */
async function main(sources: Omit<ConfigSources, 'expect'>) {
  const { databases } = await loadConfig({ env: false, ...sources, expect: { main: 'server' } });
  return revealed(databases.main);
}

const YAML = `
databases:
  main:
    host: db.example.org
    port: 5433
    database: library
    user: ada
    password: hunter2
    connectTimeout: 2000
    ssl: { ca: PEM, key: PEM2, rejectUnauthorized: true }
    pool:
      min: 2
      max: 20
      strict: true
`;
const TOML = `
[databases.main]
host = "db.example.org"
port = 5433
database = "library"
user = "ada"
password = "hunter2"
connectTimeout = 2000
ssl = { ca = "PEM", key = "PEM2", rejectUnauthorized = true }
[databases.main.pool]
min = 2
max = 20
strict = true
`;
const VALUES = {
  host: 'db.example.org',
  port: 5433,
  database: 'library',
  user: 'ada',
  password: 'hunter2',
  connectTimeout: 2000,
  ssl: { ca: 'PEM', key: 'PEM2', rejectUnauthorized: true },
  pool: { min: 2, max: 20, strict: true },
};

describe('the same configuration', () => {
  it.each<[string, () => Omit<ConfigSources, 'expect'>]>([
    ['a YAML file', () => ({ file: write('same.yaml', YAML) })],
    ['a file that ends in yml', () => ({ file: write('same.YML', YAML) })],
    ['a TOML file', () => ({ file: write('same.toml', TOML) })],
    ['a JSON file', () => ({ file: write('same.json', JSON.stringify({ databases: { main: VALUES } })) })],
    ['a file by its URL', () => ({ file: pathToFileURL(write('url.yaml', YAML)) })],
    ['a file that a variable names', () => ({ env: { MESHESTRA_CONFIG: write('named.yaml', YAML) } })],
    ['explicit values', () => ({ values: { databases: { main: VALUES } } })],
  ])('comes from %s', async (_, sources) => {
    const { ssl, ...rest } = await main(sources());
    const { ssl: expected, ...others } = VALUES;
    expect(rest).toEqual(others);
    expect(ssl).toEqual({ ...expected, key: expect.any(Secret) });
  });

  it('comes from environment variables, which are numbers and truths where they must be', async () => {
    const env = {
      MESHESTRA_MAIN_HOST: 'db.example.org',
      MESHESTRA_MAIN_PORT: '5433',
      MESHESTRA_MAIN_DATABASE: 'library',
      MESHESTRA_MAIN_USER: 'ada',
      MESHESTRA_MAIN_PASSWORD: '12345',
      MESHESTRA_MAIN_CONNECT_TIMEOUT: '2000',
      MESHESTRA_MAIN_SSL: 'true',
      MESHESTRA_MAIN_POOL_MIN: '2',
      MESHESTRA_MAIN_POOL_MAX: '20',
      MESHESTRA_MAIN_POOL_IDLE_TIMEOUT: '60000',
      MESHESTRA_MAIN_POOL_STRICT: 'true',
    };
    const { ssl: _, ...rest } = VALUES;
    expect(await main({ env })).toEqual({
      ...rest,
      password: '12345',
      ssl: true,
      pool: { min: 2, max: 20, idleTimeout: 60_000, strict: true },
    });
  });

  it('comes from a URL, in a variable or by itself', async () => {
    const url = 'postgres://ada:hunter2@db.example.org:5433/library?pool.max=20';
    expect(await main({ env: { MESHESTRA_MAIN_URL: url } })).toEqual({ url });
    expect(await main({ env: { DATABASE_URL: url } })).toEqual({ url });
    expect(await revealed((await loadConfig(url)).databases.main as ServerDatabase)).toEqual({ url });
  });

  it('comes from a file by its name alone', async () => {
    const { databases } = await loadConfig(write('alone.yaml', YAML));
    expect(await revealed(databases.main as ServerDatabase)).toMatchObject({ host: 'db.example.org' });
  });

  it('is what the adapters read', async () => {
    const url = 'one://ada:p%40ss@h:5/a?pool.max=20';
    const { databases } = await loadConfig({ env: { DATABASE_URL: url }, expect: { main: 'server' } });
    const settings = readServerOptions(databases.main, { protocols: ['one:'], port: 1 });
    expect(settings).toMatchObject({ host: 'h', port: 5, user: 'ada', database: 'a', pool: { max: 20 } });
    expect(await revealSecret(settings.password ?? '')).toBe('p@ss');
  });

  it('is empty without sources, and reads the process’s variables unless told otherwise', async () => {
    const { databases } = await loadConfig({ env: false });
    expect(databases).toEqual({});
    expect('constructor' in databases).toBe(false);
    process.env.MESHESTRA_CONFIGTEST_HOST = 'h';
    try {
      expect((await loadConfig({ expect: { configtest: 'server' } })).databases.configtest).toEqual({ host: 'h' });
    } finally {
      delete process.env.MESHESTRA_CONFIGTEST_HOST;
    }
  });
});

describe('of several sources', () => {
  const file = write('layers.yaml', YAML);

  it('explicit values win over variables, and these over the file, option by option', async () => {
    const env = { MESHESTRA_MAIN_PORT: '1', MESHESTRA_MAIN_USER: 'env', MESHESTRA_MAIN_POOL_MAX: '30' };
    const values = { databases: { main: { user: 'explicit', pool: { min: 5 } } } };
    expect(await main({ file, env, values })).toMatchObject({
      host: 'db.example.org',
      port: 1,
      user: 'explicit',
      pool: { min: 5, max: 30, strict: true },
    });
  });

  it('DATABASE_URL gives way to the variables with the prefix', async () => {
    const env = { DATABASE_URL: 'one://common', MESHESTRA_MAIN_URL: 'one://own' };
    expect(await main({ env })).toEqual({ url: 'one://own' });
  });

  it('a URL replaces the whole address of a weaker source, and keeps its pool and its encryption', async () => {
    const { ssl, ...rest } = await main({ file, env: { DATABASE_URL: 'one://elsewhere' } });
    expect(rest).toEqual({ url: 'one://elsewhere', connectTimeout: 2000, pool: VALUES.pool });
    expect(ssl).toMatchObject({ ca: 'PEM' });
  });

  it('a URL that speaks of encryption replaces that too', async () => {
    expect(await main({ file, env: { DATABASE_URL: 'one://h?sslmode=disable' } })).not.toHaveProperty('ssl');
  });

  it('parts beside a weaker URL win over its parts', async () => {
    const env = { DATABASE_URL: 'one://ada@h:1/a' };
    const { databases } = await loadConfig({
      env,
      values: { databases: { main: { port: 2 } } },
      expect: { main: 'server' },
    });
    expect(readServerOptions(databases.main, { protocols: ['one:'], port: 9 })).toMatchObject({ host: 'h', port: 2 });
  });

  it('a server replaces a file, and a file a server', async () => {
    const values = { databases: { main: { path: 'app.db' } } };
    expect(
      await main({
        values: {},
        file: write('p.yaml', 'databases: { main: { path: app.db } }'),
        env: { MESHESTRA_MAIN_HOST: 'h' },
      }),
    ).toEqual({ host: 'h' });
    const { databases } = await loadConfig({ env: { DATABASE_URL: 'one://h' }, values, expect: { main: 'file' } });
    expect(databases.main).toEqual({ path: 'app.db' });
  });

  it('a path replaces another one with all that belonged to it', async () => {
    const readOnly = write('read-only.yaml', 'databases: { main: { path: a.db, readOnly: true } }');
    const { databases } = await loadConfig({
      file: readOnly,
      env: { MESHESTRA_MAIN_PATH: 'b.db' },
      expect: { main: 'file' },
    });
    expect(databases.main).toEqual({ path: 'b.db' });
  });

  it('an option that is undefined hides nothing', async () => {
    const values = { databases: { main: { host: undefined, pool: { max: undefined } } } };
    const found = await main({ file, values: values as never });
    expect(found).toMatchObject({ host: 'db.example.org' });
  });

  it('an empty variable is not set', async () => {
    expect(await main({ file, env: { MESHESTRA_MAIN_HOST: '', DATABASE_URL: '' } })).toMatchObject({
      host: 'db.example.org',
    });
  });

  it('variables may begin otherwise', async () => {
    const env = { APP_MAIN_HOST: 'h', APP_CONFIG: file, MESHESTRA_MAIN_HOST: 'other' };
    expect(await main({ env, prefix: 'APP_' })).toMatchObject({ host: 'h', port: 5433 });
  });
});

describe('a password', () => {
  it('may be a function, which is asked when it is needed', async () => {
    let asked = 0;
    const password = () => {
      asked += 1;
      return `token ${asked}`;
    };
    const values = { databases: { main: { host: 'h', password } } };
    const { databases } = await loadConfig({ env: false, values, expect: { main: 'server' } });
    expect(asked).toBe(0);
    expect(await revealSecret(databases.main.password ?? '')).toBe('token 1');
    expect(await revealSecret(databases.main.password ?? '')).toBe('token 2');
  });

  it('may be a secret already', async () => {
    const password = new Secret('hunter2');
    const values = { databases: { main: { url: new Secret('one://h'), password } } };
    expect(await main({ values })).toEqual({ url: 'one://h', password: 'hunter2' });
  });
});

describe('several databases', () => {
  const file = write(
    'several.yaml',
    `
databases:
  main:
    primary: { url: "one://ada:hunter2@primary/a", pool: { max: 20 }, ssl: true }
    replicas:
      - host: replica-1
      - url: one://eve@replica-2/b
        pool: { max: 40 }
  read-model: { host: h }
  archive: { path: data/archive.db, readOnly: true }
`,
  );

  it('stand in one file, each of its kind', async () => {
    const { databases } = await loadConfig({
      file,
      env: false,
      expect: { main: 'replicated', 'read-model': 'server', archive: 'file' },
    });
    const { primary, replicas } = databases.main;
    expect(await revealed(primary)).toEqual({ url: 'one://ada:hunter2@primary/a', pool: { max: 20 }, ssl: true });
    expect(await Promise.all(replicas.map(revealed))).toEqual([
      { url: 'one://ada:hunter2@primary/a', host: 'replica-1', pool: { max: 20 }, ssl: true },
      { url: 'one://eve@replica-2/b', pool: { max: 40 }, ssl: true },
    ]);
    expect(databases['read-model']).toEqual({ host: 'h' });
    expect(databases.archive).toEqual({ path: join(folder, 'data/archive.db'), readOnly: true });
  });

  it('are all there where none is named, and only those that are named otherwise', async () => {
    const all = await loadConfig({ file, env: { MESHESTRA_OTHER_HOST: 'o' } });
    expect(Object.keys(all.databases).sort()).toEqual(['archive', 'main', 'other', 'read-model']);
    const some = await loadConfig({ file, env: { MESHESTRA_OTHER_HOST: 'o' }, expect: { archive: 'file' } });
    expect(Object.keys(some.databases)).toEqual(['archive']);
  });

  it('have variables by their names', async () => {
    const env = {
      MESHESTRA_READ_MODEL_HOST: 'i',
      MESHESTRA_ARCHIVE_PATH: '/srv/a.db',
      MESHESTRA_ARCHIVE_READ_ONLY: 'false',
    };
    const { databases } = await loadConfig({ file, env, expect: { 'read-model': 'server', archive: 'file' } });
    expect(databases).toEqual({ 'read-model': { host: 'i' }, archive: { path: '/srv/a.db', readOnly: false } });
  });

  it('may be a server that is expected to have replicas, and has none', async () => {
    const { databases } = await loadConfig({ env: { DATABASE_URL: 'one://h' }, expect: { main: 'replicated' } });
    expect(databases.main.replicas).toEqual([]);
    expect(await revealed(databases.main.primary)).toEqual({ url: 'one://h' });
  });

  it('have replicas by numbered variables, in their order, with gaps', async () => {
    const env = {
      MESHESTRA_MAIN_REPLICA_10_HOST: 'ten',
      MESHESTRA_MAIN_REPLICA_2_HOST: 'two',
      MESHESTRA_MAIN_REPLICA_2_POOL_MAX: '3',
      MESHESTRA_MAIN_HOST: 'primary',
      MESHESTRA_MAIN_USER: 'ada',
    };
    for (const expect_ of [undefined, { main: 'replicated' as const }]) {
      const { databases } = await loadConfig({ env, ...(expect_ && { expect: expect_ }) });
      expect(databases.main).toEqual({
        primary: { host: 'primary', user: 'ada' },
        replicas: [
          { host: 'two', user: 'ada', pool: { max: 3 } },
          { host: 'ten', user: 'ada' },
        ],
      });
    }
  });

  it('give their longest name the variable that could be of two', async () => {
    const expectations = { main: 'server', main_pool: 'server' } as const;
    const env = { MESHESTRA_MAIN_POOL_HOST: 'h', MESHESTRA_MAIN_HOST: 'i' };
    const { databases } = await loadConfig({ env, expect: expectations });
    expect(databases).toEqual({ main: { host: 'i' }, main_pool: { host: 'h' } });
  });

  it('leave variables of others alone', async () => {
    const env = { MESHESTRA_TEST_PG_URL: 'one://h', MESHESTRA_LEVEL: 'x', DATABASE_URL: 'one://h' };
    expect((await loadConfig({ env, expect: {} })).databases).toEqual({});
    expect(Object.keys((await loadConfig({ env })).databases)).toEqual(['main', 'test_pg']);
  });
});

describe('a database in a file', () => {
  it.each([
    ['sqlite:app.db', { path: 'app.db' }],
    ['sqlite://data/app.db', { path: 'data/app.db' }],
    ['sqlite:///srv/app.db', { path: '/srv/app.db' }],
    ['sqlite::memory:', { path: ':memory:' }],
    ['SQLITE:app.db', { path: 'app.db' }],
    ['file:app.db?mode=ro', { path: 'app.db', readOnly: true }],
    ['file:///srv/a%20b.db?mode=rwc', { path: '/srv/a b.db' }],
    ['file:a%25b.db', { path: 'a%b.db' }],
  ])('may be named by the URL %s', async (url, expected) => {
    const { databases } = await loadConfig({ env: { DATABASE_URL: url }, expect: { main: 'file' } });
    expect(databases.main).toEqual(expected);
  });

  it('that a configuration file names is meant from there, unless it is in memory', async () => {
    const text =
      'databases: { a: { path: ./a.db }, b: { url: "sqlite:b.db" }, c: { path: ":memory:" }, d: { path: /srv/d.db } }';
    const { databases } = await loadConfig({ file: write('files.yaml', text), env: false });
    expect(databases).toEqual({
      a: { path: join(folder, 'a.db') },
      b: { path: join(folder, 'b.db') },
      c: { path: ':memory:' },
      d: { path: '/srv/d.db' },
    });
  });
});

describe('a reference in a file', () => {
  const env = { HOST: 'h', PORT: '7', PASS: 'a: "b" ${HOST}\n#', EMPTY: '' };

  it.each([
    ['${HOST}', 'h'],
    ['x-${HOST}-${HOST}-y', 'x-h-h-y'],
    ['${MISSING:-fallback}', 'fallback'],
    ['${EMPTY:-fallback}', 'fallback'],
    ['${MISSING:-}', ''],
    ['$${HOST}', '${HOST}'],
    ['$HOST {HOST} $', '$HOST {HOST} $'],
  ])('%s is %s', async (text, expected) => {
    const file = write('reference.json', JSON.stringify({ databases: { main: { user: text } } }));
    expect(await main({ file, env })).toEqual({ user: expected });
  });

  it('may stand for a number, and never becomes syntax', async () => {
    const file = write('reference.yaml', 'databases: { main: { port: "${PORT}", password: "${PASS}" } }');
    expect(await main({ file, env })).toEqual({ port: 7, password: env.PASS });
  });

  it('may stand in a list', async () => {
    const file = write('list.yaml', 'databases: { main: { host: p, replicas: [{ host: "${HOST}" }] } }');
    const { databases } = await loadConfig({ file, env, expect: { main: 'replicated' } });
    expect(databases.main.replicas).toEqual([{ host: 'h' }]);
  });

  it('is a text like any other outside of files', async () => {
    expect(await main({ values: { databases: { main: { host: '${HOST}' } } }, env })).toEqual({ host: '${HOST}' });
  });
});
