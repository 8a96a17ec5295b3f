import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../integrations/config/index.ts';
import { temporaryFiles } from './temporary-files.ts';

const { write } = temporaryFiles();
const SECRET = 'hunter2';

/** Everything that may be printed of a value. */
function printed(value: unknown): string {
  const parts = [JSON.stringify(value), inspect(value, { depth: 9, showHidden: true }), String(value)];
  if (value instanceof Error) parts.push(value.message, value.stack ?? '', inspect(value.cause, { depth: 9 }));
  return parts.join('\n');
}

describe('a configuration', () => {
  it('shows itself without its secrets', async () => {
    const file = write(
      'secrets.yaml',
      `
databases:
  main:
    primary:
      url: postgres://ada:${SECRET}@h/a?sslkey=${SECRET}
      password: ${SECRET}
      ssl: { key: ${SECRET} }
    replicas:
      - url: postgres://ada:${SECRET}@i/a
      - password: ${SECRET}
        host: i
`,
    );
    const config = await loadConfig({
      file,
      env: { DATABASE_URL: `x://ada:${SECRET}@h`, MESHESTRA_OTHER_PASSWORD: SECRET },
    });
    expect(printed(config)).not.toContain(SECRET);
    expect(printed(config)).toContain('x://ada:***@h');
    expect(JSON.stringify(config.databases.other)).toBe('{"password":"***"}');
  });

  it('shows a URL that is otherwise readable', async () => {
    const { databases } = await loadConfig({
      env: { DATABASE_URL: `x://ada:${SECRET}@h/a?pool.max=1` },
      expect: { main: 'server' },
    });
    expect(`${databases.main.url}`).toBe('x://ada:***@h/a?pool.max=1');
    expect(databases.main.url?.reveal()).toBe(`x://ada:${SECRET}@h/a?pool.max=1`);
  });
});

describe('an error', () => {
  it.each<[string, string]>([
    ['yaml', `password: "${SECRET}\n`],
    ['yaml', `password: *${SECRET}\n`],
    ['yaml', `password: !${SECRET} x\n`],
    ['yaml', `password: @${SECRET}\n`],
    ['yaml', `a: b: ${SECRET}\n`],
    ['yaml', `? {${SECRET}: 1}\n: 2\n? {${SECRET}: 1}\n: 2\n`],
    ['yaml', `%${SECRET}\n---\n- [`],
    ['yaml', `databases: { main: { password: "\${${SECRET}-}" } }`],
    ['yaml', `databases: { main: { port: ${SECRET}, url: "${SECRET}", ssl: ${SECRET}, pool: { max: ${SECRET} } } }`],
    ['yaml', `databases: { main: { password: [${SECRET}], host: { a: ${SECRET} }, path: 5, readOnly: ${SECRET} } }`],
    ['yaml', `databases: { main: { url: "other://ada:${SECRET}@h:x" } }`],
    ['yaml', SECRET],
    ['yaml', `databases: { main: { password:${SECRET} } }`],
    ['yaml', `databases: { password:${SECRET}: { x: 1 } }`],
    ['yaml', `databases: { main: { password:${SECRET}: "\${MISSING}" } }`],
    ['yaml', `databases: { main: { password:${SECRET}: a, pool: { ${SECRET}.x: 1 } } }`],
    ['yaml', `databases: { main: { ssl: { "key ${SECRET}": 1 } } }`],
    ['yaml', `- ${SECRET}`],
    ['toml', `password = ${SECRET}\n`],
    ['toml', `password = "${SECRET}\n`],
    ['toml', `password = "${SECRET}" ${SECRET}\n`],
    ['toml', `password = "\\u${SECRET}"\n`],
    ['toml', `password = 12:34:${SECRET}\n`],
    ['toml', `[databases.main]\npassword = 5\nhost = 5\nport = "${SECRET}"\n`],
    ['json', `{ "password": ${SECRET} }`],
    ['json', `{ "password": "${SECRET}" "${SECRET}" }`],
    ['json', `{ "password": "${SECRET}\n" }`],
    ['json', SECRET],
    ['json', JSON.stringify(SECRET)],
  ])('of a %s file shows nothing of what it holds: %s', async (ending, text) => {
    const file = write(`broken.${ending}`, text);
    const warnings: unknown[] = [];
    const onWarning = (warning: unknown) => warnings.push(warning);
    process.on('warning', onWarning);
    const error = await loadConfig({ file, env: {} }).then(
      () => null,
      (reason: unknown) => reason,
    );
    // Node tells of warnings a moment later.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
    expect(error).toMatchObject({ code: 'configuration' });
    expect(printed(error)).not.toContain(SECRET);
  });

  it('of an explicit value or a variable shows nothing of it, whatever it is', async () => {
    const option = fc.constantFrom(
      'url',
      'port',
      'ssl',
      'host',
      'password',
      'connectTimeout',
      'pool',
      'replicas',
      'primary',
    );
    const value = fc.constantFrom(SECRET, [SECRET], { a: SECRET }, { max: SECRET }, [{ port: SECRET }], {
      url: SECRET,
    });
    await fc.assert(
      fc.asyncProperty(option, value, async (name, wrong) => {
        const values = { databases: { main: { [name]: wrong } } } as never;
        const variable = `MESHESTRA_MAIN_${name.toUpperCase()}`;
        for (const sources of [{ values, env: {} }, { env: { [variable]: String(wrong) } }]) {
          const outcome = await loadConfig(sources).catch((error: unknown) => error);
          const shown = printed(outcome);
          // What is no secret, the name of a host say, may be shown where it is right.
          if (outcome instanceof Error || name === 'url' || name === 'password') expect(shown).not.toContain(SECRET);
        }
      }),
    );
  });
});
