import type { Capabilities } from '../../src/port.ts';

/** PlanetScale over HTTP: one statement in a request, and transactions by a session that travels to and fro. */
export const planetscaleCapabilities: Capabilities = Object.freeze<Capabilities>({
  interactive: 'session',
  concurrentTransactions: true,
  failedStatement: 'undone',
  // A request has one statement (https://github.com/planetscale/database-js/issues/85).
  batch: 'none',
  keyReference: 'none',
  guard: 'affected-rows',
  roundTrip: 'http',
  returning: false,
  savepoints: true,
  isolationLevels: ['read uncommitted', 'read committed', 'repeatable read', 'serializable'],
  // Values are part of the text, so that only its length is limited.
  maxParams: 65_535,
  maxCompoundTerms: 65_535,
  numbersBindAsReal: false,
  streaming: false,
  // There is no connection: a session is data that one transaction holds.
  shareAcrossRequests: true,
});
