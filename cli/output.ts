import colors from 'picocolors';

/** Where a command writes to. `json` has it tell one JSON document, at its end, in the place of everything else. */
export interface Output {
  /** A line for people. */
  line(text?: string): void;
  /** The result for machines; written with `--json` only. */
  result(value: unknown): void;
  /** A line about what is going on, which is no result: to standard error. */
  progress(text: string): void;
  readonly colors: Colors;
}

/** What text may look like on a terminal. */
export type Colors = Pick<typeof colors, 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan'>;

/** The streams of a process, as far as a command needs them. */
export interface Streams {
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

/** Makes the output of a process: coloured on a terminal, unless `NO_COLOR` is set or it is for machines. */
export function createOutput({ stdout, stderr }: Streams, json: boolean, environment: NodeJS.ProcessEnv): Output {
  const isColoured = stdout.isTTY === true && !json && (environment.NO_COLOR ?? '') === '';
  return {
    line: (text = '') => void (json || stdout.write(`${text}\n`)),
    result: (value) => void (json && stdout.write(`${JSON.stringify(value, bigintAsText, 2)}\n`)),
    progress: (text) => void (json || stderr.write(`${text}\n`)),
    colors: colors.createColors(isColoured),
  };
}

// JSON has no bigint.
function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
