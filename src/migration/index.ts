/**
 * Takes databases from version to version: in Node, in a worker, in a browser tab.
 *
 * @module
 */

export type { ForeignType, SqlFrame } from '../compiler/schema-dialect.ts';
export { MigrationError, type MigrationErrorDetails, type MigrationProblem } from '../errors.ts';
export type {
  DatabaseAction,
  DatabaseCheck,
  DatabaseColumn,
  DatabaseForeignKey,
  DatabaseIndex,
  DatabaseIndexPart,
  DatabaseModel,
  DatabasePrimaryKey,
  DatabaseTable,
  DatabaseUnique,
  Deferral,
  UnmanagedObject,
} from '../schema/database-model.ts';
export type {
  MigrationStatement,
  MigrationStep,
  RowsAtStake,
  StatementOutside,
  TableRebuild,
} from '../schema/migration-step.ts';
export { isOwnTable } from '../schema/own-tables.ts';
export type { AlterTable, SchemaChange, TableChange } from '../schema/schema-change.ts';
export type { AllowLoss } from './ask-stakes.ts';
export { assertCurrent } from './assert-current.ts';
export type { MigrationPlan, PlannedSide, PlanOptions } from './compare-plan.ts';
export { describeChange } from './describe-change.ts';
export type {
  DraftedColumn,
  DraftedDefault,
  DraftedEntity,
  DraftedInverse,
  DraftedRelation,
  DraftedType,
  EntitiesDraft,
} from './draft-entities/drafted-entity.ts';
export { type DraftOptions, draftEntities } from './draft-entities.ts';
export {
  defineMigration,
  type Migration,
  type MigrationContext,
  type MigrationItem,
  type MigrationSide,
  type MigrationSides,
  type MigrationStatementWithParams,
  type MigrationWork,
} from './migration.ts';
export type { MigrationOutcome } from './migration-outcome.ts';
export type { MigrationTarget } from './migration-run.ts';
export type { MigrationStatus, MigratorStatus } from './migration-status.ts';
export { createMigrator, type DownOptions, type Migrator, type UpOptions } from './migrator.ts';
export type { MigrationProgress, MigratorOptions } from './migrator-options.ts';
export { inspectDatabase, type PlanTarget, planMigration } from './plan-migration.ts';
export type { Questioner } from './questioner.ts';
export { refuseNewer } from './refuse-newer.ts';
