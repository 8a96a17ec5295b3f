import type { RunStatement, SchemaDialect } from '../compiler/schema-dialect.ts';
import type { DatabaseModel } from '../schema/database-model.ts';
import type { MigrationStep, RowsAtStake } from '../schema/migration-step.ts';
import type { SchemaChange } from '../schema/schema-change.ts';
import type { SchemaModel } from '../schema/schema-model.ts';
import { askFills } from './ask-fills.ts';
import { askRenames } from './ask-renames.ts';
import { adoptUnmanaged } from './diff/adopt-unmanaged.ts';
import { diffDatabases } from './diff/diff-databases.ts';
import type { Fills } from './diff/diff-table.ts';
import { expandModel } from './diff/expand-model.ts';
import { renameModel } from './diff/rename-model.ts';
import { inverseRenames, type Renames } from './diff/renames.ts';
import type { Questioner } from './questioner.ts';
import { findRowsAtStake, type StakeDialect } from './rows-at-stake.ts';

/** One direction of a migration, as it was planned. */
export interface PlannedSide {
  readonly changes: readonly SchemaChange[];
  readonly steps: readonly MigrationStep[];
  readonly atStake: readonly RowsAtStake[];
}

/** How a database becomes what the entities want, and again what it was. */
export interface MigrationPlan {
  readonly up: PlannedSide;
  readonly down: PlannedSide;
}

/** How a database is compared. */
export interface PlanOptions {
  /**
   * Plans the first half only of a change that is made while programs of before still run: what goes stays and may be NULL, what is
   * new may be NULL, a column that is renamed is there twice and copied once, and no constraint is added. The plan after it, without
   * this option, is the other half. A table that is renamed is renamed at once.
   */
  readonly expand?: boolean;
  /**
   * Adds indexes and constraints while others write: PostgreSQL's CREATE INDEX CONCURRENTLY, and NOT VALID with VALIDATE
   * CONSTRAINT, in steps outside of the migration's transaction. `unsupported-by-driver` on other dialects.
   */
  readonly online?: boolean;
}

/** What a plan is made of; a program calls `planMigration`. */
export interface PlanParts {
  readonly dialect: Pick<StakeDialect, 'quote'>;
  readonly schema: SchemaDialect;
  readonly wanted: SchemaModel;
  readonly questioner: Questioner;
  /** See {@link PlanOptions.expand}. */
  readonly expand?: boolean | undefined;
  /** See {@link PlanOptions.online}. */
  readonly online?: boolean | undefined;
  /** Reads the database, and may create temporary tables in a transaction that is rolled back. */
  readonly run: RunStatement;
}

/** Compares a database with what is wanted of it. Without a difference both sides are empty. */
export async function comparePlan(parts: PlanParts): Promise<MigrationPlan> {
  const { dialect, schema, wanted, questioner, run } = parts;
  const current = await schema.inspect(run);
  const described = await schema.canonicalize(schema.describe(wanted), run);
  const asked = await askRenames(current, described, questioner);
  // Of a column that is renamed, an expansion has both.
  const renames = parts.expand === true ? { tables: asked.tables, columns: new Map() } : asked;
  const renamed = renameModel(current, renames);
  const adopted = adoptUnmanaged(renamed, described);
  const target = parts.expand === true ? expandModel(renamed, adopted) : adopted;
  const copies = parts.expand === true ? copiesOf(asked, (name) => dialect.quote(name)) : NO_COPIES;
  const compare = async (direction: 'up' | 'down', from: DatabaseModel, to: DatabaseModel, names: Renames) => {
    const ask = (table: string, column: string) => questioner.fill(table, column, direction);
    const answers = await askFills(diffDatabases(from, to, { renames: names }), ask);
    const fills = direction === 'up' ? new Map([...answers, ...copies]) : answers;
    return diffDatabases(from, to, { renames: names, fills });
  };
  const stakes: StakeDialect = { quote: (name) => dialect.quote(name), misfit: schema.misfit };
  const side = (changes: readonly SchemaChange[]): PlannedSide => ({
    changes,
    steps: schema.steps(changes, parts.online === true),
    atStake: findRowsAtStake(changes, stakes),
  });
  return {
    up: side(await compare('up', current, target, renames)),
    down: side(await compare('down', target, current, inverseRenames(renames))),
  };
}

const NO_COPIES: ReadonlyMap<string, Fills> = new Map();

/** What the new one of two columns is filled with, by new name of the table: the value of the old one. */
function copiesOf({ columns }: Renames, quote: (name: string) => string): ReadonlyMap<string, Fills> {
  const fillsOf = (names: ReadonlyMap<string, string>): Fills =>
    new Map([...names].map(([old, now]) => [now, quote(old)]));
  return new Map([...columns].map(([table, names]) => [table, fillsOf(names)]));
}
