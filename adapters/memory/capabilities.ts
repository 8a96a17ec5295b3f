import { type Capabilities, ConfigurationError } from '../../src/port.ts';

/** What the driver can do standing alone, unless told otherwise. */
export const standAlone: Capabilities = Object.freeze<Capabilities>({
  interactive: 'session',
  batch: 'none',
  keyReference: 'none',
  guard: 'affected-rows',
  roundTrip: 'local',
  returning: true,
  savepoints: true,
  concurrentTransactions: false,
  failedStatement: 'undone',
  isolationLevels: ['read uncommitted', 'read committed', 'repeatable read', 'serializable'],
  maxParams: 32_766,
  maxCompoundTerms: 500,
  numbersBindAsReal: true,
  streaming: false,
  shareAcrossRequests: true,
});

/** The capabilities of a backing driver, without those that were taken away. Throws where one was added. */
export function reduced(own: Capabilities, asked: Partial<Capabilities>): Capabilities {
  for (const name of ['interactive', 'batch'] as const) {
    if (own[name] === 'none' && (asked[name] ?? 'none') !== 'none') throw added(name);
  }
  for (const name of ['returning', 'savepoints', 'streaming'] as const) {
    if (!own[name] && asked[name] === true) throw added(name);
  }
  return Object.freeze({ ...own, ...asked });
}

function added(name: keyof Capabilities): ConfigurationError {
  return new ConfigurationError(
    `memory: capabilities.${name}: the backing driver cannot do this; capabilities can only be taken away from it`,
  );
}
