import { ClosedError, type Connection, type ExecuteOptions, type ResultSet, type Statement } from '../../src/port.ts';
import type { D1Executor, D1Session } from './d1-database.ts';
import type { D1Link } from './d1-link.ts';
import { runBatch } from './run-batch.ts';
import { runStatement } from './run-statement.ts';

/** A client of a D1 database: every call is one request. */
export class D1Connection implements Connection {
  readonly #link: D1Link;
  /** Of a unit of work, its session of D1; the connection of all begins a new one with each call. */
  readonly #own: D1Session | undefined;
  #released = false;
  readonly session?: () => Connection;

  constructor(link: D1Link, own?: D1Session) {
    this.#link = link;
    this.#own = own;
    if (link.hasSessions) this.session = () => new D1Connection(link, link.session());
  }

  async execute({ sql, params }: Statement, options: ExecuteOptions = {}): Promise<ResultSet> {
    const statement = this.#link.statements.get(sql);
    const writes = statement.effect !== 'read';
    return this.#run(writes, options, (executor) => runStatement(executor, statement, params));
  }

  async batch(statements: readonly Statement[], options: ExecuteOptions = {}): Promise<readonly ResultSet[]> {
    const { statements: known } = this.#link;
    const writes = statements.some(({ sql }) => known.get(sql).effect !== 'read');
    return this.#run(writes, options, (executor) => runBatch(executor, known, statements));
  }

  release(): void {
    this.#released = true;
  }

  destroy(): void {
    this.release();
  }

  #run<R>(writes: boolean, { signal }: ExecuteOptions, work: (executor: D1Executor) => Promise<R>): Promise<R> {
    if (this.#released) throw new ClosedError('the connection was released');
    return this.#link.run(this.#own ?? this.#link.session(), work, { writes, signal });
  }
}
