import { hostedError } from '../../src/dialect/sqlite/index.ts';
import {
  ConnectionError,
  DriverError,
  LockTimeoutError,
  type Outcome,
  PersistenceError,
  StatementTimeoutError,
  StorageQuotaError,
  ValidationError,
} from '../../src/port.ts';

type Failure = (message: string, details: { cause: unknown; outcome: Outcome }) => PersistenceError;

/**
 * What D1 says where it is not about SQL (https://developers.cloudflare.com/d1/observability/debug-d1/), and whether the
 * statement was surely not run. Anything else that is not SQLite's is a connection that was lost.
 */
const SERVICE: readonly (readonly [sign: RegExp, failure: Failure, notRun: boolean])[] = [
  [/overloaded/i, (message, details) => new LockTimeoutError(message, details), true],
  [
    /exceeded its CPU time limit|exceeded timeout/i,
    (message, details) => new StatementTimeoutError(message, details),
    false,
  ],
  [/maximum (?:DB|database|account storage)/i, (message, details) => new StorageQuotaError(message, details), true],
  [/memory limit/i, (message, details) => new DriverError(message, details), false],
  [/Cannot resolve D1 DB/, (message, details) => new ConnectionError(message, details), true],
];

/** What a failure of D1 means. `writes` tells whether the work may be in the database although no answer came. */
export function d1Error(cause: unknown, writes: boolean): PersistenceError {
  if (cause instanceof PersistenceError) return cause;
  const text = (cause instanceof Error ? cause.message : String(cause)).replace(/^D1_(?:EXEC_)?ERROR: /, '');
  const known = hostedError(text, cause);
  if (known !== null) return known;
  if (text.startsWith('D1_TYPE_ERROR')) return new ValidationError('a value is none that D1 takes', { cause });
  const [, failure, notRun] = SERVICE.find(([sign]) => sign.test(text)) ?? LOST;
  return failure(`D1: ${text}`, { cause, outcome: writes && !notRun ? 'unknown' : 'rolled-back' });
}

const LOST = [/./, (message, details) => new ConnectionError(message, details), false] as (typeof SERVICE)[number];
