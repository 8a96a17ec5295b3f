import type { RunStatement, SchemaDialect } from '../compiler/schema-dialect.ts';
import type { DatabaseModel } from '../schema/database-model.ts';
import type { MigrationStep, RowsAtStake } from '../schema/migration-step.ts';
import type { SchemaChange } from '../schema/schema-change.ts';
import type { SchemaModel } from '../schema/schema-model.ts';
import { askFills } from './ask-fills.ts';
import { askRenames } from './ask-renames.ts';
import { adoptUnmanaged } from './diff/adopt-unmanaged.ts';
import { diffDatabases } from './diff/diff-databases.ts';
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

/** What a plan is made of; a program calls `planMigration`. */
export interface PlanParts {
  readonly dialect: Pick<StakeDialect, 'quote'>;
  readonly schema: SchemaDialect;
  readonly wanted: SchemaModel;
  readonly questioner: Questioner;
  /** Reads the database, and may create temporary tables in a transaction that is rolled back. */
  readonly run: RunStatement;
}

/** Compares a database with what is wanted of it. Without a difference both sides are empty. */
export async function comparePlan({ dialect, schema, wanted, questioner, run }: PlanParts): Promise<MigrationPlan> {
  const current = await schema.inspect(run);
  const described = await schema.canonicalize(schema.describe(wanted), run);
  const renames = await askRenames(current, described, questioner);
  const target = adoptUnmanaged(renameModel(current, renames), described);
  const compare = async (direction: 'up' | 'down', from: DatabaseModel, to: DatabaseModel, names: Renames) => {
    const ask = (table: string, column: string) => questioner.fill(table, column, direction);
    const fills = await askFills(diffDatabases(from, to, { renames: names }), ask);
    return diffDatabases(from, to, { renames: names, fills });
  };
  const stakes: StakeDialect = { quote: (name) => dialect.quote(name), misfit: schema.misfit };
  const side = (changes: readonly SchemaChange[]): PlannedSide => ({
    changes,
    steps: schema.steps(changes),
    atStake: findRowsAtStake(changes, stakes),
  });
  return {
    up: side(await compare('up', current, target, renames)),
    down: side(await compare('down', target, current, inverseRenames(renames))),
  };
}
