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
  /**
   * Whether a flush, and a `find` with `populate`, are one round trip each: their statements are sent together, between
   * BEGIN and COMMIT. Worth it where the server is far away; needs `pg` 8.23 or later, and a pool that is handed in has to
   * be made with `pipeline: true`. Cursors do not work on its connections. Default false.
   */
  readonly pipeline?: boolean;
}

/** The options, completed. */
export interface PgSettings extends ClientSettings {
  readonly pg: PostgresModule | null;
  readonly namedStatements: boolean;
  readonly pipeline: boolean;
}

/** Reads options, a URL, or a pool. Throws `configuration` naming the option that is wrong. */
export function readOptions(source: string | Secret | PgOptions | PostgresPool): PgSettings {
  const options: PgOptions = clientOptions(source);
  const { pg = null, namedStatements = false, pipeline = false } = options;
  const settings = readClientOptions(options, { options: ['pg', 'namedStatements', 'pipeline'] });
  return { ...settings, pg, namedStatements, pipeline };
}
