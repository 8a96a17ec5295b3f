import { describe, expect, it } from 'vitest';
import { type ConfigSources, loadConfig } from '../../../integrations/config/index.ts';
import type { PersistenceError } from '../../../src/port.ts';
import { shown, temporaryFiles } from './temporary-files.ts';

const { write } = temporaryFiles();

/** The message of the error that loading ends with; fails where it does not. */
async function messageOf(sources: ConfigSources | string): Promise<string> {
  const error = await loadConfig(typeof sources === 'string' ? sources : { env: false, ...sources }).then(
    () => {
      throw new Error('nothing was refused');
    },
    (reason: PersistenceError) => reason,
  );
  expect(error.code).toBe('configuration');
  return error.message;
}

const yaml = (text: string) => messageOf({ file: write('wrong.yaml', text) });
const main = (options: object) => messageOf({ values: { databases: { main: options } } });

describe('Names of variables', () => {
  it('never reach the prototype of all objects', async () => {
    const env = {
      MESHESTRA___PROTO___URL: 'postgres://a:secret@h/d',
      MESHESTRA_CONSTRUCTOR_HOST: 'h',
      MESHESTRA_MAIN_URL: 'postgres://a@h/d',
    };
    await loadConfig({ env }).catch((error: unknown) => expect(error).toMatchObject({ code: 'configuration' }));
    expect([Reflect.get({}, 'url'), Reflect.get(Object, 'host')]).toEqual([undefined, undefined]);
  });
});

describe('a wrong option', () => {
  it.each<[object, string]>([
    [{ hots: 'h' }, "databases.main.hots: there is no such option; did you mean 'host'?"],
    [{ pool: { maks: 1 } }, "databases.main.pool.maks: there is no such option; did you mean 'max'?"],
    [{ ssl: { caa: 'x' } }, "databases.main.ssl.caa: there is no such option; did you mean 'ca'?"],
    [{ ssl: { ca: 5 } }, 'databases.main.ssl.ca: must be a text; put a number or a date in quotes'],
    [{ ssl: 'require' }, 'databases.main.ssl: must be true, false, or a table'],
    [{ primary: { hots: 'h' } }, "databases.main.primary.hots: there is no such option; did you mean 'host'?"],
    [{ replicas: [{}, { prot: 1 }] }, "databases.main.replicas[1].prot: there is no such option; did you mean 'port'?"],
    [{ replicas: {} }, 'databases.main.replicas: must be a list of tables'],
    [{ replicas: ['x'] }, 'databases.main.replicas[0]: must be a table of options'],
    [{ host: 5 }, 'databases.main.host: must be a text; put a number or a date in quotes'],
    [{ password: 12345 }, 'databases.main.password: must be a text, in quotes where it looks like a number'],
    [{ password: null }, 'databases.main.password: must be a text, in quotes where it looks like a number'],
    [{ url: false }, 'databases.main.url: must be a text, in quotes where it looks like a number'],
    [{ port: 'x' }, 'databases.main.port: must be a whole number from 1 to 65535'],
    [{ port: 65_536 }, 'databases.main.port: must be a whole number from 1 to 65535'],
    [{ port: 0.5 }, 'databases.main.port: must be a whole number from 1 to 65535'],
    [{ connectTimeout: '2s' }, 'databases.main.connectTimeout: must be a number'],
    [{ readOnly: 'yes' }, 'databases.main.readOnly: must be true or false'],
    [{ pool: 5 }, 'databases.main.pool: must be a table of options'],
    [{ pool: { max: 'many' } }, 'databases.main.pool.max: must be a number'],
    [{ pool: { max: -1 } }, 'databases.main.pool: pool.max: must be a whole number of at least 1, not -1'],
    [{ pool: { strict: true, min: 20 } }, 'databases.main.pool: strict: the pool'],
    [{ url: 'no url' }, 'databases.main.url: the connection URL cannot be read'],
    [{ primary: { url: 'no url' } }, 'databases.main.primary.url: the connection URL cannot be read'],
    [{ replicas: [{ url: 'x' }] }, 'databases.main.replicas[0].url: the connection URL cannot be read'],
    [{ url: 'sqlite:' }, 'databases.main.url: the URL of a database in a file cannot be read: it names no file'],
    [{ url: 'sqlite:a#b' }, 'cannot be read: it has a fragment'],
    [{ url: 'sqlite:%zz' }, 'cannot be read: its path cannot be read'],
    [{ url: 'file:a?mode=rw' }, "the parameter 'mode' must be one of ro, rwc"],
    [{ url: 'file:a?mod=ro' }, "there is no parameter 'mod'; did you mean 'mode'?"],
    [{ path: 'a', host: 'h' }, 'databases.main.host: a database in a file has a path, and no options of a server'],
    [{ path: 'a', url: 'sqlite:b' }, 'databases.main.url: a database in a file has a path, and no options of a server'],
    [{ path: 'a', replicas: [] }, 'databases.main: a database in a file has no replicas'],
    [{ primary: {}, host: 'h' }, 'databases.main.host: with primary, the options of the server belong into it'],
  ])('is told with its key: %o', async (options, message) => {
    expect(await main(options)).toContain(
      `values: ${message.startsWith('databases') ? message : 'databases.main.url'}`,
    );
    expect(await main(options)).toContain(message);
  });

  it.each<[unknown, string]>([
    [{ database: {} }, "database: there is no such option; did you mean 'databases'?"],
    [{ databases: [] }, 'databases: must be a table'],
    [{ databases: { main: 'x' } }, 'databases.main: must be a table of options'],
    [5, 'the configuration: must be a table of options'],
    [{ databases: { '1st': {} } }, 'databases.1st: the name of a database begins with a letter'],
    [
      JSON.parse('{"databases":{"__proto__":{"host":"h"}}}'),
      'databases.__proto__: the name of a database begins with a letter',
    ],
    [
      JSON.parse('{"databases":{"main":{"__proto__":{"host":"h"}}}}'),
      'databases.main.__proto__: there is no such option',
    ],
    [JSON.parse('{"__proto__":{"databases":{}}}'), '__proto__: there is no such option'],
  ])('is told at the top, too: %j', async (values, message) => {
    expect(await messageOf({ values: values as never })).toContain(`values: ${message}`);
  });

  it('does not keep the others from being told', async () => {
    const file = write('all.yaml', 'databases:\n  main:\n    prot: 1\n    pool:\n      maks: 2\n');
    const sources = { file, env: { MESHESTRA_MAIN_PORT: 'x' }, values: { databases: { main: { host: 5 } } } };
    expect((await messageOf(sources as never)).split('\n')).toEqual([
      'the configuration has 4 problems:',
      `  ${shown(file)}:5: databases.main.pool.maks: there is no such option; did you mean 'max'?`,
      `  ${shown(file)}:3: databases.main.prot: there is no such option; did you mean 'port'?`,
      '  MESHESTRA_MAIN_PORT: databases.main.port: must be a whole number from 1 to 65535',
      '  values: databases.main.host: must be a text; put a number or a date in quotes',
    ]);
  });
});

describe('a wrong file', () => {
  it('is told with the line where the parser knows it', async () => {
    const file = shown(write('wrong.yaml', ''));
    expect(await yaml('databases:\n  main:\n    host: 5\n')).toBe(
      `${file}:3: databases.main.host: must be a text; put a number or a date in quotes`,
    );
    expect(await yaml('databases:\n  main:\n    host: a\n    host: b\n')).toBe(`${file}:4: YAML: duplicate key`);
    expect(await yaml('databases:\n  main: *nowhere\n')).toContain('YAML: an alias refers to an anchor');
    const toml = write('wrong.toml', '[databases.main]\nhost = "a"\nhost = "b"\n');
    expect(await messageOf({ file: toml })).toBe(
      `${shown(toml)}:3: TOML: trying to redefine an already defined table or value`,
    );
    const json = write('wrong.json', '{\n  "databases": {\n    "main": { "host" "h" }\n  }\n}');
    expect(await messageOf({ file: json })).toBe(`${shown(json)}:3: JSON: it cannot be read`);
  });

  it('is told by its name where it does not', async () => {
    const toml = write('key.toml', '[databases.main]\nhost = 5\n');
    expect(await messageOf({ file: toml })).toBe(
      `${shown(toml)}: databases.main.host: must be a text; put a number or a date in quotes`,
    );
  });

  it('may hold nothing, which is no mistake', async () => {
    expect((await loadConfig({ file: write('empty.yaml', ''), env: false })).databases).toEqual({});
  });

  it('is told when it is not there, or of another kind', async () => {
    expect(await messageOf('nowhere/app.yaml')).toBe(
      'nowhere/app.yaml: the configuration file cannot be read (ENOENT)',
    );
    expect(await messageOf({ env: { MESHESTRA_CONFIG: 'nowhere.json' } })).toContain('nowhere.json: the configuration');
    const ini = write('app.ini', 'a=b');
    expect(await messageOf({ file: ini })).toBe(
      `${shown(ini)}: a configuration file ends in one of .yaml, .yml, .toml, .json`,
    );
  });

  it('is told of references that lead nowhere, with their lines', async () => {
    const file = shown(write('wrong.yaml', ''));
    const text = 'databases:\n  main:\n    user: ${NOBODY}\n    password: "${not a name}"\n';
    expect((await yaml(text)).split('\n').slice(1)).toEqual([
      `  ${file}:3: databases.main.user: the variable NOBODY is not set`,
      `  ${file}:4: databases.main.password: a reference has the form \${NAME} or \${NAME:-default}, and $\${ stands for \${`,
    ]);
  });

  it('that would fill the memory by its aliases is refused', async () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 9; level += 1) {
      const alias = `*a${level - 1}`;
      lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => alias).join(', ')}]`);
    }
    expect(await yaml(lines.join('\n'))).toContain(
      'YAML: an alias refers to an anchor that is not there, or too many do',
    );
  });
});

describe('a wrong variable', () => {
  it('of a database that is known is told, with what it may have meant', async () => {
    const env = {
      MESHESTRA_MAIN_PASWORD: 'hunter2',
      MESHESTRA_MAIN_REPLICA_1_PRT: '1',
      MESHESTRA_MAIN_REPLICA_0_HOST: 'h',
    };
    const message = await messageOf({ env, expect: { main: 'server' } });
    expect(message.split('\n')).toEqual([
      'the configuration has 3 problems:',
      "  MESHESTRA_MAIN_PASWORD: there is no such variable; did you mean 'MESHESTRA_MAIN_PASSWORD'?",
      expect.stringContaining('  MESHESTRA_MAIN_REPLICA_1_PRT: there is no such variable; '),
      expect.stringContaining('  MESHESTRA_MAIN_REPLICA_0_HOST: there is no such variable; '),
    ]);
  });

  it('is named where its value is wrong', async () => {
    const env = { DATABASE_URL: 'hunter2', MESHESTRA_MAIN_REPLICA_3_POOL_MAX: 'many' };
    expect((await messageOf({ env })).split('\n').slice(1)).toEqual([
      expect.stringContaining('  DATABASE_URL: databases.main.url: the connection URL cannot be read'),
      '  MESHESTRA_MAIN_REPLICA_3_POOL_MAX: databases.main.replicas[0].pool.max: must be a number',
    ]);
  });
});

describe('a database that is expected', () => {
  const values = {
    databases: { server: { host: 'h' }, file: { path: 'f' }, copied: { host: 'h', replicas: [{ host: 'i' }] } },
  };

  it.each([
    ['nothing', 'server', 'databases.nothing: it is missing; no source has it'],
    ['constructor', 'server', 'databases.constructor: it is missing; no source has it'],
    ['server', 'file', 'databases.server: it must have a path: it is a server'],
    ['file', 'server', 'databases.file: it must be a server: it has a path'],
    ['file', 'replicated', 'databases.file: it must be a server: it has a path'],
    ['copied', 'server', 'databases.copied: it has replicas, so it must be expected as replicated'],
    ['copied', 'file', 'databases.copied: it must have a path: it is a server'],
  ] as const)('and is not what it is to be is told: %s as %s', async (name, kind, message) => {
    expect(await messageOf({ values, expect: { [name]: kind } })).toBe(message);
  });
});
