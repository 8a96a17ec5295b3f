import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { AdminConnection, EngineKind, ServerBinaries, ServerPlan, ServerSettings } from './engine-kind.ts';
import { folderOf, programFolders, versionFolders } from './find-program.ts';

const DEBIAN_FOLDER = '/usr/lib/postgresql';

async function connect(url: string): Promise<AdminConnection> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  // A server that ends says so on idle connections, too; the next query tells.
  client.on('error', () => undefined);
  await client.connect();
  return {
    query: async (sql) => (await client.query({ text: sql, rowMode: 'array' })).rows as unknown[][],
    close: () => client.end(),
  };
}

function findBinaries(): ServerBinaries | undefined {
  const folders = [
    ...versionFolders(DEBIAN_FOLDER).map((version) => join(DEBIAN_FOLDER, version, 'bin')),
    ...programFolders(),
  ];
  const folder = folderOf(['initdb', 'postgres'], folders);
  return folder === undefined ? undefined : { initialize: join(folder, 'initdb'), server: join(folder, 'postgres') };
}

function localUrls(): string[] {
  const users = new Set([process.env.PGUSER ?? userInfo().username, 'postgres', 'root']);
  const port = process.env.PGPORT ?? '5432';
  return [...users].flatMap((user) =>
    [...new Set(['postgres', user])].map((database) => `postgres://${user}@127.0.0.1:${port}/${database}`),
  );
}

/** PostgreSQL. */
export const postgresKind: EngineKind = {
  name: 'postgres',
  label: 'PostgreSQL',
  variable: 'MESHESTRA_TEST_PG_URL',
  localUrls: localUrls(),
  debianPackage: 'postgresql',
  connect,
  async version(connection) {
    const [row] = await connection.query('SHOW server_version');
    return `PostgreSQL ${String(row?.[0]).split(' ')[0]}`;
  },
  databases: async (connection) =>
    (await connection.query('SELECT datname FROM pg_database')).map(([name]) => String(name)),
  dropDatabase: (name) => `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`,
  findBinaries,
  plan(binaries, directory, port, settings) {
    const data = join(directory, 'data');
    const all = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      port,
      fsync: 'off',
      full_page_writes: 'off',
      shared_buffers: '32MB',
      ...settings,
    };
    return {
      directory,
      accounts: ['postgres', 'nobody'],
      initialize: {
        command: binaries.initialize,
        args: ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
      },
      server: {
        command: binaries.server,
        args: ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      },
      stopSignal: 'SIGINT',
      quitSignal: 'SIGQUIT',
    };
  },
  url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
};

/** A server whose data are a copy of another's, and which follows it from then on. */
export function standbyPlan(
  binaries: ServerBinaries,
  primaryUrl: string,
  directory: string,
  port: number,
  settings: ServerSettings,
): ServerPlan {
  const plan = postgresKind.plan(binaries, directory, port, settings);
  const copy = ['-D', join(directory, 'data'), '--write-recovery-conf', '--checkpoint=fast', '--no-sync'];
  return {
    ...plan,
    initialize: {
      command: join(dirname(binaries.initialize), 'pg_basebackup'),
      args: [...copy, '--dbname', primaryUrl],
    },
  };
}
