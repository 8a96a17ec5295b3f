import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { AdminConnection, EngineKind, ServerBinaries } from './engine-kind.ts';
import { findProgram } from './find-program.ts';

async function connect(url: string): Promise<AdminConnection> {
  const connection = await createConnection({ uri: url, connectTimeout: 5000, rowsAsArray: true });
  // A server that ends says so on idle connections, too; the next query tells.
  connection.on('error', () => undefined);
  return {
    query: async (sql) => {
      const [rows] = await connection.query(sql);
      return Array.isArray(rows) ? (rows as unknown[][]) : [];
    },
    close: () => connection.end(),
  };
}

/** MariaDB brings a script of its own for data directories; MySQL's server makes them itself. */
function findBinaries(): ServerBinaries | undefined {
  const server = findProgram(['mariadbd', 'mysqld']);
  if (server === undefined) return undefined;
  return { server, initialize: findProgram(['mariadb-install-db', 'mysql_install_db']) ?? server };
}

function localUrls(): string[] {
  const users = new Set(['root', userInfo().username]);
  return [...users].map((user) => `mysql://${user}@127.0.0.1:3306/`);
}

/** MariaDB and MySQL. */
export const mysqlKind: EngineKind = {
  name: 'mysql',
  label: 'MariaDB or MySQL',
  variable: 'MESHESTRA_TEST_MYSQL_URL',
  localUrls: localUrls(),
  debianPackage: 'mariadb-server',
  connect,
  async version(connection) {
    const [row] = await connection.query('SELECT VERSION()');
    const text = String(row?.[0]);
    return `${text.includes('MariaDB') ? 'MariaDB' : 'MySQL'} ${text.split('-')[0]}`;
  },
  databases: async (connection) => (await connection.query('SHOW DATABASES')).map(([name]) => String(name)),
  dropDatabase: (name) => `DROP DATABASE IF EXISTS \`${name}\``,
  findBinaries,
  plan(binaries, directory, port, settings) {
    const place = ['--no-defaults', `--datadir=${join(directory, 'data')}`];
    const all = {
      port,
      'bind-address': '127.0.0.1',
      socket: join(directory, 'server.sock'),
      'pid-file': join(directory, 'server.pid'),
      'innodb-buffer-pool-size': '32M',
      // Written at each commit, synced later: a killed server loses nothing, a machine without power would.
      'innodb-flush-log-at-trx-commit': 2,
      ...settings,
    };
    const byScript = binaries.initialize !== binaries.server;
    return {
      directory,
      accounts: ['mysql', 'nobody'],
      initialize: {
        command: binaries.initialize,
        args: byScript
          ? [...place, '--auth-root-authentication-method=normal', '--skip-test-db']
          : [...place, '--initialize-insecure'],
      },
      server: {
        command: binaries.server,
        args: [...place, '--skip-name-resolve', ...Object.entries(all).map(([name, value]) => `--${name}=${value}`)],
      },
      stopSignal: 'SIGTERM',
      quitSignal: 'SIGKILL',
    };
  },
  url: (port) => `mysql://root@127.0.0.1:${port}/`,
};
