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
  // The server takes READ UNCOMMITTED for READ COMMITTED.
  isolationLevels: ['read committed', 'repeatable read', 'serializable'],
  maxParams: 65_535,
  maxCompoundTerms: Number.POSITIVE_INFINITY,
  numbersBindAsReal: false,
  streaming: false,
  // A socket belongs to the request that opened it.
  shareAcrossRequests: false,
});
