import { postgres } from '../../src/dialect/postgres/index.ts';
import {
  ConfigurationError,
  type Correction,
  createClientDriver,
  type Driver,
  importPackage,
  type LogEvent,
  type Pool,
  type PostgresClient,
  type PostgresModule,
} from '../../src/port.ts';
import type { PgSettings } from './options.ts';

/** A PostgreSQL server behind a pool of connections. */
export interface PgDriver extends Driver {
  /** The pool, once a first connection was asked for. */
  readonly pool: Pool<object> | undefined;
  onLog(listener: (event: LogEvent) => void): () => void;
  readonly corrections: readonly Correction[];
}

/** The driver: loads `pg` and opens its pool with the first connection. */
export function createPgDriver({ pg, ...settings }: PgSettings): PgDriver {
  return createClientDriver({
    name: 'pg',
    dialect: postgres,
    timers: globalThis,
    ...settings,
    load: async () => pg ?? importPg(),
    check: (client) => refuseClient(client, settings),
  });
}

function refuseClient(client: PostgresClient, { pipeline, existingPool }: Omit<PgSettings, 'pg'>): void {
  if (pipeline && client.pipeline !== true) {
    throw new ConfigurationError(
      existingPool === null
        ? 'pg: this version of pg does not pipeline; 8.23 and later do'
        : 'existingPool: make the Pool with "pipeline: true" too, or leave the option "pipeline" away',
    );
  }
  if (client.getTransactionStatus !== undefined) return;
  throw new ConfigurationError(
    'pg: this pool is of a version of pg that does not tell whether a transaction is open; 8.21 and later do',
  );
}

async function importPg(): Promise<PostgresModule> {
  const namespace: { readonly default?: unknown } = await importPackage(
    () => import('pg'),
    'the package pg is not installed: npm install pg; or hand it in as the option "pg"',
  );
  return (namespace.default ?? namespace) as PostgresModule;
}
