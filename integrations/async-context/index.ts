/**
 * EntityManagers and transactions that are there without being handed on, where the runtime has AsyncLocalStorage: Node,
 * Bun, Deno, and workerd with `nodejs_als`.
 *
 * @module
 */
export { currentEntityManager, installAsyncContext, withEntityManager, withTransaction } from './ambient-scope.ts';
