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

type ErrorClass = new (message: string, details?: ErrorDetails) => PersistenceError;

/**
 * What SQLite says, or its result code; the error; its message, in which `$1` is what the pattern found, and which is
 * SQLite's own where it is empty; and what the last piece found is the name of.
 */
type Rule = readonly [sign: RegExp | number, error: ErrorClass, message: string, about?: 'columns' | 'constraint'];

// A driver may put its own prefix before SQLite's text, so the patterns are not anchored at the start.
const RULES: readonly Rule[] = [
  // A guard of a batch, which no value of an application is part of.
  [/JSON path: '(meshestra guard \d+;)'/, DriverError, '$1'],
  [
    /UNIQUE constraint failed: index '(.+)'$/s,
    UniqueViolationError,
    'the unique index $1 holds such a value already',
    'constraint',
  ],
  [
    /UNIQUE constraint failed: (.+)$/s,
    UniqueViolationError,
    '$1 must be unique, and such a value is there already',
    'columns',
  ],
  [/PRIMARY KEY constraint failed/, UniqueViolationError, 'a row with the same key is there already'],
  [/NOT NULL constraint failed: (.+)$/s, NotNullViolationError, '$1 must have a value', 'columns'],
  [
    /FOREIGN KEY constraint failed/,
    ForeignKeyViolationError,
    'a row refers to a row that is not there, or is still referred to',
  ],
  [/CHECK constraint failed: (.+)$/s, CheckViolationError, 'the check "$1" refused a value', 'constraint'],
  [/cannot store (\w+) value in (\w+) column (.+)$/s, CheckViolationError, '$3 takes $2, not $1', 'columns'],
  [/datatype mismatch/, CheckViolationError, 'a key or a value is not of the type that SQLite requires'],
  [5, LockTimeoutError, 'the database is locked by somebody else'],
  [6, LockTimeoutError, 'a table is locked by another statement'],
  [9, AbortedError, 'the statement was interrupted'],
  [11, StorageCorruptError, ''],
  [13, StorageQuotaError, 'the database or its storage is full'],
  [26, StorageCorruptError, 'the file is not a SQLite database'],
  // SQLITE_CONSTRAINT without one of the texts above: RAISE() of a trigger, a virtual table, a strict update.
  [19, CheckViolationError, ''],
];

/**
 * Turns a failure of SQLite into Meshestra's error, by the message that `sqlite3_errmsg` gives (the same in every
 * driver) and, where the driver knows it, the plain or extended result code. Values that SQLite quotes in a message are
 * masked. Rules: https://www.sqlite.org/rescode.html
 */
export function sqliteError(message: string, code = 0, cause?: unknown): PersistenceError {
  const known = RULES.find(([sign]) => (typeof sign === 'number' ? sign === (code & 0xff) : sign.test(message)));
  const [sign, Failure, text, about] = known ?? UNKNOWN;
  const [found = '', ...pieces] = typeof sign === 'number' ? [] : (sign.exec(message) ?? []);
  const name = pieces.at(-1) ?? '';
  return new Failure(
    text === '' ? `SQLite: ${redact(message)}` : found === '' ? text : found.replace(sign as RegExp, text),
    {
      // Whoever prints an error prints its cause, so one that quotes a value is not passed on.
      ...(cause === undefined || QUOTING.test(message) ? {} : { cause }),
      ...(about === 'columns' ? splitColumns(name) : about === 'constraint' ? { constraint: name } : {}),
    },
  );
}

const UNKNOWN: Rule = [0, DriverError, ''];

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
