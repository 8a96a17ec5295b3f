import { nativeCapabilities } from '../../src/dialect/sqlite/index.ts';
import type { Capabilities } from '../../src/port.ts';

/** What SQLite can do inside of a Durable Object, which is its only connection; all requests to the object share it. */
export const durableObjectCapabilities: Capabilities = Object.freeze<Capabilities>({
  ...nativeCapabilities,
  // The platform refuses the pragma.
  foreignKeysOff: false,
  maxParams: 100,
  maxCompoundTerms: 5,
});
