import { TransactionScopeError, UnsupportedByDriverError, ValidationError } from '../errors.ts';
import type { IsolationLevel } from '../wire/capabilities.ts';
import type { Limits } from '../wire/limits.ts';
import type { EntityManager, Propagation, TransactionOptions } from './entity-manager.ts';
import type { EntityScope } from './entity-scope.ts';
import { type Attempts, withRetries } from './retry-transaction.ts';
import type { TransactionFrame } from './transaction-frame.ts';

/** A handle, and what it can do to its transaction. */
export interface TransactionParts extends Attempts {
  readonly scope: EntityScope;
  /** The transaction or savepoint that the handle belongs to. */
  readonly frame: TransactionFrame | null;
}

/** One call of `transaction`. */
interface Call<R> extends TransactionParts {
  readonly work: (em: EntityManager) => Promise<R>;
  readonly options: TransactionOptions;
  readonly limits: Limits;
}

type Way = <R>(call: Call<R>) => Promise<R>;

const WAYS: Readonly<Record<Propagation, { readonly inside: Way; readonly outside: Way }>> = {
  required: { inside: join, outside: open },
  nested: { inside: nest, outside: open },
  'requires-new': { inside: apart, outside: apart },
  mandatory: { inside: join, outside: refuse },
  supports: { inside: join, outside: goWithout },
  'not-supported': { inside: apart, outside: apart },
  never: { inside: refuse, outside: goWithout },
};

const LEVELS: readonly IsolationLevel[] = ['read uncommitted', 'read committed', 'repeatable read', 'serializable'];

/** Runs the work of a transaction that asks for more than to be opened. */
export function runTransaction<R>(
  parts: TransactionParts,
  limits: Limits,
  work: (em: EntityManager) => Promise<R>,
  options: TransactionOptions,
): Promise<R> {
  const { propagation = 'nested', isolation } = options;
  if (!Object.hasOwn(WAYS, propagation)) {
    throw new ValidationError(`propagation: expected one of ${Object.keys(WAYS).join(', ')}, got '${propagation}'`);
  }
  if (isolation !== undefined) checkLevel(parts.scope, isolation);
  const way = WAYS[propagation][parts.frame === null ? 'outside' : 'inside'];
  return way({ ...parts, limits, work, options });
}

function open<R>(call: Call<R>): Promise<R> {
  return withRetries(call, call.work, call.options.retry, call.limits.signal);
}

async function nest<R>(call: Call<R>): Promise<R> {
  checkOpened(call);
  return call.begin(call.work);
}

async function join<R>(call: Call<R>): Promise<R> {
  checkOpened(call);
  try {
    return await within(call);
  } catch (cause) {
    const { frame } = call;
    if (frame !== null) {
      frame.failure ??= new TransactionScopeError(
        "work that had joined this transaction failed, so that it cannot commit; for work that may fail alone, take propagation 'nested'",
        { cause },
      );
    }
    throw cause;
  }
}

/** On an EntityManager of its own, and so on another connection than the open transaction. */
async function apart<R>(call: Call<R>): Promise<R> {
  const { scope, frame, options, work, limits } = call;
  const { propagation, isolation, readOnly, retry } = options;
  const { driver } = scope.session;
  if (frame !== null && !(driver.capabilities.concurrentTransactions && driver.pool?.state().max !== 1)) {
    throw new UnsupportedByDriverError(
      `${driver.name}: there is a single connection, and the open transaction has it, so that work with propagation '${propagation}' would wait for it without end; do it before or after the transaction, or take 'nested'`,
    );
  }
  const em = scope.apart(limits);
  if (propagation === 'not-supported') return goWithout({ ...call, handle: em });
  return em.transaction(work, {
    ...(isolation === undefined ? {} : { isolation }),
    ...(readOnly === undefined ? {} : { readOnly }),
    ...(retry === undefined ? {} : { retry }),
  });
}

async function goWithout<R>(call: Call<R>): Promise<R> {
  const { isolation, readOnly, retry, propagation } = call.options;
  if (isolation !== undefined || readOnly !== undefined || retry !== undefined) {
    throw new ValidationError(
      `propagation '${propagation}' opens no transaction here, so that there is none that isolation, readOnly or retry could be about`,
    );
  }
  const result = await within(call);
  await call.handle.flush(call.limits);
  return result;
}

async function refuse({ frame, options: { propagation } }: Call<unknown>): Promise<never> {
  throw new TransactionScopeError(
    frame === null
      ? `propagation '${propagation}': this work is part of a transaction that somebody else opens, and none is open on this EntityManager`
      : `propagation '${propagation}': this work must not run in a transaction, and one is open on this EntityManager`,
  );
}

/** The limits that those of work took the place of, until that work ends. */
const replaced = new WeakMap<Limits, Limits>();
const ended = new WeakSet<Limits>();

/** Runs work on the handle there is; as long as it runs its limits hold for all that the handle does. */
async function within<R>({ scope, handle, work, limits }: Call<R>): Promise<R> {
  if (limits === scope.limits) return work(handle);
  replaced.set(limits, scope.limits);
  scope.limits = limits;
  try {
    return await work(handle);
  } finally {
    ended.add(limits);
    // Work that runs at the same time may end in any order.
    while (ended.has(scope.limits)) scope.limits = replaced.get(scope.limits) ?? {};
  }
}

/** A transaction that is open stays as it was opened. */
function checkOpened({ frame, options: { isolation, readOnly } }: Call<unknown>): void {
  const { opened = {} } = frame ?? {};
  if (isolation !== undefined && LEVELS.indexOf(isolation) > LEVELS.indexOf(opened.isolation ?? isolation)) {
    throw new TransactionScopeError(
      `isolation: the open transaction has '${opened.isolation}', and '${isolation}' is more; ask for it where the transaction is opened`,
    );
  }
  if (isolation !== undefined && opened.isolation === undefined) {
    throw new TransactionScopeError(
      `isolation: the open transaction was opened with the level of the database, so that '${isolation}' is not certain; ask for it where the transaction is opened`,
    );
  }
  if (readOnly === false && opened.readOnly === true) {
    throw new TransactionScopeError('readOnly: the open transaction is read-only, and stays so');
  }
}

function checkLevel({ session }: EntityScope, isolation: IsolationLevel): void {
  const { capabilities, name } = session.driver;
  if (capabilities.isolationLevels.includes(isolation)) return;
  throw new UnsupportedByDriverError(`${name}: the driver has no isolation level '${isolation}'`);
}
