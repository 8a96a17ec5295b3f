import type { Driver, EntityClass, NamingStrategy, Persistence } from '../src/index.ts';

/** Where migrations are, and how they are written. */
export interface MigrationFolder {
  /** Relative to the config file; `migrations` unless given. */
  readonly folder?: string;
  /** `ts`: TypeScript, which bundlers take along; `sql`: plain SQL files, which the index repeats. `ts` unless given. */
  readonly format?: 'ts' | 'sql';
  /**
   * The end of the file names in the imports of the index: `.js` unless given, which tsc, esbuild and Vite find a `.ts` file
   * by; Node, which takes types out by itself, wants `.ts`.
   */
  readonly importExtension?: '.js' | '.ts' | '';
}

/** A database on a server, for `db:create` and `db:drop`. */
export interface ServerDatabase {
  /** The database's name. */
  readonly name: string;
  /** Connects to another database of the same server, which may create this one: `postgres` on PostgreSQL, none on MySQL. */
  readonly driver: () => Driver | Promise<Driver>;
}

/** What the command line tool is told: the default export of `meshestra.config.ts`. */
export interface CliConfig {
  /** Makes the driver of the database; called once for each command that needs one. */
  readonly driver: () => Driver | Promise<Driver>;
  readonly entities: readonly EntityClass[];
  /** As in `createPersistence`. */
  readonly naming?: NamingStrategy;
  readonly migrations?: MigrationFolder;
  /** Where the database itself is, for `db:create` and `db:drop`: on a server, or a file. */
  readonly database?: ServerDatabase | { readonly file: string };
  /** Fills the database, for `db:seed`. */
  readonly seed?: (db: Persistence) => Promise<void>;
}

/**
 * Types the config of the command line tool.
 *
 * @example
 * ```ts
 * import { Entity, integer, text } from 'meshestra';
 * import { defineConfig } from 'meshestra/cli';
 * import { pg } from 'meshestra/pg';
 *
 * class Author extends Entity('authors', { id: integer().primaryKey().generated(), name: text() }) {}
 *
 * const config = defineConfig({
 *   driver: () => pg({ url: 'postgres://127.0.0.1/app' }),
 *   entities: [Author],
 * });
 * export default config; // meshestra.config.ts
 * ```
 */
export function defineConfig(config: CliConfig): CliConfig {
  return config;
}
