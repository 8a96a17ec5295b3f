import { expect } from 'vitest';
import { type EntityClass, type Persistence, snakeCase } from '../../../src/index.ts';
import { createRegistry } from '../../../src/metadata/create-registry.ts';
import {
  createMigrator,
  defineMigration,
  type Migration,
  planMigration,
  type Questioner,
} from '../../../src/migration/index.ts';

/** What somebody answers who knows what is wanted. */
export interface Answers {
  /** New name -> old name. */
  readonly tables?: Readonly<Record<string, string>>;
  /** `table.column`, new -> old name of the column. */
  readonly columns?: Readonly<Record<string, string>>;
  /** `table.column` -> SQL. */
  readonly fills?: Readonly<Record<string, string>>;
  readonly expand?: boolean;
}

const answered = ({ tables = {}, columns = {}, fills = {} }: Answers): Questioner => ({
  formerTable: (table) => tables[table] ?? null,
  formerColumn: (table, column) => columns[`${table}.${column}`] ?? null,
  fill: (table, column) => fills[`${table}.${column}`] ?? null,
});

/** What was applied to a database so far. */
const history = new WeakMap<Persistence, readonly Migration[]>();

/** Plans what makes the database of other entities, and gives the way there and back. */
export async function evolve(
  db: Persistence,
  entities: readonly EntityClass[],
  answers: Answers = {},
  allowLoss = false,
): Promise<{ up(): Promise<void>; down(): Promise<void> }> {
  const registry = createRegistry(entities, snakeCase, db.dialect);
  const { up, down } = await planMigration({ registry, session: db.session }, answered(answers), {
    expand: answers.expand === true,
  });
  const side = ({ steps, atStake }: typeof up) => ({ steps, atStake });
  const before = history.get(db) ?? [];
  const version = String(before.length + 1);
  const list = [...before, defineMigration({ version, name: 'evolve', up: side(up), down: side(down) })];
  const migrator = createMigrator(db, list, { allowLoss });
  return {
    async up() {
      await migrator.up();
      history.set(db, list);
    },
    async down() {
      await migrator.down();
      history.set(db, before);
    },
  };
}

/** Expects that the database has just what the entities want. */
export async function expectCurrent(db: Persistence, entities: readonly EntityClass[]): Promise<void> {
  const registry = createRegistry(entities, snakeCase, db.dialect);
  const { up } = await planMigration({ registry, session: db.session }, answered({}));
  expect(up.changes).toEqual([]);
}
