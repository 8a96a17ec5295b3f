/** A failure as the server tells it. */
export interface MysqlFailure {
  /** The number of the error, as in `ER_DUP_ENTRY` = 1062. */
  readonly errno: number;
  readonly message: string;
}

/** What of the schema a failure is about, as far as its message says. */
export interface FailureSubject {
  readonly table?: string;
  readonly columns?: readonly string[];
  readonly constraint?: string;
}

/** Where the table of a message is a foreign key's: `` `db`.`child`, CONSTRAINT `fk` FOREIGN KEY (`a`, `b`) REFERENCES ``. */
const FOREIGN_KEY = /\(`((?:[^`]|``)*)`\.`((?:[^`]|``)*)`, CONSTRAINT `((?:[^`]|``)*)` FOREIGN KEY \(([^)]*)\)/;
const MARIADB_CHECK = /^CONSTRAINT `(.*)` failed for `(?:[^`]|``)*`\.`(.*)`$/s;
const MYSQL_CHECK = /^Check constraint '(.*)' is violated/s;
/** Behind a value that may hold anything, the end of the message is what the server wrote itself. */
const QUALIFIED_COLUMN = /for column `((?:[^`]|``)*)`\.`((?:[^`]|``)*)`\.`((?:[^`]|``)*)` at row \d+$/;
const COLUMN = /(?:for|NOT NULL) column '((?:[^']|'')*)'(?: at row \d+)?$/;
const LEADING_COLUMN = /^(?:Column|Field) '(.*)' (?:cannot be null|doesn't have a default value)$/s;

/** Reads table, columns and constraint out of a message; `table` is the one that the statement writes, where it is known. */
export function subjectOf({ errno, message }: MysqlFailure, table: string | undefined): FailureSubject {
  const written = table === undefined ? {} : { table };
  switch (errno) {
    case 1062:
    case 1586:
      return { ...written, ...keyOf(message) };
    case 1216:
    case 1217:
    case 1451:
    case 1452:
      return foreignKeyOf(message);
    case 3819:
    case 4025:
      return { ...written, ...checkOf(message) };
    default:
      return { ...written, ...columnOf(message) };
  }
}

// MariaDB writes the name of the key only, MySQL that of its table before it.
function keyOf(message: string): FailureSubject {
  const begin = message.lastIndexOf(" for key '");
  if (begin === -1) return {};
  const key = message.slice(begin + 10, message.lastIndexOf("'"));
  const dot = key.indexOf('.');
  return dot === -1 ? { constraint: key } : { table: key.slice(0, dot), constraint: key.slice(dot + 1) };
}

function foreignKeyOf(message: string): FailureSubject {
  const [, , table, constraint, columns] = FOREIGN_KEY.exec(message) ?? [];
  if (table === undefined || constraint === undefined || columns === undefined) return {};
  const names = [...columns.matchAll(/`((?:[^`]|``)*)`/g)].map(([, name = '']) => unquoted(name));
  return { table: unquoted(table), constraint: unquoted(constraint), columns: names };
}

function checkOf(message: string): FailureSubject {
  const [, constraint, table] = MARIADB_CHECK.exec(message) ?? MYSQL_CHECK.exec(message) ?? [];
  if (constraint === undefined) return {};
  return { constraint: unquoted(constraint), ...(table === undefined ? {} : { table: unquoted(table) }) };
}

function columnOf(message: string): FailureSubject {
  const [, , table, qualified] = QUALIFIED_COLUMN.exec(message) ?? [];
  if (table !== undefined && qualified !== undefined) return { table: unquoted(table), columns: [unquoted(qualified)] };
  const [, column] = LEADING_COLUMN.exec(message) ?? COLUMN.exec(message) ?? [];
  return column === undefined ? {} : { columns: [column] };
}

function unquoted(name: string): string {
  return name.replaceAll('``', '`');
}

/**
 * A SELECT that tells the columns of the violated key or check, since messages name these only; null where a message tells
 * all, or nothing. Its rows are read by {@link withColumns}.
 */
export function columnsQuestion(
  { table, columns, constraint }: FailureSubject,
  { errno }: MysqlFailure,
): Question | null {
  if (table === undefined || constraint === undefined || columns !== undefined) return null;
  if (errno === 3819 || errno === 4025) {
    return {
      sql:
        'SELECT NULL, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE() ' +
        'AND CONSTRAINT_NAME = ?',
      params: [constraint],
    };
  }
  return {
    sql:
      'SELECT COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() ' +
      'AND TABLE_NAME = ? AND INDEX_NAME = ? ORDER BY SEQ_IN_INDEX',
    params: [table, constraint],
  };
}

/** What {@link columnsQuestion} asks. */
interface Question {
  readonly sql: string;
  readonly params: readonly string[];
}

/** The subject with the columns that {@link columnsQuestion} found. */
export function withColumns(subject: FailureSubject, rows: readonly (readonly unknown[])[]): FailureSubject {
  const columns = rows.flatMap(([column, check]) => (column === null ? columnsIn(String(check)) : String(column)));
  return columns.length === 0 ? subject : { ...subject, columns: [...new Set(columns)] };
}

// The server writes names in backticks; texts among them, which may hold any, go first.
function columnsIn(check: string): readonly string[] {
  const names = check.replace(/'(?:[^'\\]|\\.|'')*'/gs, '').matchAll(/`((?:[^`]|``)*)`/g);
  return [...names].map(([, name = '']) => unquoted(name));
}

/** The table that a statement writes, where its text begins by saying so. */
export function tableWritten(sql: string): string | undefined {
  const [, , quoted, bare] =
    /^\s*(insert\s+(?:ignore\s+)?into|replace\s+into|update)\s+(?:`((?:[^`]|``)*)`|([\w$]+))(?![\w$]|\s*\.)/i.exec(
      sql,
    ) ?? [];
  return quoted === undefined ? bare : unquoted(quoted);
}
