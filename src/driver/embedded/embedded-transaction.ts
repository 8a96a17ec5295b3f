import { type PersistenceError, TransactionScopeError } from '../../errors.ts';
import type { ResultSet } from '../../wire/result-set.ts';
import type { Statement } from '../../wire/statement.ts';
import type { ExecuteOptions, Transaction } from '../driver.ts';
import { aborted } from '../mutex.ts';
import type { EmbeddedEngine, EmbeddedStatement } from './embedded-engine.ts';

/** The transaction that is open on the one connection of an embedded engine. */
export class EmbeddedTransaction implements Transaction {
  readonly kind = 'transaction';
  readonly #engine: EmbeddedEngine;
  #over: PersistenceError | undefined;

  constructor(engine: EmbeddedEngine) {
    this.#engine = engine;
  }

  execute(statement: Statement, options?: ExecuteOptions): ResultSet {
    if (this.#over !== undefined) throw this.#over;
    if (options?.signal?.aborted === true) throw aborted(options.signal);
    const engine = this.#engine;
    const compiled = engine.prepare(statement.sql);
    if (compiled.control === 'transaction') throw controlRefused(compiled);
    try {
      return engine.run(compiled, statement.params);
    } catch (error) {
      // What follows would commit by itself.
      if (!engine.inTransaction) {
        this.#over = new TransactionScopeError('a failing statement made the database roll the transaction back');
      }
      throw error;
    }
  }

  batch(statements: readonly Statement[], options?: ExecuteOptions): readonly ResultSet[] {
    if (this.#over !== undefined) throw this.#over;
    const engine = this.#engine;
    engine.savepoint('create');
    try {
      const results = statements.map((statement) => this.execute(statement, options));
      engine.savepoint('release');
      return results;
    } catch (error) {
      if (this.#over === undefined) {
        engine.savepoint('rollback');
        engine.savepoint('release');
      }
      throw error;
    }
  }

  commit(): void {
    if (this.#over !== undefined) throw this.#over;
    this.#engine.commit();
    this.#end();
  }

  rollback(): void {
    this.#end();
    this.#engine.rollback();
  }

  #end(): void {
    this.#over ??= new TransactionScopeError('the transaction is over; its handle lives only as long as its callback');
  }
}

/** The error for a raw BEGIN, COMMIT or SAVEPOINT outside of where it belongs. */
export function controlRefused({ verb }: EmbeddedStatement): TransactionScopeError {
  return new TransactionScopeError(`${verb} cannot be sent as a statement here; use a transaction of Meshestra's`);
}
