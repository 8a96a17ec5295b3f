import type { Capabilities } from '../../src/port.ts';

/** MySQL or MariaDB over TCP, with prepared statements. */
export const mysql2Capabilities: Capabilities = Object.freeze<Capabilities>({
  interactive: 'session',
  concurrentTransactions: true,
  failedStatement: 'undone',
  // Several statements in one text would need values in that text.
  batch: 'none',
  keyReference: 'none',
  guard: 'affected-rows',
  roundTrip: 'network',
  // MariaDB has it for INSERT and DELETE, MySQL not at all.
  returning: false,
  savepoints: true,
  isolationLevels: ['read uncommitted', 'read committed', 'repeatable read', 'serializable'],
  maxParams: 65_535,
  maxCompoundTerms: 65_535,
  numbersBindAsReal: false,
  streaming: false,
  shareAcrossRequests: false,
});
