import type { DatabaseColumn, DatabaseModel } from '../schema/database-model.ts';
import type { MigrationStep } from '../schema/migration-step.ts';
import type { SchemaChange } from '../schema/schema-change.ts';
import type { SchemaModel } from '../schema/schema-model.ts';
import type { WireRow, WireValue } from '../wire/wire-value.ts';

/** Runs a statement of an inspection and gives its rows. */
export type RunStatement = (sql: string, params?: readonly WireValue[]) => Promise<readonly WireRow[]>;

/** How the values of a type that no column builder makes travel between the application and the database. */
export interface ForeignType {
  readonly wire: 'text' | 'integer' | 'bigint' | 'float' | 'bytes';
  /** What stands before and behind a stored value that is read; null where the driver gives the wire value by itself. */
  readonly read: SqlFrame | null;
  /** The same for a wire value that is written. */
  readonly write: SqlFrame | null;
}

/** What stands before and behind a piece of SQL. */
export type SqlFrame = readonly [before: string, behind: string];

/** How a dialect describes, reads and changes the tables of a database. */
export interface SchemaDialect {
  /** The tables that a schema asks for, in the engine's words. Throws `configuration` for what the engine has not. */
  describe(schema: SchemaModel): DatabaseModel;
  /** Reads the tables that the database has, and names what it has besides. */
  inspect(run: RunStatement): Promise<DatabaseModel>;
  /**
   * The model as {@link inspect} would read it back if its tables were there: with types, defaults and expressions as the
   * engine itself writes them. `run` runs in a transaction that is rolled back, or leaves no trace otherwise.
   */
  canonicalize(model: DatabaseModel, run: RunStatement): Promise<DatabaseModel>;
  /** Whether {@link canonicalize} creates tables, and so needs a transaction. */
  readonly needsScratch: boolean;
  /** The statements that make the changes, in an order in which they can run. */
  steps(changes: readonly SchemaChange[], online?: boolean): readonly MigrationStep[];
  /** Whether {@link steps} knows `online`: what is added while others write, in steps outside of the transaction. */
  readonly hasOnline: boolean;
  /** How values of a type of the engine travel, as {@link DatabaseColumn.type} has it. */
  foreignType(type: string): ForeignType;
  /**
   * A condition over a column that holds for the values which the column could not keep as what it becomes; null where every
   * value of the one is a value of the other.
   */
  misfit(before: DatabaseColumn, after: DatabaseColumn): string | null;
}
