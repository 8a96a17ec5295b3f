import { nativeCapabilities } from '../../src/dialect/sqlite/index.ts';
import type { Capabilities } from '../../src/port.ts';

/** What D1 can do; the limits are those of https://developers.cloudflare.com/d1/platform/limits/. */
export const d1Capabilities: Capabilities = Object.freeze<Capabilities>({
  ...nativeCapabilities,
  interactive: 'none',
  concurrentTransactions: true,
  roundTrip: 'http',
  savepoints: false,
  isolationLevels: [],
  // The platform refuses the pragma.
  foreignKeysOff: false,
  maxParams: 100,
  maxCompoundTerms: 5,
  // The binding is a client of a service: it keeps nothing of the request in which it was used.
  shareAcrossRequests: true,
});
