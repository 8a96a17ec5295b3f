import { ISOLATION_LEVELS } from '../../dialect/postgres/transaction-text.ts';
import type { Capabilities } from '../../wire/capabilities.ts';

/** A PostgreSQL server, reached through a client that holds a connection open. */
export const postgresClientCapabilities: Capabilities = /* @__PURE__ */ Object.freeze<Capabilities>({
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

/** The same, where statements are sent before those before them are answered: a batch is one round trip. */
export const pipelinedCapabilities: Capabilities = /* @__PURE__ */ Object.freeze<Capabilities>({
  ...postgresClientCapabilities,
  batch: 'pipelined',
});
