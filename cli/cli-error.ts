/** How a command ends, as the exit code of the process. */
export const EXIT = {
  /** It did what it was asked to. */
  done: 0,
  /** It failed: the database, a file, or the program itself. */
  failed: 1,
  /** It was asked for something that it has not: a wrong option, a config that is missing or wrong. */
  usage: 2,
  /** It found a difference, or migrations that are not applied (`migration:check`, `schema:diff --check`). */
  different: 3,
  /** It did nothing because somebody has to allow it first: rows would be lost, or a question was not answered. */
  refused: 4,
} as const;

/** The exit code of the process. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What a command reports as its failure, without a stack: what is wrong, and what to do. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = EXIT.usage, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}
