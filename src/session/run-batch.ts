import type { BatchStatement } from '../compiler/batch-dialect.ts';
import type { Connection, Driver } from '../driver/driver.ts';
import { UnsupportedByDriverError } from '../errors.ts';
import type { ResultSet } from '../wire/result-set.ts';
import type { EventHub } from './session-events.ts';

/** How a batch is to run. */
export interface BatchOptions {
  readonly signal?: AbortSignal;
  /** Whether it only reads: then all of its statements see the database at one moment, where the driver can have that. */
  readonly readOnly?: boolean;
}

/**
 * Runs all statements or none of them, in one request, and reports each of them as a `statement` event. Throws
 * `unsupported-by-driver` where there are no batches.
 */
export async function runBatch(
  { driver, events }: { readonly driver: Driver; readonly events: EventHub },
  connection: Connection,
  statements: readonly BatchStatement[],
  options: BatchOptions = {},
): Promise<readonly ResultSet[]> {
  if (connection.batch === undefined) {
    throw new UnsupportedByDriverError(`${driver.name}: the driver has no batches`);
  }
  const start = driver.clock.monotonic();
  const report = (results: readonly ResultSet[], error: unknown): void => {
    if (!events.has('statement')) return;
    const durationMs = driver.clock.monotonic() - start;
    statements.forEach(({ sql }, place) => {
      const { rows = [], affectedRows = 0 } = results[place] ?? {};
      events.emit('statement', { sql, durationMs, rows: rows.length > 0 ? rows.length : affectedRows, error });
    });
  };
  try {
    const writes = [...new Set(statements.flatMap((statement) => statement.writes))];
    const results = await connection.batch(
      statements.map(({ sql, params }) => ({ sql, params })),
      { ...options, writes },
    );
    report(results, undefined);
    return results;
  } catch (error) {
    report([], error);
    throw error;
  }
}
