import type { Capabilities } from '../../src/port.ts';

/** Neon over HTTP: single statements, and batches that are one transaction each. */
export const httpCapabilities: Capabilities = Object.freeze<Capabilities>({
  interactive: 'none',
  concurrentTransactions: true,
  failedStatement: 'ends-transaction',
  batch: 'atomic',
  keyReference: 'cte',
  guard: 'cast',
  roundTrip: 'http',
  returning: true,
  savepoints: false,
  // A batch has one, but the reads of a transaction come before it, each by itself.
  isolationLevels: [],
  maxParams: 65_535,
  maxCompoundTerms: Number.POSITIVE_INFINITY,
  numbersBindAsReal: false,
  streaming: false,
  // There is no connection: each request stands alone.
  shareAcrossRequests: true,
});
