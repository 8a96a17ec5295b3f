import {
  AbortedError,
  CheckViolationError,
  DriverError,
  type ErrorDetails,
  ForeignKeyViolationError,
  LockTimeoutError,
  NotNullViolationError,
  type PersistenceError,
  StorageCorruptError,
  StorageQuotaError,
  UniqueViolationError,
} from '../../errors.ts';

/**
 * Turns a failure of SQLite into Meshestra's error, by the message that `sqlite3_errmsg` gives (the same in every
 * driver) and, where the driver knows it, the plain or extended result code. Values that SQLite quotes in a message are
 * masked. Rules: https://www.sqlite.org/rescode.html
 */
export function sqliteError(message: string, code?: number, cause?: unknown): PersistenceError {
  const details: ErrorDetails = cause === undefined ? {} : { cause };
  for (const rule of RULES) {
    const match = rule.pattern.exec(message);
    if (match !== null) return rule.error(match, details);
  }
  const byCode = code === undefined ? undefined : CODES.get(code & 0xff);
  return byCode?.(message, details) ?? new DriverError(`SQLite: ${redact(message)}`, details);
}

interface Rule {
  readonly pattern: RegExp;
  readonly error: (match: RegExpExecArray, details: ErrorDetails) => PersistenceError;
}

// A driver may put its own prefix before SQLite's text, so the patterns are not anchored at the start.
const RULES: readonly Rule[] = [
  { pattern: /UNIQUE constraint failed: (.+)$/s, error: ([, what = ''], details) => unique(what, details) },
  {
    pattern: /PRIMARY KEY constraint failed/,
    error: (_, details) => new UniqueViolationError('a row with the same key is there already', details),
  },
  {
    pattern: /NOT NULL constraint failed: (.+)$/s,
    error: ([, what = ''], details) => {
      const { table, columns } = splitColumns(what);
      return new NotNullViolationError(`${what} must have a value`, { ...details, table, columns });
    },
  },
  {
    pattern: /FOREIGN KEY constraint failed/,
    error: (_, details) =>
      new ForeignKeyViolationError('a row refers to a row that is not there, or is still referred to', details),
  },
  {
    pattern: /CHECK constraint failed: (.+)$/s,
    error: ([, constraint = ''], details) =>
      new CheckViolationError(`the check "${constraint}" refused a value`, { ...details, constraint }),
  },
  {
    pattern: /cannot store (\w+) value in (\w+) column (.+)$/s,
    error: ([, stored, type, what = ''], details) => {
      const { table, columns } = splitColumns(what);
      return new CheckViolationError(`${what} takes ${type}, not ${stored}`, { ...details, table, columns });
    },
  },
  {
    pattern: /datatype mismatch/,
    error: (_, details) => new CheckViolationError('a key or a value is not of the type that SQLite requires', details),
  },
];

type Factory = (message: string, details: ErrorDetails) => PersistenceError;

const CODES: ReadonlyMap<number, Factory> = new Map<number, Factory>([
  [5, (_, details) => new LockTimeoutError('the database is locked by another connection', details)],
  [6, (_, details) => new LockTimeoutError('a table is locked by another statement', details)],
  [9, (_, details) => new AbortedError('the statement was interrupted', details)],
  [11, (message, details) => new StorageCorruptError(`SQLite: ${redact(message)}`, details)],
  [13, (_, details) => new StorageQuotaError('the database or its storage is full', details)],
  [26, (_, details) => new StorageCorruptError('the file is not a SQLite database', details)],
  // SQLITE_CONSTRAINT without one of the texts above: RAISE() of a trigger, a virtual table, a strict update.
  [19, (message, details) => new CheckViolationError(`SQLite: ${redact(message)}`, details)],
]);

function unique(what: string, details: ErrorDetails): PersistenceError {
  const index = /^index '(.+)'$/s.exec(what)?.[1];
  if (index !== undefined) {
    return new UniqueViolationError(`the unique index ${index} holds such a value already`, {
      ...details,
      constraint: index,
    });
  }
  const { table, columns } = splitColumns(what);
  return new UniqueViolationError(`${what} must be unique, and such a value is there already`, {
    ...details,
    table,
    columns,
  });
}

// "t.a, t.b": a name may hold a dot itself, but what all entries begin with, up to a dot, is the table.
function splitColumns(list: string): { readonly table: string; readonly columns: readonly string[] } {
  const entries = list.split(', ');
  const [first = ''] = entries;
  for (let dot = first.indexOf('.'); dot !== -1; dot = first.indexOf('.', dot + 1)) {
    const prefix = first.slice(0, dot + 1);
    if (entries.every((entry) => entry.startsWith(prefix))) {
      return { table: first.slice(0, dot), columns: entries.map((entry) => entry.slice(prefix.length)) };
    }
  }
  return { table: '', columns: entries };
}

// SQLite quotes pieces of JSON paths, of MATCH and LIKE patterns and of unknown tokens, all of which may be values.
const QUOTING = /(JSON path|malformed MATCH|unrecognized token|unterminated|parse error|cannot be converted)/i;

function redact(message: string): string {
  return QUOTING.test(message) ? message.replace(/(['"]).*\1|(['"]).*$/s, '$1$2…$1$2') : message;
}
