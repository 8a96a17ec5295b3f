import { postgres } from '../../src/dialect/postgres/index.ts';
import { createClock, HttpDriver } from '../../src/port.ts';
import { httpCapabilities } from './capabilities.ts';
import { HttpConnection } from './http-connection.ts';
import type { NeonTransport } from './protocol.ts';

/** The driver over HTTP, by whatever way to the server. */
export function createHttpDriver(name: string, transport: NeonTransport, statementTimeout: number): HttpDriver {
  return new HttpDriver({
    name,
    dialect: postgres,
    capabilities: httpCapabilities,
    clock: createClock(globalThis),
    statementTimeout,
    connection: (requests) => new HttpConnection(transport, requests),
  });
}
