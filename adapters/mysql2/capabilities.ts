import { mysqlSessionCapabilities } from '../../src/dialect/mysql/index.ts';
import type { Capabilities } from '../../src/port.ts';

/** MySQL or MariaDB over TCP, with prepared statements, and no batches. */
export const mysql2Capabilities: Capabilities = Object.freeze<Capabilities>({
  ...mysqlSessionCapabilities,
  roundTrip: 'network',
  shareAcrossRequests: false,
});

/** The same, where a batch is one text of many statements. */
export const pipelinedCapabilities: Capabilities = Object.freeze<Capabilities>({
  ...mysql2Capabilities,
  batch: 'multi',
  keyReference: 'variable',
  guard: 'overflow',
});
