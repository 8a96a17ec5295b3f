/** The families of servers that tests run against, by the dialect that speaks to them. */
export type EngineName = 'postgres' | 'mysql';

/** A connection for setting tests up and for looking behind the library's back. */
export interface AdminConnection {
  /** Runs one statement and gives its rows as arrays. */
  query(sql: string): Promise<readonly (readonly unknown[])[]>;
  close(): Promise<void>;
}

/** Where the programs of a server are. */
export interface ServerBinaries {
  /** Makes an empty data directory. */
  readonly initialize: string;
  /** The server itself. */
  readonly server: string;
}

/** What the keeper of a server runs; it is handed over as JSON. */
export interface ServerPlan {
  /** A temporary directory that belongs to this server alone and is removed with it. */
  readonly directory: string;
  /** The accounts to run as when the tests run as root; the first that exists is taken. */
  readonly accounts: readonly string[];
  readonly initialize: { readonly command: string; readonly args: readonly string[] };
  readonly server: { readonly command: string; readonly args: readonly string[] };
  /** Asks the server to end in good order. */
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  /** Ends the server at once, without a care for its data, but not for what it holds outside of its directory. */
  readonly quitSignal: 'SIGQUIT' | 'SIGKILL';
}

/** Settings of a server, by their names in its configuration file. */
export type ServerSettings = Readonly<Record<string, string | number>>;

/** What the search for a server has to know about its kind. */
export interface EngineKind {
  readonly name: EngineName;
  /** For messages. */
  readonly label: string;
  /** The environment variable that names a server to use. */
  readonly variable: string;
  /** Where such a server often runs, with the credentials that a developer's machine often has. */
  readonly localUrls: readonly string[];
  /** The Debian package that brings the server. */
  readonly debianPackage: string;
  connect(url: string): Promise<AdminConnection>;
  /** The product and its version, as in `MariaDB 10.11.6`. */
  version(connection: AdminConnection): Promise<string>;
  /** The names of all databases of the server. */
  databases(connection: AdminConnection): Promise<readonly string[]>;
  /** The statement that drops a database, whoever is connected to it. */
  dropDatabase(name: string): string;
  findBinaries(): ServerBinaries | undefined;
  plan(binaries: ServerBinaries, directory: string, port: number, settings: ServerSettings): ServerPlan;
  /** How a server that was started by a plan is reached. */
  url(port: number): string;
}
