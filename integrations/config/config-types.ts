import type { Secret, ServerOptions } from '../../src/port.ts';

/** How a database server is reached; the options of every server driver: `pg(config.databases.main)`. */
export interface ServerDatabase extends ServerOptions {
  readonly url?: Secret;
}

/** A server with copies for reading; `replicas` may be empty. */
export interface ReplicatedDatabase {
  readonly primary: ServerDatabase;
  readonly replicas: readonly ServerDatabase[];
}

/** A database in a file: the options of every driver of one. */
export interface FileDatabase {
  /** Absolute where a configuration file named it, for it is relative to that file; `:memory:` for none. */
  readonly path: string;
  readonly readOnly?: boolean;
}

/** What a database is, by the word for it. */
export interface DatabaseKinds {
  readonly server: ServerDatabase;
  readonly replicated: ReplicatedDatabase;
  readonly file: FileDatabase;
}

/** The databases that an application needs: the kind of each, by its name. */
export type Expectations = Readonly<Record<string, keyof DatabaseKinds>>;

/** A configuration, complete and checked. Secrets in it show themselves masked. */
export interface Config<E extends Expectations = Expectations> {
  /** By name. A flat server that is expected as `replicated` has no replicas. */
  readonly databases: { readonly [N in keyof E]: DatabaseKinds[E[N]] };
}

/** One database, as files and the explicit values hold it. */
export interface DatabaseInput extends ServerOptions {
  /** The file of a database that has no server. */
  readonly path?: string;
  readonly readOnly?: boolean;
  /** The server that takes the writes, where there are replicas; or give its options beside `replicas`. */
  readonly primary?: ServerOptions;
  /** What a replica does not say is as with the primary, except its address where it has a `url`. */
  readonly replicas?: readonly ServerOptions[];
}

/** A configuration as files and the explicit values hold it. */
export interface ConfigInput {
  readonly databases?: Readonly<Record<string, DatabaseInput>>;
}

/** Where a configuration comes from. Of an option that several sources hold, `values` win, then `env`, then `file`. */
export interface ConfigSources<E extends Expectations = Expectations> {
  readonly values?: ConfigInput;
  /** A file that ends in `.yaml`, `.yml`, `.toml` or `.json`; by default the one that `MESHESTRA_CONFIG` names, if any. */
  readonly file?: string | URL;
  /** The variables; `process.env` unless given, and false for none. One that is empty counts as not set. */
  readonly env?: Readonly<Record<string, string | undefined>> | false;
  /** What the names of variables begin with; `MESHESTRA_` unless given. */
  readonly prefix?: string;
  /** The databases that must be there. Others are left out, and so the type of each is known. */
  readonly expect?: E;
}
