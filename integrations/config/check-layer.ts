import {
  correctPoolOptions,
  PersistenceError,
  type PoolOptions,
  parseConnectionUrl,
  type ServerOptions,
} from '../../src/port.ts';
import type { ConfigInput, DatabaseInput } from './config-types.ts';
import { FILE_PROTOCOL, fileOfUrl } from './file-url.ts';
import { type Layer, type Path, writePath } from './layer.ts';
import { reveal } from './merge-layers.ts';
import { checkShape, type Problem } from './schema.ts';

/** A checked source, or its problems as lines of a message. */
export type CheckedLayer = { readonly config: ConfigInput } | { readonly problems: readonly string[] };

/** Checks what one source said, so that what is wrong can be told with its place. */
export function checkLayer(layer: Layer): CheckedLayer {
  const shape = checkShape(layer.data);
  const problems = 'problems' in shape ? shape.problems : findMeaningless(shape.config);
  if (problems.length > 0) {
    return {
      problems: problems.map(
        ({ path, what }) => `${layer.place(path)}: ${writePath(path) || 'the configuration'}: ${what}`,
      ),
    };
  }
  return 'config' in shape ? { config: resolveFiles(shape.config, layer) } : { problems: [] };
}

/** What has the right type, and still cannot be meant. */
function findMeaningless({ databases = {} }: ConfigInput): Problem[] {
  return Object.entries(databases).flatMap(([name, database]) => {
    const path = ['databases', name];
    const { primary, replicas = [] } = database;
    return [
      ...checkMixture(database, path),
      ...checkNode(database, path),
      ...(primary === undefined ? [] : checkNode(primary, [...path, 'primary'])),
      ...replicas.flatMap((replica, index) => checkNode(replica, [...path, 'replicas', index])),
    ];
  });
}

/** The options of a database that exclude each other. */
function checkMixture({ primary, replicas, ...own }: DatabaseInput, path: Path): Problem[] {
  const flat = Object.keys(own);
  const isFile = own.path !== undefined || own.readOnly !== undefined;
  if (primary !== undefined && flat.length > 0) {
    return [{ path: [...path, flat[0] ?? ''], what: 'with primary, the options of the server belong into it' }];
  }
  if (isFile && (primary ?? replicas) !== undefined) return [{ path, what: 'a database in a file has no replicas' }];
  const other = flat.find((name) => name !== 'path' && name !== 'readOnly' && name !== 'url');
  if (own.path === undefined || (other ?? own.url) === undefined) return [];
  return [{ path: [...path, other ?? 'url'], what: 'a database in a file has a path, and no options of a server' }];
}

function checkNode({ url, pool }: ServerOptions, path: Path): Problem[] {
  return [
    ...tried([...path, 'url'], () => url !== undefined && readUrl(reveal(url))),
    ...tried([...path, 'pool'], () => pool !== undefined && correctPoolOptions(pool as PoolOptions, null)),
  ];
}

function readUrl(url: string): unknown {
  return FILE_PROTOCOL.test(url) ? fileOfUrl(url) : parseConnectionUrl(url);
}

/** The message of a `configuration` error as a problem; none where the work succeeds. */
function tried(path: Path, work: () => unknown): Problem[] {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof PersistenceError)) throw error;
    return [{ path, what: error.message }];
  }
}

/** A file that is named by a configuration file is meant from there. */
function resolveFiles({ databases = {} }: ConfigInput, layer: Layer): ConfigInput {
  const resolved = Object.entries(databases).map(([name, database]) => {
    const { path, url, ...rest } = database;
    const file = url !== undefined && FILE_PROTOCOL.test(reveal(url)) ? fileOfUrl(reveal(url)) : undefined;
    const target = path ?? file?.path;
    if (target === undefined) return [name, database] as const;
    const isReal = target !== ':memory:' && target !== '';
    return [name, { ...rest, ...file, path: isReal ? layer.resolveFile(target) : target }] as const;
  });
  return { databases: Object.fromEntries(resolved) };
}
