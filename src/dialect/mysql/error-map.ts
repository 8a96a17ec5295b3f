import {
  AbortedError,
  CheckViolationError,
  ConnectionError,
  DeadlockError,
  DriverError,
  type ErrorDetails,
  ForeignKeyViolationError,
  LockTimeoutError,
  NotNullViolationError,
  type Outcome,
  PersistenceError,
  SerializationFailureError,
  StatementTimeoutError,
  UniqueViolationError,
} from '../../errors.ts';
import type { FailureSubject, MysqlFailure } from './failure.ts';
import { guardOf } from './guard.ts';

/**
 * Turns a failure of MySQL or MariaDB into Meshestra's error, by its number. Values that the server puts into its messages
 * are masked. Numbers: https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 *
 * @param subject - the table, columns and constraint, from `subjectOf`
 * @param outcome - what the end of the connection means for the work that was under way
 */
export function mysqlError(
  failure: MysqlFailure,
  subject: FailureSubject = {},
  cause?: unknown,
  outcome: Outcome = 'rolled-back',
): PersistenceError {
  const details: ErrorDetails = { ...subject, ...(cause === undefined ? {} : { cause }) };
  if (CLOSING.has(failure.errno)) {
    return new ConnectionError('the server closed the connection', { ...details, outcome });
  }
  const guard = guardOf(failure);
  if (guard !== null) return new DriverError(`a statement did not reach all of its rows (${guard})`, details);
  const isOption = failure.errno === OPTION_PREVENTS && !/read[-_]only/i.test(failure.message);
  const make = isOption ? undefined : RULES.get(failure.errno);
  return make?.(subject, details) ?? new DriverError(`MySQL: ${redactMysql(failure)}`, details);
}

type Rule = (subject: FailureSubject, details: ErrorDetails) => PersistenceError;

const unique: Rule = (subject, details) =>
  new UniqueViolationError(`${nameOf(subject)} must be unique, and such a value is there already`, details);
const foreignKey: Rule = ({ constraint }, details) =>
  new ForeignKeyViolationError(
    `a row refers to a row that is not there, or is still referred to${constraint === undefined ? '' : ` (${constraint})`}`,
    details,
  );
const notNull: Rule = (subject, details) => new NotNullViolationError(`${nameOf(subject)} must have a value`, details);
const check: Rule = ({ constraint }, details) =>
  new CheckViolationError(`the check "${constraint}" refused a value`, details);
const refused =
  (why: string): Rule =>
  (subject, details) =>
    new CheckViolationError(`${nameOf(subject)}: ${why}`, details);
const connection =
  (message: string, retryable: boolean): Rule =>
  (_, details) =>
    new ConnectionError(message, { ...details, retryable });
const denied =
  (message: string): Rule =>
  (_, details) =>
    new PersistenceError('permission-denied', message, details);

const tooMany = connection('the server takes no more connections, or no more of this user', true);
const readOnlyServer = connection('the server takes no writes; it is a replica, or became one', true);
const tooLong = refused('the value is longer than the column');
const outOfRange = refused('the value is out of the range of the column');
const wrongType = refused('the value is not of the type of the column');
const noTable = denied('the user of this connection may not do this to the table or column');
const mayNot = denied('the user of this connection may not do this');
const notLetIn = connection('the server refused the login or the database', false);

/** The server ended the connection: at shut-down, by KILL, or because packets went wrong. */
const CLOSING: ReadonlySet<number> = new Set([1053, 1077, 1080, 1152, 1158, 1159, 1160, 1161, 1927, 2006, 2013, 4031]);

/** An option of the server prevents the statement: `--read-only`, but others, too, such as `--secure-file-priv`. */
const OPTION_PREVENTS = 1290;

const RULES: ReadonlyMap<number, Rule> = new Map<number, Rule>([
  [1062, unique],
  [1586, unique],
  [1216, foreignKey],
  [1217, foreignKey],
  [1451, foreignKey],
  [1452, foreignKey],
  [1048, notNull],
  [1263, notNull],
  [1364, notNull],
  [3819, check],
  [4025, check],
  [1406, tooLong],
  [1264, outOfRange],
  [1690, outOfRange],
  [1265, wrongType],
  [1292, wrongType],
  [1366, wrongType],
  [1411, wrongType],
  [1525, wrongType],
  [3140, wrongType],
  [1205, (_, details) => new LockTimeoutError('another transaction held the lock for too long', details)],
  [1206, (_, details) => new LockTimeoutError('the server has no room for more locks', details)],
  [3572, (_, details) => new LockTimeoutError('another transaction holds the lock', details)],
  [
    1213,
    (_, details) => new DeadlockError('two transactions waited for each other; this one was rolled back', details),
  ],
  [
    1614,
    (_, details) => new DeadlockError('two transactions waited for each other; this one was rolled back', details),
  ],
  [
    1020,
    (_, details) =>
      new SerializationFailureError('a row was changed by another transaction since this one began to read', details),
  ],
  [1317, (_, details) => new AbortedError('the statement was interrupted on the server', details)],
  [1969, (_, details) => new StatementTimeoutError('the statement took longer than it may', details)],
  [3024, (_, details) => new StatementTimeoutError('the statement took longer than it may', details)],
  [1040, tooMany],
  [1203, tooMany],
  [1226, tooMany],
  [1044, notLetIn],
  [1045, notLetIn],
  [1049, notLetIn],
  [1129, notLetIn],
  [1130, notLetIn],
  [1251, notLetIn],
  [1698, notLetIn],
  [3118, notLetIn],
  [3159, notLetIn],
  [4151, notLetIn],
  [OPTION_PREVENTS, readOnlyServer],
  [1836, readOnlyServer],
  [1142, noTable],
  [1143, noTable],
  [1227, mayNot],
  [1370, mayNot],
]);

function nameOf({ table, columns, constraint }: FailureSubject): string {
  if (columns === undefined) return constraint ?? table ?? 'a column';
  return columns.map((column) => (table === undefined ? column : `${table}.${column}`)).join(', ');
}

/** What these quote are names of the schema. */
const NAMING: ReadonlySet<number> = new Set([
  1050, 1051, 1052, 1054, 1060, 1061, 1068, 1071, 1072, 1091, 1109, 1146, 1215, 1305, 1824, 3780,
]);

/** A message of the server without the values and pieces of the statement that it quotes, which may be cut short. */
export function redactMysql({ errno, message }: MysqlFailure): string {
  return NAMING.has(errno) ? message : message.replace(/(?<!\w)['"](?:.*['"]|.*$)/s, "'…'");
}
