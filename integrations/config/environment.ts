import { suggestName } from '../../src/port.ts';
import type { Variables } from './expand-references.ts';
import { type Layer, type Path, refuse, writePath } from './layer.ts';

const SERVER_OPTIONS = ['url', 'host', 'port', 'database', 'user', 'password', 'ssl', 'connectTimeout'];
const POOL_OPTIONS = [
  ...['min', 'max', 'acquireTimeout', 'idleTimeout', 'maxLifetime', 'statementTimeout', 'checkAfter'],
  ...['connectRetries', 'retryDelay', 'drainTimeout', 'strict'],
];

/** The end of a variable's name -> the option of a database: `POOL_MAX` -> `['pool', 'max']`. */
const OPTIONS: ReadonlyMap<string, Path> = new Map<string, Path>([
  ...[...SERVER_OPTIONS, 'path', 'readOnly'].map((name) => [upperSnake(name), [name]] as const),
  ...POOL_OPTIONS.map((name) => [`POOL_${upperSnake(name)}`, ['pool', name]] as const),
]);
/** From the longest on, so that `POOL_MAX` is not taken for the `MAX` of something else. */
const ENDINGS = [...OPTIONS.keys()].sort((a, b) => b.length - a.length);
const REPLICA = /^(?:(.*)_)?REPLICA_([1-9]\d?)$/;

interface Entry {
  readonly path: Path;
  readonly value: string;
  readonly variable: string;
}

/** The databases that variables may be about. */
export interface DatabaseNames {
  readonly known: readonly string[];
  /** Whether variables about other databases are left to whoever they belong to. */
  readonly closed: boolean;
}

/** The variables as layers: `DATABASE_URL`, which stands for the url of `main`, and those with the prefix, which win. */
export function readEnvironment(variables: Variables, prefix: string, names: DatabaseNames): Layer[] {
  const entries: Entry[] = [];
  const problems: string[] = [];
  for (const [variable, value] of Object.entries(variables)) {
    // An empty variable is how containers say that it is not set.
    if (!variable.startsWith(prefix) || value === undefined || value === '') continue;
    const found = findOption(variable.slice(prefix.length), names);
    if (found === null) continue;
    if ('path' in found) entries.push({ path: found.path, value, variable });
    else {
      const similar = [...OPTIONS.keys()].map((ending) => `${prefix}${found.stem}_${ending}`);
      problems.push(`${variable}: there is no such variable; ${suggestName(variable, similar)}`);
    }
  }
  if (problems.length > 0) refuse(problems);
  const url = variables.DATABASE_URL;
  const isWanted = url !== undefined && url !== '' && (!names.closed || names.known.includes('main'));
  const common = isWanted ? [{ path: ['databases', 'main', 'url'], value: url, variable: 'DATABASE_URL' }] : [];
  return [layerOf(common), layerOf(withoutGaps(entries))];
}

/** The option that a variable is about; the stem of the names it may have had; null for a variable of somebody else's. */
function findOption(rest: string, { known, closed }: DatabaseNames): { path: Path } | { stem: string } | null {
  const byLength = [...known].sort((a, b) => b.length - a.length);
  const name = byLength.find((one) => rest.startsWith(`${upperSnake(one)}_`));
  if (name === undefined && closed) return null;
  const ending = ENDINGS.find((one) => rest.endsWith(`_${one}`));
  const stem = ending === undefined ? undefined : rest.slice(0, -ending.length - 1);
  const [, , number] = REPLICA.exec(stem ?? '') ?? [];
  const base = number === undefined ? stem : stem?.slice(0, -`_REPLICA_${number}`.length);
  if (name !== undefined && base !== upperSnake(name)) return { stem: upperSnake(name) };
  const option = ending && OPTIONS.get(ending);
  if (base === undefined || option === undefined || option === '') return null;
  const replica = number === undefined ? [] : ['replicas', Number(number)];
  return { path: ['databases', name ?? base.toLowerCase(), ...replica, ...option] };
}

/** Replicas are numbered from 1 and may leave numbers out; a list has none missing. */
function withoutGaps(entries: readonly Entry[]): Entry[] {
  const numbers = new Map<unknown, Set<number>>();
  for (const { path } of entries) {
    const [, database, key, number] = path;
    if (key === 'replicas') numbers.set(database, (numbers.get(database) ?? new Set()).add(Number(number)));
  }
  return entries.map((entry) => {
    const [databases, database, key, number, ...option] = entry.path;
    if (key !== 'replicas' || databases === undefined || database === undefined) return entry;
    const inOrder = [...(numbers.get(database) ?? [])].sort((a, b) => a - b);
    return { ...entry, path: [databases, database, key, inOrder.indexOf(Number(number)), ...option] };
  });
}

function layerOf(entries: readonly Entry[]): Layer {
  const data = emptyTable();
  for (const { path, value } of entries) place(data, path, value);
  return {
    data,
    place: (path) => {
      const wanted = writePath(path);
      const found = entries.find((entry) => writePath(entry.path).startsWith(wanted));
      return found?.variable ?? 'the environment';
    },
    resolveFile: (path) => path,
  };
}

type Table = { [key: PropertyKey]: Table | Table[] | string };

// Variables name its keys, and a name such as MESHESTRA___PROTO___URL must not reach the prototype of all objects.
function emptyTable(): Table {
  return Object.create(null);
}

/** Puts a value where its path says, making tables and lists on the way. */
function place(data: Table, path: Path, value: string): void {
  let table: Table | Table[] = data;
  for (const [index, step] of path.entries()) {
    const next: PropertyKey | undefined = path[index + 1];
    const holder = table as Table;
    if (next === undefined) holder[step] = value;
    else {
      const made: Table | Table[] | string = holder[step] ?? (typeof next === 'number' ? [] : emptyTable());
      holder[step] = made;
      table = made as Table;
    }
  }
}

/** 'idleTimeout' and 'idle-timeout' -> 'IDLE_TIMEOUT' */
function upperSnake(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toUpperCase();
}
