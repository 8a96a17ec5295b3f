import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openApplication } from './command.ts';

const CONFIG = `
import { defineConfig } from 'meshestra/cli';
import { betterSqlite3 } from 'meshestra/better-sqlite3';
export default defineConfig({ driver: () => betterSqlite3({ path: 'app.db' }), entities: [], database: { file: 'app.db' } });
`;

describe('The command', () => {
  it('tells all that it can do, and its exit codes', async () => {
    await using app = await openApplication(CONFIG);
    const { code, stdout } = await app.run('--help');
    expect(code).toBe(0);
    for (const name of [
      'init',
      'migration:generate',
      'migration:create',
      'migration:run',
      'migration:revert',
      'migration:baseline',
      'migration:resolve',
      'migration:status',
      'migration:check',
      'schema:diff',
      'schema:inspect',
      'db:create',
      'db:drop',
      'db:seed',
    ]) {
      expect(stdout).toContain(name);
      expect((await app.run(name, '--help')).stdout).toContain('--json');
    }
    expect(stdout).toContain('Exit codes: 0 done');
  });

  it('refuses what it has not with the exit code 2', async () => {
    await using app = await openApplication(CONFIG);
    const wrong = [
      ['nonsense'],
      ['migration:run', '--nonsense'],
      ['migration:revert', '--steps', '0'],
      ['migration:generate'],
    ];
    for (const args of wrong) {
      const { code, stderr } = await app.run(...args);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/error: /)]);
    }
  });

  it('says what is wrong with a config, and as JSON where it is asked for', async () => {
    await using app = await openApplication('export default { entities: [] };');
    const { code, stderr } = await app.run('migration:status');
    expect([code, stderr]).toEqual([2, expect.stringContaining('`driver` has to be a function')]);
    const json = await app.run('migration:status', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'cli' } });
    await app.write('meshestra.config.ts', 'export default {');
    expect((await app.run('migration:status')).stderr).toContain('could not be loaded');
    expect((await app.run('migration:status', '--config', 'other.ts')).stderr).toContain('other.ts does not exist');
    expect(await app.run('db:seed', '-c', 'meshestra.config.ts')).toMatchObject({ code: 1 });
  });

  it('creates and drops a file, and asks before it drops', async () => {
    await using app = await openApplication(CONFIG);
    const isThere = () =>
      access(join(app.folder, 'app.db')).then(
        () => true,
        () => false,
      );
    expect((await app.run('db:create')).code).toBe(0);
    expect(await isThere()).toBe(true);
    expect((await app.run('db:create')).stderr).toContain('is there already');
    expect(await app.run('db:drop')).toMatchObject({ code: 4, stderr: expect.stringContaining('--yes') });
    expect(await isThere()).toBe(true);
    expect((await app.run('db:drop', '--yes')).code).toBe(0);
    expect(await isThere()).toBe(false);
    expect((await app.run('db:drop', '--yes')).code).toBe(1);
  });

  it('writes a config to begin with, once, that works', async () => {
    await using app = await openApplication(CONFIG);
    expect((await app.run('init')).stderr).toContain('is there already');
    await app.run('db:create');
    const { code, stderr } = await app.run('db:seed');
    expect([code, stderr]).toEqual([2, expect.stringContaining('no `seed`')]);
  });

  it('is coloured on a terminal only', async () => {
    await using app = await openApplication(CONFIG);
    expect((await app.run('db:create')).stdout).not.toContain('\u001B[');
    expect((await app.type([], 'db:drop', '--yes')).stdout).toContain('\u001B[32m');
  });
});
