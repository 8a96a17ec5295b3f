import { expect } from 'vitest';
import { Entity, integer, type Persistence, sql, text } from '../../../src/index.ts';
import {
  createMigrator,
  defineMigration,
  type Migration,
  type MigrationError,
  type MigrationProblem,
  type MigrationSide,
  type MigrationTarget,
} from '../../../src/migration/index.ts';
import { expectCode } from '../laws.ts';

/** What an application with migrations has besides them: without an entity there is no persistence object. */
export class Setting extends Entity('settings', { id: integer().primaryKey(), value: text() }) {}

/** A migration of SQL that every engine takes. */
export function migration(
  version: string,
  name: string,
  up: MigrationSide['steps'],
  down: MigrationSide['steps'] | null = [],
): Migration {
  return defineMigration({ version, name, up: { steps: up }, down: down === null ? null : { steps: down } });
}

const FIRST = 'CREATE TABLE m_first (id INTEGER NOT NULL PRIMARY KEY, note VARCHAR(100))';
/** Its children. */
const SECOND =
  'CREATE TABLE m_second (id INTEGER NOT NULL PRIMARY KEY, note VARCHAR(100), first_id INTEGER NOT NULL, FOREIGN KEY (first_id) REFERENCES m_first (id))';

/** Three migrations: a table and one of its children, three rows of each, a column. */
export const three: readonly Migration[] = [
  migration('1', 'tables', [FIRST, SECOND], ['DROP TABLE m_second', 'DROP TABLE m_first']),
  migration(
    '2',
    'rows',
    [
      "INSERT INTO m_first (id, note) VALUES (1, 'a'), (2, 'b'), (3, 'c')",
      'INSERT INTO m_second (id, note, first_id) SELECT id, note, id FROM m_first',
    ],
    ['DELETE FROM m_second', 'DELETE FROM m_first'],
  ),
  migration(
    '10',
    'a column',
    ['ALTER TABLE m_first ADD COLUMN extra INTEGER', 'UPDATE m_first SET extra = id * 2'],
    ['ALTER TABLE m_first DROP COLUMN extra'],
  ),
];

/** The rows of a query, of which nothing is written. */
export async function rowsOf(db: Persistence, query: ReturnType<typeof sql>): Promise<readonly (readonly unknown[])[]> {
  const { rows } = await db.em().execute(query, { writes: [] });
  return rows.map((row) => row.map((value) => (typeof value === 'bigint' ? Number(value) : value)));
}

/** Whether a table is there. */
export async function hasTable(db: Persistence, name: 'm_first' | 'm_second'): Promise<boolean> {
  const query = name === 'm_first' ? sql`SELECT COUNT(*) FROM m_first` : sql`SELECT COUNT(*) FROM m_second`;
  return rowsOf(db, query).then(
    () => true,
    () => false,
  );
}

/** What the ledger holds, without times. */
export async function ledgerOf(db: Persistence): Promise<readonly (readonly unknown[])[]> {
  const { migrations } = await createMigrator(db, []).status();
  return migrations.map(({ version, name, state }) => [version, name, state]);
}

/** The states of migrations by version. */
export async function statesOf(db: Persistence, migrations: readonly Migration[]): Promise<Record<string, string>> {
  const { migrations: all } = await createMigrator(db, migrations).status();
  return Object.fromEntries(all.map(({ version, state }) => [version, state]));
}

/** The error of a refusal, whose problem it checks. */
export async function refused(work: () => unknown, problem: MigrationProblem): Promise<MigrationError> {
  const error = (await expectCode(work, 'migration')) as MigrationError;
  expect({ problem: error.problem, error: error.message }).toEqual({ problem, error: error.message });
  return error;
}

/** The database, with something that happens right before the ledger is written: another runner is at it, too. */
export function overtaken(db: Persistence, verb: 'UPDATE' | 'DELETE', others: () => Promise<unknown>): MigrationTarget {
  let isOver = false;
  const session = new Proxy(db.session, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name !== 'run') return typeof value === 'function' ? value.bind(target) : value;
      return async (...given: Parameters<typeof target.run>) => {
        const [{ sql: text }] = given;
        if (!isOver && text.startsWith(verb) && text.includes('__meshestra_migrations')) {
          isOver = true;
          await others();
        }
        return target.run(...given);
      };
    },
  });
  return { registry: db.registry, session };
}
