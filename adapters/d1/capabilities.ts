import type { Capabilities } from '../../src/port.ts';

/** What D1 can do; the limits are those of https://developers.cloudflare.com/d1/platform/limits/. */
export const d1Capabilities: Capabilities = Object.freeze<Capabilities>({
  interactive: 'none',
  concurrentTransactions: true,
  failedStatement: 'undone',
  batch: 'atomic',
  keyReference: 'rowid',
  guard: 'json',
  roundTrip: 'http',
  returning: true,
  savepoints: false,
  isolationLevels: [],
  maxParams: 100,
  maxCompoundTerms: 5,
  numbersBindAsReal: true,
  streaming: false,
  // The binding is a client of a service: it keeps nothing of the request in which it was used.
  shareAcrossRequests: true,
});
