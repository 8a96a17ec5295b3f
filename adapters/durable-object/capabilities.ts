import type { Capabilities } from '../../src/port.ts';

/** What SQLite can do inside of a Durable Object, which is its only connection. */
export const durableObjectCapabilities: Capabilities = Object.freeze<Capabilities>({
  interactive: 'session',
  concurrentTransactions: false,
  failedStatement: 'undone',
  batch: 'atomic',
  keyReference: 'rowid',
  guard: 'json',
  roundTrip: 'local',
  returning: true,
  savepoints: true,
  isolationLevels: ['serializable'],
  maxParams: 100,
  maxCompoundTerms: 5,
  numbersBindAsReal: true,
  streaming: false,
  // The storage belongs to one object; all requests to it share it.
  shareAcrossRequests: true,
});
