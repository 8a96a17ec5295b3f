import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../architecture/source-file.ts';

/**
 * Which test proves which case of data loss in migrations: the numbers are those of section c of the design's
 * `facts/reliability.md`. Each entry is a file below `test/` and the title of a test or a law in it, as it stands there.
 */
const CASES: Readonly<Record<number, readonly (readonly [file: string, title: string])[]>> = {
  // Rebuilds with children of every action, tables that refer to each other and to themselves.
  1: [
    ['conformance/schemas/sqlite-changes.ts', 'builds two tables anew that refer to each other, and the child of both'],
    [
      'conformance/migrations/losing.ts',
      'a table that changes keeps the rows that refer to it, whatever a deletion does to them',
    ],
    ['conformance/rebuild-suite.ts', 'rows that refer to nothing after a rebuild undo all of it'],
  ],
  // What a rebuild may drop in silence.
  2: [
    ['conformance/schemas/sqlite-changes.ts', 'changes types, and keeps all that is said of a table'],
    [
      'conformance/schemas/sqlite-changes.ts',
      'builds a table anew beside views and triggers that speak of what is not there',
    ],
  ],
  // Copies by position, computed columns, new columns without a value.
  3: [
    ['conformance/schemas/sqlite-changes.ts', 'copies by name, whatever the order of columns, and no computed ones'],
    [
      'conformance/migrations/losing.ts',
      'a new column that may not be NULL is refused over rows, and filled where a value is told',
    ],
  ],
  // Attributes.
  4: [
    ['conformance/schemas/sqlite-changes.ts', 'changes types, and keeps all that is said of a table'],
    ['conformance/schemas/postgres-changes.ts', 'changes what is said of tables, columns, constraints and indexes'],
    ['conformance/schemas/postgres-changes.ts', 'makes keys by other means, and goes on behind the largest one'],
    ['conformance/schemas/mysql-changes.ts', 'changes what is said of tables, columns, constraints and indexes'],
    ['adapters/pg/kept-beside.test.ts', 'keeps its privileges, policies, replica identity and the next of its keys'],
  ],
  // Renames.
  5: [
    [
      'conformance/migrations/losing.ts',
      'a table and a column that are renamed keep their rows and what refers to them',
    ],
    [
      'conformance/schemas/sqlite-changes.ts',
      'trades the names of columns and tables, and changes the case of a name and a type with it',
    ],
    ['conformance/schemas/postgres-changes.ts', 'lets tables, columns, constraints and indexes change places'],
    [
      'unit/migration/diff-databases.test.ts',
      'of a column that is renamed and of another type is a rename and a change',
    ],
    ['unit/migration/diff-databases.test.ts', 'of the name of a constraint or an index is a rename of it'],
  ],
  // Other types and lengths.
  6: [
    [
      'unit/migration/diff-databases.test.ts',
      'of a longer type, a default, or a nullability is one change of the column, never a drop',
    ],
    ['conformance/schemas/misfit-laws.ts', 'what does not fit is told: '],
    [
      'conformance/migrations/losing.ts',
      'a text becomes a number where all of them are numbers, and is refused otherwise',
    ],
    ['conformance/schemas/postgres-changes.ts', 'changes types where they stand, with what is computed from them'],
    [
      'conformance/schemas/mysql-changes.ts',
      'changes types where they stand, of both sides of a foreign key too, and keeps all that is said of a column',
    ],
  ],
  // NOT NULL.
  7: [
    [
      'conformance/migrations/losing.ts',
      'what may not be NULL any more is refused over NULLs, and filled where a value is told',
    ],
    [
      'conformance/schemas/postgres-changes.ts',
      'fills new columns and NULLs before they are NOT NULL, with constraints that are checked late',
    ],
    [
      'conformance/schemas/mysql-changes.ts',
      'fills new columns and NULLs before they are NOT NULL, which is no update of the rows',
    ],
  ],
  // Enumerations.
  8: [
    ['conformance/migrations/losing.ts', 'a value of an enumeration that rows have does not go'],
    [
      'adapters/pg/engine-refusals.test.ts',
      'that uses a value of an enum in the transaction that added it, and takes it in two migrations',
    ],
    [
      'adapters/pg/engine-refusals.test.ts',
      'that takes a value away which rows have, in a column, a list and another table',
    ],
    [
      'adapters/pg/engine-refusals.test.ts',
      'that would drop columns of an enum with rows in them; the type itself is never dropped',
    ],
    [
      'adapters/mysql2/engine-refusals.test.ts',
      'that takes a value of an ENUM away which rows have: nothing becomes the empty text',
    ],
    [
      'adapters/mysql2/engine-refusals.test.ts',
      'that takes a value of an ENUM away where connections begin without strictness: the driver makes them strict',
    ],
  ],
  // Constraints over rows that break them.
  9: [
    ['conformance/migrations/losing.ts', 'a unique constraint is refused over values that are there twice'],
    ['conformance/migrations/losing.ts', 'a foreign key is refused over rows that refer to nothing'],
    // A CHECK on SQLite and PostgreSQL.
    ['conformance/migrations/losing.ts', 'a value of an enumeration that rows have does not go'],
    ['adapters/pg/engine-refusals.test.ts', 'that checks what rows violate'],
    ['conformance/rebuild-suite.ts', 'rows that refer to nothing after a rebuild undo all of it'],
  ],
  // Half applied.
  10: [
    [
      'conformance/migrations/failing.ts',
      'a failure at any statement leaves the old state or one that the next run goes on from',
    ],
    ['conformance/migrations/failing.ts', 'a lost answer to any statement is found out by the next run'],
    ['conformance/migrations/failing.ts', 'what is left of a migration can be resolved by hand'],
    [
      'conformance/migrations/failing.ts',
      'who resolves what somebody else has gone on with is told, and changes nothing',
    ],
    ['adapters/mysql2/engine-refusals.test.ts', 'that is being taken back, where somebody else has gone on with it'],
  ],
  // Several runners.
  11: [
    // On a SQLite file, PostgreSQL and MariaDB; an empty database is the case.
    ['adapters/migrations.test.ts', '%i at once on an empty database apply each migration once'],
    // What the holder of a lock or a lease leaves.
    ['adapters/migrations.test.ts', 'killed at step %i of all, another one goes on, and each step is done once'],
    ['runtime/browser/sqljs/migrations.test.ts', 'apply each migration once, $count at once $where'],
    ['conformance/migrations/racing.ts', ' runners at once apply each migration once'],
  ],
  // Histories that are not what was applied.
  12: [
    [
      'conformance/migrations/refusing.ts',
      'an edited, renamed or missing migration is refused by name before any statement',
    ],
    ['conformance/migrations/refusing.ts', 'line endings, a byte order mark and blanks at line ends are no edit'],
    ['conformance/migrations/refusing.ts', 'an older version that comes late is refused by name, or allowed by name'],
  ],
  // What an inspector does not see.
  13: [
    ['conformance/schemas/postgres-reading.ts', 'is read with all that is said of it, and made again from that'],
    [
      'conformance/schemas/postgres-reading.ts',
      'leaves alone, and names, what is no table or what there are no words for',
    ],
    ['adapters/mysql-schema.test.ts', 'is read with all that is said of it, and made again from that'],
    ['adapters/mysql-schema.test.ts', 'leaves alone, and names, what is no table'],
  ],
  // The way back.
  14: [
    [
      'conformance/migrations/refusing.ts',
      'rows that would be lost, or for which something does not hold, are counted first',
    ],
    [
      'conformance/schemas/random-laws.ts',
      'random pairs of schemas keep every row and column that stays, there and back',
    ],
  ],
  // Differences that are none.
  15: [
    ['conformance/schemas/schema-laws.ts', ', for every type and default'],
    ['conformance/schemas/stake-laws.ts', 'what entities cannot say of a table is no difference'],
  ],
  // A browser's tabs.
  16: [
    [
      'runtime/browser/sqljs/migrations.test.ts',
      'that are killed at any step leave the old or the new state, from which the next one goes on',
    ],
    [
      'runtime/browser/sqljs/migrations.test.ts',
      'read on with older code, and refuse to write, once a tab with newer code has migrated',
    ],
  ],
  // Large tables, and statements that no transaction takes.
  17: [
    [
      'adapters/pg/engine-refusals.test.ts',
      'never copies rows itself: a change of a column of 1,000,000 rows with children is one statement of the engine',
    ],
    ['adapters/pg/engine-refusals.test.ts', 'that waits for a lock too long, and takes it when the lock is gone'],
    [
      'adapters/pg/engine-refusals.test.ts',
      'that makes an index CONCURRENTLY in its transaction, and takes it outside of that',
    ],
    [
      'adapters/mysql2/engine-refusals.test.ts',
      'never by copying rows itself: a change of 1,000,000 rows with children is the work of the engine',
    ],
    [
      'adapters/pg/online-migrations.test.ts',
      'gets indexes and constraints outside of the transaction, there and back',
    ],
  ],
  // Changes of data in code.
  18: [
    [
      'conformance/migrations/running.ts',
      'a function changes data by the tables of its time, whatever becomes of them later',
    ],
    ['conformance/migrations/running.ts', 'a function changes data by parameters, in the place where it stands'],
  ],
};

describe('Each case of data loss in migrations', () => {
  it('is one of the 18', () => {
    expect(Object.keys(CASES).map(Number)).toEqual(Array.from({ length: 18 }, (_, index) => index + 1));
  });

  it.each(Object.entries(CASES))('number %s has tests of these names', (_, tests) => {
    expect(tests.length).toBeGreaterThan(0);
    const missing = tests.filter(([file, title]) => !readFileSync(join(ROOT, 'test', file), 'utf8').includes(title));
    expect(missing).toEqual([]);
  });
});
