import type { MaybePromise } from '../../wire/maybe-promise.ts';
import type { ResultSet } from '../../wire/result-set.ts';
import type { WireValue } from '../../wire/wire-value.ts';

/** A statement that an embedded engine has compiled. */
export interface EmbeddedStatement {
  /** The first word of its text, in upper case, for messages. */
  readonly verb: string;
  /** `transaction` for BEGIN, COMMIT and their like, `savepoint` for what stays inside an open transaction. */
  readonly control: 'none' | 'transaction' | 'savepoint';
  /** Whether it may change how the connection works, and so concern others who use it. */
  readonly changesSettings: boolean;
}

/**
 * A database engine inside the process, with one connection, which answers at once. What it throws is a
 * `PersistenceError`; `lock-timeout` means that another connection is in the way and nothing was done.
 */
export interface EmbeddedEngine<S extends EmbeddedStatement = EmbeddedStatement> {
  prepare(sql: string): S;
  run(statement: S, params: readonly WireValue[]): ResultSet;
  /** Whether a transaction is open, whoever began it. */
  readonly inTransaction: boolean;
  begin(readOnly: boolean): void;
  /** Leaves the transaction open where it fails. */
  commit(): void;
  /** Does nothing where no transaction is open. */
  rollback(): void;
  /** One step of the savepoint that makes a batch inside of a transaction all or nothing. */
  savepoint(step: 'create' | 'release' | 'rollback'): void;
  /**
   * Runs `transact` with foreign keys off, and `checked`, which is `work` and then the check that no row refers to nothing, in
   * its transaction.
   */
  withoutForeignKeys<X, R, T>(
    work: (tx: X) => MaybePromise<R>,
    transact: (checked: (tx: X) => Promise<R>) => MaybePromise<T>,
  ): Promise<T>;
  /** Sets back what a statement that {@link EmbeddedStatement.changesSettings} may have changed. */
  restoreSettings(): void;
}
