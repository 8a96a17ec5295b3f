import type { Capabilities } from '../../src/port.ts';

/** SQLite inside the same process. */
export const sqljsCapabilities: Capabilities = Object.freeze<Capabilities>({
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
  // Integers beyond 32 bits only, but an untyped parameter does not tell how large it will be.
  numbersBindAsReal: true,
  streaming: false,
  shareAcrossRequests: true,
});
