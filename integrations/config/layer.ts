import { ConfigurationError } from '../../src/port.ts';

/** Where in a configuration something stands: `['databases', 'main', 'pool', 'max']`. */
export type Path = readonly PropertyKey[];

/** What one source said, as plain data, not yet checked. */
export interface Layer {
  readonly data: unknown;
  /** Where a path comes from, for messages: `app.yaml:12`, or the name of a variable. */
  place(path: Path): string;
  /** Turns a path of a file into one that is right from where the process runs. */
  resolveFile(path: string): string;
}

/** Of a key that is no name, nothing is shown: after `{ password:secret }`, say, where YAML wants a space, it is a secret. */
const LIKE_A_NAME = /^\w[\w-]{0,40}$/;

/** A path as it is written in messages: `databases.main.replicas[0].host`. */
export function writePath(path: Path): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    const name = String(step);
    return LIKE_A_NAME.test(name) ? `.${name}` : '.(something that is no name)';
  });
  return steps.join('').replace(/^\./, '');
}

/** Everything that is wrong with a configuration, in one error. None of the lines may hold a value. */
export function refuse(problems: readonly string[]): never {
  const [first = 'wrong'] = problems;
  throw new ConfigurationError(
    problems.length === 1 ? first : `the configuration has ${problems.length} problems:\n  ${problems.join('\n  ')}`,
  );
}
