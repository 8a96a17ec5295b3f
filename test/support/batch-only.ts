import type { BatchExecuteOptions, Capabilities, Connection, Driver, Statement } from '../../src/port.ts';

/** What is left of the capabilities of a driver when it can hold no transaction open. */
export function batchOnlyCapabilities(capabilities: Capabilities): Capabilities {
  return {
    ...capabilities,
    // A batch cannot switch anything off before it begins.
    foreignKeysOff: false,
    interactive: 'none',
    batch: 'atomic',
    roundTrip: 'http',
    savepoints: false,
    isolationLevels: [],
  };
}

/**
 * A driver as it would be behind HTTP: no transactions, but batches, each of which is one transaction of the driver
 * underneath. `requests` counts what would be round trips.
 */
export function batchOnly(driver: Driver, requests = { count: 0 }): Driver {
  return Object.create(driver, {
    capabilities: { value: batchOnlyCapabilities(driver.capabilities) },
    connect: {
      value: async (options?: { readonly signal?: AbortSignal }) =>
        batchConnection(await driver.connect(options), requests),
    },
    onExternalChange: { value: driver.onExternalChange?.bind(driver) },
    onLog: { value: driver.onLog?.bind(driver) },
    close: { value: () => driver.close() },
  });
}

function batchConnection(connection: Connection, requests: { count: number }): Connection {
  return {
    execute(statement, options) {
      requests.count += 1;
      return connection.execute(statement, options);
    },
    async batch(statements: readonly Statement[], { signal, readOnly, ...options }: BatchExecuteOptions = {}) {
      requests.count += 1;
      const { transact } = connection;
      if (transact === undefined) throw new Error('the driver underneath has no transactions');
      return transact.call(
        connection,
        async (tx) => {
          const results = [];
          for (const statement of statements) results.push(await tx.execute(statement, options));
          return results;
        },
        signal === undefined ? {} : { signal },
      ) as ReturnType<NonNullable<Connection['batch']>>;
    },
    release: () => connection.release(),
    destroy: (reason) => connection.destroy(reason),
  };
}
