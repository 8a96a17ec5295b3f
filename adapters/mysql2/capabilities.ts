import { mysqlSessionCapabilities } from '../../src/dialect/mysql/index.ts';
import type { Capabilities } from '../../src/port.ts';

/**
 * MySQL or MariaDB over TCP, with prepared statements. No batches: several statements in one text would need values in that
 * text.
 */
export const mysql2Capabilities: Capabilities = Object.freeze<Capabilities>({
  ...mysqlSessionCapabilities,
  roundTrip: 'network',
  shareAcrossRequests: false,
});
