import type { ResultSet, Statement, WireValue } from '../../../src/port.ts';

/** What kind of statement was recorded; everything but `statement` controls transactions. */
export type StatementKind = 'statement' | 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release' | 'rollback-to';

/** A statement as it was recorded. BEGIN, COMMIT and ROLLBACK are recorded as such, whatever the backing driver sends. */
export interface LoggedStatement extends Statement {
  readonly kind: StatementKind;
  /** The {@link RecordedTransaction.id} of the transaction or batch that it ran in; null outside of one. */
  readonly transaction: number | null;
  /** The tables that the core said it writes: empty for a pure read, null where that is not known (raw SQL). */
  readonly writes: readonly string[] | null;
  /** Who answered it; null while nobody has, and for what is only noted down. */
  readonly answeredBy: 'script' | 'backing' | 'fault' | null;
  /** The answer; null where there was none, and for a stream. */
  readonly result: ResultSet | null;
  /** What it failed with; undefined where it did not. */
  readonly error: unknown;
  /** Whether a rollback, of the transaction or to a savepoint, took back what it did. */
  readonly rolledBack: boolean;
}

/** A {@link LoggedStatement} while it is being answered. */
export class OpenStatement implements LoggedStatement {
  readonly sql: string;
  readonly params: readonly WireValue[];
  readonly kind: StatementKind;
  readonly transaction: number | null;
  readonly writes: readonly string[] | null;
  answeredBy: LoggedStatement['answeredBy'] = null;
  result: ResultSet | null = null;
  error: unknown;
  rolledBack = false;

  constructor(
    statement: Statement,
    kind: StatementKind,
    transaction: number | null,
    writes: readonly string[] | undefined,
  ) {
    this.sql = statement.sql;
    this.params = statement.params;
    this.kind = kind;
    this.transaction = transaction;
    this.writes = writes ?? null;
  }
}
