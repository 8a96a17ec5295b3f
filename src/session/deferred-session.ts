import type { PlainStatementNode } from '../ast/statement-node.ts';
import type { BatchStatement } from '../compiler/batch-dialect.ts';
import type { CompiledStatement } from '../compiler/compiled-statement.ts';
import type { TransactOptions } from '../driver/driver.ts';
import { UnsupportedByDriverError } from '../errors.ts';
import type { MaybePromise } from '../wire/maybe-promise.ts';
import type { ResultSet } from '../wire/result-set.ts';
import type { WireValue } from '../wire/wire-value.ts';
import type { BatchOptions } from './run-batch.ts';
import type { Deferral, Session } from './session.ts';

/**
 * A transaction over a driver that cannot hold one open: reads go to the database as they come, each for itself, and all that
 * the transaction writes is one atomic batch at its end. What cannot be honoured throws `unsupported-by-driver`.
 */
export class DeferredSession implements Session {
  readonly deferral: Deferral;
  readonly inTransaction = true;
  readonly #root: Session;
  readonly #signal: AbortSignal | undefined;

  constructor(root: Session, { signal, readOnly }: TransactOptions = {}) {
    this.#root = root;
    this.#signal = signal;
    this.deferral = { ending: false, verifyReads: false, readOnly: readOnly === true };
  }

  get driver(): Session['driver'] {
    return this.#root.driver;
  }
  get dialect(): Session['dialect'] {
    return this.#root.dialect;
  }

  compile(key: string, node: () => PlainStatementNode): CompiledStatement {
    return this.#root.compile(key, node);
  }

  run(
    compiled: CompiledStatement,
    values?: readonly WireValue[],
    signal: AbortSignal | undefined = this.#signal,
  ): MaybePromise<ResultSet> {
    this.#refuseWrites(compiled.writes);
    return this.#root.run(compiled, values, signal);
  }

  async execute(node: PlainStatementNode, values?: readonly WireValue[], signal = this.#signal): Promise<ResultSet> {
    if (node.kind !== 'select') this.#refuseWrites(node.kind === 'raw-statement' ? node.writes : null);
    return this.#root.execute(node, values, signal);
  }

  async executeAll(): Promise<void> {
    throw this.#unsupported('the schema cannot change in a transaction here; change it outside of one');
  }

  batch(statements: readonly BatchStatement[], options?: BatchOptions): Promise<readonly ResultSet[]> {
    return this.#root.batch(statements, this.#signal === undefined ? options : { signal: this.#signal, ...options });
  }

  async transact(): Promise<never> {
    throw this.#unsupported("there are no savepoints; take propagation 'required', which joins the open transaction");
  }

  announce(): void {}

  fork(): Session {
    return this;
  }

  #refuseWrites(writes: readonly string[] | null): void {
    if (writes?.length === 0) return;
    throw this.#unsupported(
      'a statement that writes, or may write, would not be undone with it; write by the EntityManager, or say `writes: []` where it only reads',
    );
  }

  #unsupported(problem: string): UnsupportedByDriverError {
    return new UnsupportedByDriverError(
      `${this.driver.name}: the driver holds no transaction open, and writes all of one as a batch at its end: ${problem}`,
    );
  }
}
