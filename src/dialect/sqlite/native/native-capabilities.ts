import type { Capabilities } from '../../../wire/capabilities.ts';

/** What SQLite can do where it is compiled into the process, with one connection. */
export const nativeCapabilities: Capabilities = Object.freeze<Capabilities>({
  interactive: 'session',
  concurrentTransactions: false,
  failedStatement: 'undone',
  batch: 'atomic',
  keyReference: 'rowid',
  guard: 'json',
  roundTrip: 'local',
  foreignKeysOff: true,
  returning: true,
  savepoints: true,
  isolationLevels: ['serializable'],
  maxParams: 32_766,
  maxCompoundTerms: 500,
  numbersBindAsReal: true,
  // A cursor would keep the one connection from everybody else for as long as its reader takes.
  streaming: false,
  shareAcrossRequests: true,
});
