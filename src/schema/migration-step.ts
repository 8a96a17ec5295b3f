/** A statement of a migration, in the migration's transaction where the engine has transactions for it. */
export type MigrationStatement = string;

/** A statement that the engine refuses inside a transaction, such as CREATE INDEX CONCURRENTLY. */
export interface StatementOutside {
  readonly outside: string;
}

/**
 * Statements that replace a table by another of the same name (https://www.sqlite.org/lang_altertable.html#otheralter).
 * While they run, dropping the old table must neither delete nor change the rows that refer to it: foreign keys are off where
 * the driver can do that, or the referring rows are kept and put back.
 */
export interface TableRebuild {
  readonly rebuild: string;
  readonly statements: readonly string[];
}

/** What the statements of a migration are made of. It is plain data, so that it can be printed, hashed and shipped. */
export type MigrationStep = MigrationStatement | StatementOutside | TableRebuild;

/**
 * Rows that a migration would lose, or that keep it from being applied; asked before its first statement.
 *
 * @public
 */
export interface RowsAtStake {
  /** `loss`: they would be deleted or changed for good. `violation`: what the migration adds does not hold for them. */
  readonly kind: 'loss' | 'violation';
  /** What would happen, as a part of a message: `drop column posts.title`. */
  readonly what: string;
  /** A SELECT of how many rows there are, as one number. */
  readonly count: string;
  /** A SELECT of the keys of the first of them; null where they have none. */
  readonly sample: string | null;
}
