import { env as processVariables } from 'node:process';
import { checkLayer } from './check-layer.ts';
import type {
  Config,
  ConfigInput,
  ConfigSources,
  DatabaseKinds,
  Expectations,
  FileDatabase,
  ServerDatabase,
} from './config-types.ts';
import { readEnvironment } from './environment.ts';
import { type Layer, refuse } from './layer.ts';
import { type MergedDatabase, mergeLayers, mergeNode, type NodeInput } from './merge-layers.ts';
import { readLayer } from './read-file.ts';

const PREFIX = 'MESHESTRA_';
const URL_TEXT = /^[a-z][a-z\d+.-]+:/i;

/**
 * Puts a configuration together from explicit values, environment variables and a file, and checks it. A text is short for
 * the URL of the database `main`, or for the name of a file. Throws `configuration` with everything that is wrong: the key
 * of each, and its file and line or its variable.
 *
 * @example
 * ```ts
 * import { loadConfig } from 'meshestra/config';
 *
 * const config = await loadConfig({ file: 'app.yaml', expect: { main: 'server', archive: 'file' } });
 * config.databases.main.pool?.max; // the options of a server driver: pg(config.databases.main)
 * config.databases.archive.path;
 * ```
 */
export async function loadConfig<const E extends Expectations = Expectations>(
  sources: ConfigSources<E> | string = {},
): Promise<Config<E>> {
  const { values, file, env = processVariables, prefix = PREFIX, expect } = toSources(sources);
  const variables = env === false ? {} : env;
  const named = file ?? (variables[`${prefix}CONFIG`] || undefined);
  const layers = named === undefined ? [] : [await readLayer(named, variables)];
  if (values !== undefined) layers.push(valuesLayer(values));
  const known = new Set([...Object.keys(expect ?? {}), ...layers.flatMap(databaseNames)]);
  const environment = readEnvironment(variables, prefix, { known: [...known], closed: expect !== undefined });
  // The weakest first: file, environment, values.
  layers.splice(named === undefined ? 0 : 1, 0, ...environment);
  const merged = mergeLayers(checkAll(layers));
  const kinds = expect ?? Object.fromEntries([...merged].map(([name, database]) => [name, kindOf(database)]));
  return toConfig<E>(merged, kinds);
}

function toSources<E extends Expectations>(sources: ConfigSources<E> | string): ConfigSources<E> {
  if (typeof sources !== 'string') return sources;
  return URL_TEXT.test(sources) ? { values: { databases: { main: { url: sources } } } } : { file: sources };
}

function valuesLayer(data: ConfigInput): Layer {
  return { data, place: () => 'values', resolveFile: (path) => path };
}

function databaseNames({ data }: Layer): string[] {
  const { databases } = (data ?? {}) as ConfigInput;
  return typeof databases === 'object' && databases !== null ? Object.keys(databases) : [];
}

function checkAll(layers: readonly Layer[]): ConfigInput[] {
  const checked = layers.map(checkLayer);
  const problems = checked.flatMap((one) => ('problems' in one ? one.problems : []));
  if (problems.length > 0) refuse(problems);
  return checked.flatMap((one) => ('config' in one ? [one.config] : []));
}

type Kind = keyof DatabaseKinds;

function kindOf({ node, replicas }: MergedDatabase): Kind {
  if (node.path !== undefined) return 'file';
  return replicas === undefined ? 'server' : 'replicated';
}

function toConfig<E extends Expectations>(merged: ReadonlyMap<string, MergedDatabase>, kinds: Expectations): Config<E> {
  const problems: string[] = [];
  // Without a prototype: `databases.constructor` is a database, or nothing.
  const databases: Record<string, DatabaseKinds[Kind]> = Object.create(null);
  for (const [name, kind] of Object.entries(kinds)) {
    const database = merged.get(name);
    const found = database === undefined ? 'it is missing; no source has it' : convert(database, kind);
    if (typeof found === 'string') problems.push(`databases.${name}: ${found}`);
    else databases[name] = found;
  }
  if (problems.length > 0) refuse(problems);
  return { databases: databases as Config<E>['databases'] };
}

/** The database as the kind that is asked for, or why it is none. */
function convert(database: MergedDatabase, kind: Kind): DatabaseKinds[Kind] | string {
  const { node, replicas } = database;
  const is = kindOf(database);
  if (kind === 'file' || is === 'file') {
    if (kind !== is)
      return kind === 'file' ? 'it must have a path: it is a server' : 'it must be a server: it has a path';
    const { path = '', readOnly } = node;
    return { path, ...(readOnly === undefined ? {} : { readOnly }) } satisfies FileDatabase;
  }
  if (kind === 'server' && is === 'replicated') return 'it has replicas, so it must be expected as replicated';
  const primary = node as ServerDatabase;
  if (kind === 'server') return primary;
  return { primary, replicas: (replicas ?? []).map((replica) => inherit(node, replica)) };
}

/** A replica is like its primary in all that it does not say. */
function inherit(primary: NodeInput, replica: NodeInput): ServerDatabase {
  return mergeNode(primary, replica) as ServerDatabase;
}
