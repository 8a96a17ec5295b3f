import { mysqlSessionCapabilities } from '../../src/dialect/mysql/index.ts';
import type { Capabilities } from '../../src/port.ts';

/**
 * PlanetScale over HTTP: one statement in a request (https://github.com/planetscale/database-js/issues/85), and transactions
 * by a session that travels to and fro. Values are part of the text, so that only its length limits them.
 */
export const planetscaleCapabilities: Capabilities = Object.freeze<Capabilities>({
  ...mysqlSessionCapabilities,
  roundTrip: 'http',
  // There is no connection: a session is data that one transaction holds.
  shareAcrossRequests: true,
});
