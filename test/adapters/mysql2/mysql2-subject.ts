import { mysql2 } from '../../../adapters/mysql2/index.ts';
import type { Driver } from '../../../src/port.ts';
import type { Subject } from '../../conformance/subject.ts';
import type { findEngine } from '../../support/engines/find-engine.ts';
import { createScratchDatabase } from '../../support/engines/scratch-database.ts';
import { openDatabase } from '../open-database.ts';

type Engine = Awaited<ReturnType<typeof findEngine>>;

/** mysql2 on the server of the tests: each law has a database of its own, which goes when it is closed. */
export function mysql2Subject(
  engine: Engine,
  name = 'mysql2',
  driverOf: (url: string) => Driver = (url) => mysql2(url),
): Subject {
  return {
    name,
    capabilities: driverOf('mysql://localhost').capabilities,
    async open(entities, wrap = (driver) => driver) {
      const database = await createScratchDatabase('mysql', engine);
      return openDatabase(wrap(driverOf(database.url)), entities, () => database.drop());
    },
    // Instants of the years 1 to 9999.
    refuses: (_type, value) => value instanceof Date && !/^\d{4}-/.test(value.toISOString().replace(/^0000/, '')),
    longestKey: 255,
    knownFailures: {},
  };
}
