import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { EngineName, ServerBinaries } from './engine-kind.ts';
import { isLeftBehind, runPrefix } from './engine-names.ts';
import { demandUnderCi, engineTitle, findEngine, findServerBinaries, startPrivateServer } from './find-engine.ts';
import { ENGINE_KINDS, locateEngine } from './locate-engine.ts';
import { createScratchDatabase } from './scratch-database.ts';

const names: readonly EngineName[] = ['postgres', 'mysql'];
const found = await Promise.all(
  names.map(async (name) => {
    const [engine, binaries] = await Promise.all([findEngine(name), findServerBinaries(name)]);
    return { name, kind: ENGINE_KINDS[name], engine, binaries };
  }),
);

/** A port of this machine that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('the containers of compose.yaml', () => {
  it('listen where the tests look, and MySQL where README says', async () => {
    const file = await readFile(new URL('../../compose.yaml', import.meta.url), 'utf8');
    const { services } = parse(file) as { services: Record<string, { ports: readonly string[] }> };
    const addresses = Object.fromEntries(
      Object.entries(services).map(([service, { ports }]) => [service, ports[0]?.split(':').slice(0, 2).join(':')]),
    );
    const looksAt = (name: EngineName) => ENGINE_KINDS[name].localUrls.map((url) => new URL(url).host);
    expect(looksAt('postgres')).toContain(addresses.postgres);
    expect(looksAt('mysql')).toContain(addresses.mariadb);
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(`MESHESTRA_TEST_MYSQL_URL=mysql://root@${addresses.mysql}/`);
  });
});

describe('the search for a server', () => {
  for (const { kind } of found) {
    it(`says in one line that the ${kind.label} it was told to use does not answer`, async () => {
      const port = await closedPort();
      const url = `${kind.name}://somebody:a-secret@127.0.0.1:${port}/db`;
      const { found: nothing, origin } = await locateEngine(kind, { [kind.variable]: url });
      expect(nothing.missing).toContain(`${kind.variable} is ${kind.name}://somebody:***@127.0.0.1:${port}/db`);
      expect(nothing.missing).toMatch(/which cannot be used: .*ECONNREFUSED/);
      expect(nothing.missing).not.toMatch(/a-secret|\n/);
      expect(origin).toBe('nowhere');
    });
  }

  it('installs a server that is not there, or says how to get one', async () => {
    const wanted: string[] = [];
    const install = async (name: string) => {
      wanted.push(name);
      return 'nothing is installed here';
    };
    for (const { kind } of found) {
      const bare = { ...kind, localUrls: [], findBinaries: () => undefined };
      const { missing } = (await locateEngine(bare, {}, install)).found;
      expect(missing).toContain(`no ${kind.label} found (nothing is installed here): start one`);
      expect(missing).toContain(kind.variable);
      expect(missing).not.toContain('\n');
    }
    expect(wanted).toEqual(['postgresql', 'mariadb-server']);
  });

  it('is a failure under CI=true, and elsewhere a reason to skip', () => {
    const nothing = { missing: 'no server found' };
    expect(demandUnderCi(nothing, {})).toBe(nothing);
    expect(() => demandUnderCi(nothing, { CI: 'true' })).toThrow('no server found');
    expect(demandUnderCi({}, { CI: 'true' })).toEqual({});
  });

  it('puts the reason into the titles of tests that are skipped', () => {
    expect(engineTitle('pg', { missing: 'no server' })).toBe('pg (skipped: no server)');
    expect(engineTitle('pg', {})).toBe('pg');
  });

  it('removes databases of runs that are long over, and no other', () => {
    const hour = 3_600_000;
    const name = `${runPrefix(0)}1`;
    expect([isLeftBehind(name, 2 * hour), isLeftBehind(name, 4 * hour)]).toEqual([false, true]);
    expect(
      ['postgres', 'test', 'meshestra', 'meshestra_test_', 'meshestra_test_-'].filter((n) => isLeftBehind(n)),
    ).toEqual([]);
  });
});

for (const { name, kind, engine, binaries } of found) {
  describe.skipIf(engine.missing !== undefined)(engineTitle(`a shared ${kind.label}`, engine), () => {
    it('tells its product and version', () => {
      expect(engine.version).toMatch(/^(PostgreSQL|MariaDB|MySQL) \d+\.\d+/);
    });

    it('gives each test databases of its own', async () => {
      const [one, two] = [await createScratchDatabase(name, engine), await createScratchDatabase(name, engine)];
      await one.query('CREATE TABLE t (id int)');
      await one.query('INSERT INTO t VALUES (7)');
      expect(await one.query('SELECT id FROM t')).toEqual([[7]]);
      await expect(two.query('SELECT id FROM t')).rejects.toThrow(/t/);
      await Promise.all([one.drop(), two.drop()]);
      await expect(one.query('SELECT 1')).rejects.toThrow(one.name);
    });

    it('drops a database that somebody is connected to', async () => {
      const scratch = await createScratchDatabase(name, engine);
      const connection = await kind.connect(scratch.url);
      await scratch.drop();
      await connection.close().catch(() => undefined);
      await expect(scratch.query('SELECT 1')).rejects.toThrow(scratch.name);
    });
  });

  describe.skipIf(binaries.missing !== undefined)(engineTitle(`a private ${kind.label}`, binaries), () => {
    it('is started where none runs, and ends with the run', async () => {
      const engine = await locateEngine({ ...kind, localUrls: [] }, {});
      expect(engine.found.version).toMatch(/^(PostgreSQL|MariaDB|MySQL) \d+\.\d+/);
      expect(engine.origin).toContain('started from /');
      await engine.leave();
      await expect(kind.connect(engine.found.url as string)).rejects.toThrow();
    });

    it('starts, stops, is killed, keeps its data, and leaves nothing', async () => {
      const server = await startPrivateServer(name, binaries, { max_connections: 37 });
      const query = async (sql: string) => {
        const connection = await kind.connect(server.url);
        const rows = await connection.query(sql);
        await connection.close();
        return rows;
      };
      expect(await query("SHOW VARIABLES LIKE 'max_connections'").catch(() => query('SHOW max_connections'))).toEqual([
        expect.arrayContaining(['37']),
      ]);
      await query('CREATE DATABASE kept');
      await server.stop();
      await expect(query('SELECT 1')).rejects.toThrow();
      await server.start();
      await server.kill();
      await expect(query('SELECT 1')).rejects.toThrow();
      await server.start();
      const connection = await kind.connect(server.url);
      expect(await kind.databases(connection)).toContain('kept');
      await connection.close();
      await server.close();
      await expect(query('SELECT 1')).rejects.toThrow();
      expect(existsSync(server.directory)).toBe(false);
      expect(await processesOf(server.directory)).toEqual([]);
    });

    it.runIf(existsSync('/proc/self/cmdline'))(
      'ends with the process that started it, even where that is killed',
      async () => {
        const directory = await mkdtemp(join(tmpdir(), 'meshestra-orphan-'));
        const plan = kind.plan(binaries as ServerBinaries, directory, await closedPort(), {});
        const keeper = new URL('./keeper.mjs', import.meta.url).pathname;
        const program = `
        const keeper = require('node:child_process').fork(${JSON.stringify(keeper)}, [process.argv[1]], { detached: true });
        keeper.send({ id: 1, action: 'initialize' });
        keeper.on('message', ({ id, error }) => {
          if (error !== undefined) throw new Error(error);
          if (id === 1) keeper.send({ id: 2, action: 'start' });
        });`;
        const child = spawn(process.execPath, ['-e', program, JSON.stringify(plan)], { stdio: 'ignore' });
        const end = once(child, 'exit');
        while (!(await processesOf(directory)).some((line) => line.startsWith(plan.server.command))) await sleep(20);
        child.kill('SIGKILL');
        expect(await end).toEqual([null, 'SIGKILL']);
        while (existsSync(directory) || (await processesOf(directory)).length > 0) await sleep(50);
      },
    );
  });
}

/** The command lines of all processes that name a directory (Linux only: elsewhere there is no /proc to look into). */
async function processesOf(directory: string): Promise<string[]> {
  const ids = existsSync('/proc/self/cmdline') ? (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)) : [];
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(directory));
}
