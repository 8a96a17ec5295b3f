import { type IsolationLevel, TransactionScopeError, type TransactOptions } from '../../../src/port.ts';
import type { LoggedStatement, OpenStatement } from './logged-statement.ts';
import { Savepoints, savepointControl } from './savepoints.ts';

/** A transaction, or a batch outside of one, as it was recorded. */
export interface RecordedTransaction {
  /** Counted from 1. */
  readonly id: number;
  readonly kind: 'interactive' | 'batch';
  readonly readOnly: boolean;
  /** The level that was asked for; null for the engine's own. */
  readonly isolation: IsolationLevel | null;
  /** All its statements in order; of an interactive one BEGIN, COMMIT, ROLLBACK and savepoints, too. */
  readonly statements: readonly LoggedStatement[];
  /** What each flush in it was about to run: the texts in their order, whatever came of it. */
  readonly plans: readonly (readonly string[])[];
  /**
   * What became of it in the database, whatever the caller was told; `unknown` where the backing driver could not tell.
   */
  readonly outcome: 'open' | 'committed' | 'rolled back' | 'unknown';
}

/** A {@link RecordedTransaction} while statements are added. */
export class OpenRecord implements RecordedTransaction {
  readonly id: number;
  readonly kind: RecordedTransaction['kind'];
  readonly readOnly: boolean;
  readonly isolation: IsolationLevel | null;
  readonly statements: OpenStatement[] = [];
  readonly plans: (readonly string[])[] = [];
  outcome: RecordedTransaction['outcome'] = 'open';
  /** Ends each of its statements that brings no signal of its own. */
  readonly signal: AbortSignal | undefined;
  /** Whether its connection was lost, so that it can neither go on nor be rolled back by the client. */
  isLost = false;
  /** Whether its callback is over. */
  isOver = false;
  readonly #savepoints = new Savepoints();

  constructor(id: number, kind: RecordedTransaction['kind'], options: TransactOptions) {
    this.id = id;
    this.kind = kind;
    this.readOnly = options.readOnly ?? false;
    this.isolation = options.isolation ?? null;
    this.signal = options.signal;
  }

  /** Throws where the transaction takes no more statements. */
  refuseOver(): void {
    if (this.isOver) {
      throw new TransactionScopeError('the transaction is over; its handle lives only as long as its callback');
    }
  }

  /** Follows a statement that succeeded: what a rollback to a savepoint took back is marked. */
  succeeded(statement: OpenStatement): void {
    const control = statement.kind === 'statement' ? null : savepointControl(statement.sql);
    if (control === null) return;
    const place = this.#savepoints.apply(control, this.statements.indexOf(statement));
    if (control.kind === 'rollback-to' && place !== undefined) this.#takeBack(place);
  }

  /** The end of it; a second end changes nothing. */
  end(outcome: RecordedTransaction['outcome']): void {
    if (this.outcome !== 'open') return;
    this.isOver = true;
    this.outcome = outcome;
    if (outcome === 'rolled back') this.#takeBack(0);
  }

  #takeBack(from: number): void {
    for (const statement of this.statements.slice(from))
      if (statement.kind === 'statement') statement.rolledBack = true;
  }
}
