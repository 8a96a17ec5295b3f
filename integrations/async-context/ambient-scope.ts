import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type EntityManager,
  type Persistence,
  type TransactionOptions,
  TransactionScopeError,
} from '../../src/index.ts';
import { useAmbientScope } from '../../src/transactional.ts';

/** A persistence object, or one EntityManager of it. */
type Source = Persistence | EntityManager;

/** The EntityManager that is to be used within some calls. */
interface Scope {
  /** What it stands for. */
  readonly sources: readonly Source[];
  readonly handle: EntityManager;
  readonly outer: Scope | undefined;
}

const scopes = new AsyncLocalStorage<Scope>();

/**
 * The EntityManager of the innermost scope around this call, or of the innermost that was begun with `of`. Throws
 * `transaction-scope` where there is none; what outlives a transaction gets its handle, which throws the same.
 */
export function currentEntityManager(of?: Source): EntityManager {
  const scope = of === undefined ? scopes.getStore() : find(of);
  if (scope !== undefined) return scope.handle;
  throw new TransactionScopeError(
    'there is no EntityManager around this call; begin one with withEntityManager or withTransaction',
  );
}

/**
 * Runs work within which {@link currentEntityManager} gives an EntityManager: a fresh one of a persistence object, or the
 * one that is handed in. It opens no transaction, writes nothing by itself, and has nothing to do with a scope around it.
 */
export function withEntityManager<R>(of: Source, work: (em: EntityManager) => R): R {
  const em = 'em' in of ? of.em() : of;
  return enter({ sources: [of, em], handle: em, outer: scopes.getStore() }, work);
}

/**
 * Runs work in a transaction within which {@link currentEntityManager} gives its handle. By propagation `required`, unless
 * another one is given, it joins the transaction of a scope around it that was begun with the same `of`.
 *
 * @example
 * ```ts
 * import type { Persistence } from 'meshestra';
 * import { Entity, integer, text } from 'meshestra';
 * import { currentEntityManager, withTransaction } from 'meshestra/async-context';
 *
 * class Task extends Entity('tasks', { id: integer().primaryKey().generated(), title: text() }) {}
 * const addTask = (title: string) => currentEntityManager().create(Task, { title });
 *
 * declare const db: Persistence;
 * await withTransaction(db, async () => {
 *   addTask('one');
 *   addTask('two'); // both are written and committed at the end
 * });
 * ```
 */
export function withTransaction<R>(
  of: Source,
  work: (em: EntityManager) => Promise<R>,
  options: TransactionOptions = {},
): Promise<R> {
  const around = find(of);
  const begun = around?.handle ?? of;
  return begun.transaction(
    (handle) => enter({ sources: around?.sources ?? [of], handle, outer: scopes.getStore() }, work),
    { propagation: 'required', ...options },
  );
}

/**
 * Makes methods of `meshestra/transactional` take part: they use the transaction of the scope around them, and are a scope
 * themselves. A receiver without an EntityManager of its own takes that of the scope, and may have `#private` state.
 * Gives the function that ends it.
 */
export function installAsyncContext(): () => void {
  useAmbientScope({
    handleOf: (em) => find(em)?.handle ?? em,
    current: () => scopes.getStore()?.handle,
    run: (em, handle, work) =>
      enter({ sources: [...(find(em)?.sources ?? []), em], handle, outer: scopes.getStore() }, work),
  });
  return () => useAmbientScope(undefined);
}

function enter<R>(scope: Scope, work: (em: EntityManager) => R): R {
  return scopes.run(scope, () => work(scope.handle));
}

function find(of: Source): Scope | undefined {
  let scope = scopes.getStore();
  while (scope !== undefined && scope.handle !== of && !scope.sources.includes(of)) scope = scope.outer;
  return scope;
}
