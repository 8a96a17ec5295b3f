import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { AdminConnection, EngineKind, EngineName, ServerBinaries } from './engine-kind.ts';
import { isLeftBehind, runPrefix } from './engine-names.ts';
import { type KeptServer, keepServer } from './kept-server.ts';
import { mysqlKind } from './mysql-kind.ts';
import { postgresKind } from './postgres-kind.ts';

/** A server that tests can use, or the one line that says what is missing. */
export type FoundEngine =
  | {
      readonly url: string;
      /** The product and its version, as in `PostgreSQL 15.18`. */
      readonly version: string;
      /** What the names of databases begin with that tests of this run make. */
      readonly prefix: string;
      readonly missing?: never;
    }
  | { readonly missing: string; readonly url?: never; readonly version?: never; readonly prefix?: never };

/** The programs to start servers with, or the one line that says what is missing. */
export type FoundBinaries =
  | (ServerBinaries & { readonly missing?: never })
  | { readonly missing: string; readonly initialize?: never; readonly server?: never };

/** A server that was found, and how it is left: its test databases go, and so does the server if it was started. */
export interface LocatedEngine {
  readonly found: FoundEngine;
  /** Where it was found, for the reader of the log. */
  readonly origin: string;
  leave(): Promise<void>;
}

/** Every kind by its name. */
export const ENGINE_KINDS: Readonly<Record<EngineName, EngineKind>> = { postgres: postgresKind, mysql: mysqlKind };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds a server: the one that the kind's environment variable names and no other, else one on its default local port,
 * else one that is started from installed programs, which as root on Debian are installed for it.
 */
export async function locateEngine(
  kind: EngineKind,
  environment: Environment = process.env,
  install: (debianPackage: string) => Promise<string> = aptInstall,
): Promise<LocatedEngine> {
  const asked = environment[kind.variable];
  if (asked !== undefined && asked !== '') {
    const reached = await reach(kind, asked);
    if (typeof reached !== 'string') return located(kind, reached, `named by ${kind.variable}`);
    return nowhere(`${kind.variable} is ${masked(asked)}, which cannot be used: ${reached}`);
  }
  for (const url of kind.localUrls) {
    const reached = await reach(kind, url);
    if (typeof reached !== 'string') return located(kind, reached, `running at ${masked(url)}`);
  }
  const binaries = await locateBinaries(kind, install);
  if (binaries.missing !== undefined) return nowhere(binaries.missing);
  try {
    const server = await keepServer(kind, binaries);
    const reached = await reach(kind, server.url);
    if (typeof reached !== 'string') return located(kind, reached, `started from ${binaries.server}`, server);
    await server.close();
    return nowhere(`${binaries.server} was started and cannot be used: ${reached}`);
  } catch (error) {
    return nowhere(`${binaries.server} could not be started: ${oneLine(error)}`);
  }
}

/** Finds the programs of a server; as root on Debian they are installed where they are missing. */
export async function locateBinaries(kind: EngineKind, install = aptInstall): Promise<FoundBinaries> {
  const installed = kind.findBinaries();
  if (installed !== undefined) return installed;
  const failure = await install(kind.debianPackage);
  return (
    kind.findBinaries() ?? {
      missing:
        `no ${kind.label} found (${failure}): start one on its default port, name one in ${kind.variable}, run ` +
        '`docker compose -f test/compose.yaml up --wait`, or install its server',
    }
  );
}

interface Reached {
  readonly url: string;
  readonly version: string;
  readonly prefix: string;
}

/** Tries a server out by making and dropping a database; answers what is wrong where that fails. */
async function reach(kind: EngineKind, url: string): Promise<Reached | string> {
  let connection: AdminConnection | undefined;
  try {
    connection = await kind.connect(url);
    const version = await kind.version(connection);
    await dropDatabases(kind, connection, isLeftBehind);
    const prefix = runPrefix();
    await connection.query(`CREATE DATABASE ${prefix}probe`);
    await connection.query(kind.dropDatabase(`${prefix}probe`));
    return { url, version, prefix };
  } catch (error) {
    return oneLine(error);
  } finally {
    await connection?.close();
  }
}

function located(kind: EngineKind, reached: Reached, origin: string, server?: KeptServer): LocatedEngine {
  return {
    found: reached,
    origin,
    async leave() {
      if (server !== undefined) return server.close();
      const connection = await kind.connect(reached.url);
      await dropDatabases(kind, connection, (name) => name.startsWith(reached.prefix));
      await connection.close();
    },
  };
}

function nowhere(missing: string): LocatedEngine {
  return { found: { missing }, origin: 'nowhere', leave: async () => undefined };
}

async function dropDatabases(
  kind: EngineKind,
  connection: AdminConnection,
  isChosen: (name: string) => boolean,
): Promise<void> {
  for (const name of await kind.databases(connection)) {
    if (isChosen(name)) await connection.query(kind.dropDatabase(name));
  }
}

/** A URL without its password. */
function masked(url: string): string {
  return url.replace(/(:\/\/[^:@/]*):[^@]*@/, '$1:***@');
}

/** Errors of several addresses carry their messages inside. */
function oneLine(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors.map(String).join(', ') : String(error);
  return inner.replaceAll(/\s+/g, ' ');
}

/** Installs a Debian package as root; answers why it could not. */
async function aptInstall(name: string): Promise<string> {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return 'nothing is installed but by root on Debian';
  process.stderr.write(`no server found, installing ${name} by apt-get\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (args: readonly string[]) =>
    promisify(execFile)('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], { env, timeout: 600_000 });
  try {
    await apt(['update']);
    await apt(['install', '-y', '--no-install-recommends', name]);
    return `apt-get installed ${name}, and it is still not there`;
  } catch (error) {
    return `apt-get could not install ${name}: ${oneLine(error).slice(0, 200)}`;
  }
}
