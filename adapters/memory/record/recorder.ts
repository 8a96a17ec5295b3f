import type { Statement, TransactOptions } from '../../../src/port.ts';
import { OpenStatement, type StatementKind } from './logged-statement.ts';
import { OpenRecord, type RecordedTransaction } from './recorded-transaction.ts';

/** Keeps what ran, in order. */
export class Recorder {
  readonly log: OpenStatement[] = [];
  readonly transactions: OpenRecord[] = [];

  /** Begins the record of a transaction. */
  begin(kind: RecordedTransaction['kind'], options: TransactOptions): OpenRecord {
    const record = new OpenRecord(this.transactions.length + 1, kind, options);
    this.transactions.push(record);
    return record;
  }

  /** Notes a statement that is about to be answered. */
  note(
    statement: Statement,
    kind: StatementKind,
    record: OpenRecord | null,
    writes: readonly string[] | undefined,
  ): OpenStatement {
    const noted = new OpenStatement(statement, kind, record?.id ?? null, writes);
    this.log.push(noted);
    record?.statements.push(noted);
    return noted;
  }

  /** Forgets everything; a transaction that is open goes on, and is counted no more. */
  forget(): void {
    this.log.length = 0;
    this.transactions.length = 0;
  }
}
