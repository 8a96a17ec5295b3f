import type { TableRebuild } from '../schema/migration-step.ts';
import type { Statement } from '../wire/statement.ts';
import type { RunStatement } from './schema-dialect.ts';

/** The table in which a database keeps which migrations were applied to it. */
export const LEDGER_TABLE = '__meshestra_migrations';

/** The table of the one row that says who migrates, for how long. */
export const LEASE_TABLE = '__meshestra_migration_lease';

/** Statements of the row that says who migrates. It expires by the clock of the database, so a crashed holder blocks nobody for ever. */
export interface LeaseStatements {
  readonly create: string;
  /** Takes the lease where nobody has it, or it has expired. Parameters: holder, milliseconds. */
  readonly take: string;
  /** The holder. */
  readonly read: string;
  /** Goes on with the lease, if it is still one's own. Parameters: milliseconds, holder. */
  readonly renew: string;
  /** Parameter: holder. */
  readonly release: string;
}

/** A rebuild with the statements that keep the rows which refer to the table. */
export interface KeptRebuild {
  readonly statements: readonly string[];
  /** A SELECT of the tables whose rows refer to nothing afterwards, and of what they refer to; null where there can be none. */
  readonly dangling: string | null;
}

/** How a dialect keeps the ledger of migrations, and keeps two runners apart. */
export interface LedgerDialect {
  /** Creates the ledger where it is not there. Its versions are compared by their bytes. */
  readonly create: string;
  /** A SELECT that has a row where the table of its one parameter is there. */
  readonly exists: string;
  /** What a transaction begins with so that it is the only one that migrates; null where none is needed, or none helps. */
  readonly lock: string | null;
  /** The lease, for what no transaction can hold. */
  readonly lease: LeaseStatements;
  /** Whether not even what a transaction can hold may go without the lease. */
  readonly alwaysLeased: boolean;
  /** Whether the engine commits at the statement by itself, so that no transaction can hold it. */
  commitsByItself(sql: string): boolean;
  /** A SELECT of one text that differs before and after every definition; null where none is needed. */
  readonly fingerprint: string | null;
  /** A SELECT of how many sessions run the statement of its one parameter just now. */
  readonly running: string | null;
  /** A SELECT of the names of what a definition that failed left behind; null where there cannot be anything. */
  readonly leftovers: string | null;
  /** A statement of a batch that fails with the text, unless the condition, which has no parameters, holds. */
  guard(condition: string, text: string): Statement;
  /**
   * The statements of a rebuild for where foreign keys cannot be switched off: with those that keep the rows which refer to
   * the table, and put them back. `before` are the statements that run before it and after `run` looked. Null where the
   * dialect never rebuilds a table.
   */
  readonly keepRows:
    | ((rebuild: TableRebuild, before: readonly string[], run: RunStatement) => Promise<KeptRebuild>)
    | null;
}
