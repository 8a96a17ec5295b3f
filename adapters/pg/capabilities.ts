import { ISOLATION_LEVELS } from '../../src/dialect/postgres/index.ts';
import type { Capabilities } from '../../src/port.ts';

/** A PostgreSQL server over TCP. */
export const capabilities: Capabilities = Object.freeze<Capabilities>({
  interactive: 'session',
  concurrentTransactions: true,
  failedStatement: 'ends-transaction',
  batch: 'none',
  keyReference: 'cte',
  guard: 'cast',
  roundTrip: 'network',
  returning: true,
  savepoints: true,
  isolationLevels: ISOLATION_LEVELS,
  maxParams: 65_535,
  maxCompoundTerms: Number.POSITIVE_INFINITY,
  numbersBindAsReal: false,
  streaming: false,
  // A socket belongs to the request that opened it.
  shareAcrossRequests: false,
});
