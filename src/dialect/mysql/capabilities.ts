import type { Capabilities } from '../../wire/capabilities.ts';

type Shared = Omit<Capabilities, 'roundTrip' | 'shareAcrossRequests'>;

/** What a server of MySQL or MariaDB can do over a session, one statement at a time, whatever reaches it. */
export const mysqlSessionCapabilities: Shared = /* @__PURE__ */ Object.freeze<Shared>({
  interactive: 'session',
  concurrentTransactions: true,
  failedStatement: 'undone',
  batch: 'none',
  keyReference: 'none',
  guard: 'affected-rows',
  // MariaDB has it for INSERT and DELETE, MySQL not at all.
  returning: false,
  savepoints: true,
  isolationLevels: ['read uncommitted', 'read committed', 'repeatable read', 'serializable'],
  maxParams: 65_535,
  maxCompoundTerms: 65_535,
  numbersBindAsReal: false,
  streaming: false,
});
