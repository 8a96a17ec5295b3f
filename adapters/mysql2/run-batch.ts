import type {
  BatchExecuteOptions,
  Lease,
  PersistenceError,
  ResultSet,
  Statement,
  Transaction,
  TransactOptions,
} from '../../src/port.ts';
import { type BatchText, batchText } from './batch-text.ts';
import type { ServerConnection } from './server-connection.ts';

/** Why a batch goes statement by statement in place of one request; null where it is one. */
export function whyApart(statements: readonly Statement[], maxPacket: number): string | null {
  const batch = batchText(statements, false, maxPacket);
  return 'apart' in batch ? batch.apart : null;
}

/** Opens a transaction on a connection that is lent. */
type Transact = <R>(work: (tx: Transaction) => Promise<R>, options: TransactOptions) => Promise<R>;

/** Runs a batch in a transaction of its own, in one request; one that cannot be, statement by statement. */
export function runBatch(
  connection: ServerConnection,
  lease: Lease<ServerConnection>,
  statements: readonly Statement[],
  options: BatchExecuteOptions,
  transact: Transact,
): Promise<readonly ResultSet[]> {
  const batch = batchText(statements, options.readOnly === true, connection.maxPacket);
  return 'apart' in batch
    ? transact((tx) => runApart(tx, statements), transactOptions(options))
    : runTogether(connection, lease, { ...batch, statements }, options);
}

async function runApart(tx: Transaction, statements: readonly Statement[]): Promise<readonly ResultSet[]> {
  const results: ResultSet[] = [];
  for (const statement of statements) results.push(await tx.execute(statement));
  return results;
}

// What only reads sees the database at one moment.
function transactOptions({ signal, readOnly }: BatchExecuteOptions): TransactOptions {
  const mode = readOnly === true ? ({ readOnly, isolation: 'repeatable read' } as const) : {};
  return signal === undefined ? mode : { ...mode, signal };
}

async function runTogether(
  connection: ServerConnection,
  lease: Lease<ServerConnection>,
  batch: Extract<BatchText, { text: string }> & { readonly statements: readonly Statement[] },
  { signal, readOnly }: BatchExecuteOptions,
): Promise<readonly ResultSet[]> {
  // COMMIT was sent with the rest, so that a lost connection leaves open whether it was done.
  const outcome = readOnly === true ? 'rolled-back' : 'unknown';
  const options = { outcome, ...(signal === undefined ? {} : { signal }) } as const;
  try {
    const answers = await connection.runTogether(batch, options);
    return answers.map(({ result }) => result);
  } catch (error) {
    // The server stopped at the statement that failed, with the transaction open; the first error says what happened.
    const rollback = connection.run({ sql: 'ROLLBACK', params: [] }, { outcome: 'rolled-back', own: true });
    await rollback.catch((failure: unknown) => lease.destroy(failure));
    // It may have been stopped before its transaction, whose level would be that of the next one.
    if (readOnly === true && (error as PersistenceError).code === 'aborted') lease.destroy(error);
    throw error;
  }
}
