import {
  type ClientOptions,
  type ClientSettings,
  clientOptions,
  type PostgresModule,
  type PostgresPool,
  readClientOptions,
  type Secret,
} from '../../src/port.ts';

/** The options of {@link pg}. */
export interface PgOptions extends ClientOptions {
  /** The package `pg`, where it is not to be imported by its name. */
  readonly pg?: PostgresModule;
  /**
   * Whether the server keeps the statements parsed, which saves it work. Not behind a pooler that hands out connections by
   * the transaction, such as PgBouncer before 1.21. Default false.
   */
  readonly namedStatements?: boolean;
}

/** The options, completed. */
export interface PgSettings extends ClientSettings {
  readonly pg: PostgresModule | null;
  readonly namedStatements: boolean;
}

/** Reads options, a URL, or a pool. Throws `configuration` naming the option that is wrong. */
export function readOptions(source: string | Secret | PgOptions | PostgresPool): PgSettings {
  const options: PgOptions = clientOptions(source);
  const { pg = null, namedStatements = false } = options;
  return { ...readClientOptions(options, { options: ['pg', 'namedStatements'] }), pg, namedStatements };
}
