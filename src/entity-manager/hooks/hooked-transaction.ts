import type { EntityManager } from '../entity-manager.ts';
import type { EntityScope } from '../entity-scope.ts';
import type { TransactionFrame } from '../transaction-frame.ts';
import { HookRunner } from './hook-runner.ts';

type Work<R> = (em: EntityManager) => Promise<R>;

/**
 * Runs a transaction with the hooks at its beginning and end; within `frame` it is a savepoint. Throws `hook` where one of
 * its commit did.
 *
 * @param transact - opens the transaction, without hooks
 */
export async function transactWithHooks<R>(
  scope: EntityScope,
  em: EntityManager,
  frame: TransactionFrame | null,
  work: Work<R>,
  transact: (work: Work<R>) => Promise<R>,
): Promise<R> {
  const level = frame === null ? 0 : frame.level + 1;
  const hooks = new HookRunner(scope);
  let began = false;
  let result: R;
  try {
    result = await transact(async (tx) => {
      began = true;
      await hooks.run('transactionBegin', { em: tx, level }, scope.limits.signal);
      return work(tx);
    });
  } catch (error) {
    if (began) await hooks.runAll('transactionRollback', { em, level, error });
    hooks.report();
    throw error;
  }
  await hooks.runAll('transactionCommit', { em, level });
  hooks.settle(level === 0 ? 'committed' : 'rolled-back');
  return result;
}
