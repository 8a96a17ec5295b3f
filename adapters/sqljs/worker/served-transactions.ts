import { type Connection, type Transaction, TransactionScopeError, type TransactOptions } from '../../../src/port.ts';

interface Served {
  readonly transaction: Transaction;
  readonly end: (how: 'commit' | 'rollback') => void;
  /** Settles when the transaction is durable, or with why it is not. */
  readonly done: () => Promise<undefined>;
}

class RolledBack extends Error {}

/** The transactions that the page holds open, by the numbers it gave them. */
export class ServedTransactions {
  readonly #open = new Map<number, Served>();

  get(number: number): Transaction {
    return this.#served(number).transaction;
  }

  /** Opens a transaction; resolves when it is open. */
  begin(connection: Connection, number: number, options: TransactOptions): Promise<undefined> {
    return new Promise((resolve, reject) => {
      const transact = connection.transact?.bind(connection);
      if (transact === undefined) throw new TransactionScopeError('this connection has no transactions');
      let end: Served['end'] = () => {};
      const ended = new Promise<void>((commit, rollback) => {
        end = (how) => (how === 'commit' ? commit() : rollback(new RolledBack()));
      });
      const finished = new Promise<undefined>((succeed, fail) => {
        // At once, so that it takes its place in the queue before the requests behind it.
        const running = async () => {
          await transact((transaction) => {
            this.#open.set(number, { transaction, end, done: () => finished });
            resolve(undefined);
            return ended;
          }, options);
        };
        running().then(() => succeed(undefined), fail);
      });
      finished.catch(reject);
    });
  }

  commit(number: number): Promise<undefined> {
    const served = this.#served(number);
    this.#open.delete(number);
    served.end('commit');
    return served.done();
  }

  async rollback(number: number): Promise<undefined> {
    const served = this.#served(number);
    this.#open.delete(number);
    served.end('rollback');
    await served.done().catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
    return undefined;
  }

  #served(number: number): Served {
    const served = this.#open.get(number);
    if (served === undefined) throw new TransactionScopeError('the transaction is over');
    return served;
  }
}
