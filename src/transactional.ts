/**
 * Methods that run in a transaction without being handed one.
 *
 * @module
 */
import { bindReceiver, explainPrivateAccess, managerOf } from './entity-manager/bind-receiver.ts';
import type { EntityManager, TransactionOptions } from './entity-manager/entity-manager.ts';
import { ConfigurationError } from './errors.ts';

/** How a method's transaction is to run; `propagation` is `required` unless given. */
export interface TransactionalOptions extends TransactionOptions {
  /** The public field whose EntityManager the transaction is about, where an object holds several. */
  readonly on?: string;
}

/** Where the EntityManagers of the calls around the present one are kept, by a means of the runtime. */
export interface AmbientScope {
  /** The handle to use for an EntityManager here: that of its innermost open transaction, or itself. */
  handleOf(em: EntityManager): EntityManager;
  /** The innermost handle of any EntityManager. */
  current(): EntityManager | undefined;
  /** Runs work in which `handle` is the one to use for `em`. */
  run<R>(em: EntityManager, handle: EntityManager, work: () => R): R;
}

/** A method that runs in a transaction of its receiver. */
export type TransactionalMethod<This extends object, A extends unknown[], R> = (
  this: This,
  ...parameters: A
) => Promise<R>;

/** What the language tells a decorator of a method that a receiver is needed for, and that anybody may call. */
export interface PublicMethodContext {
  readonly kind: 'method';
  readonly name: string | symbol;
  readonly static: false;
  readonly private: false;
}

let ambient: AmbientScope | undefined;

/** Makes transactional methods take part in an ambient scope; `meshestra/async-context` brings one. */
export function useAmbientScope(scope: AmbientScope | undefined): void {
  ambient = scope;
}

/**
 * Makes a function a method that runs in a transaction: its `this` is the receiver with the EntityManager of its public
 * fields, and of the repositories in them, bound to the transaction. Throws `configuration` for a receiver that has
 * `#private` state, or no EntityManager.
 *
 * @example
 * ```ts
 * import { type EntityManager, Entity, integer, text } from 'meshestra';
 * import { transactional } from 'meshestra/transactional';
 *
 * class Task extends Entity('tasks', { id: integer().primaryKey().generated(), title: text() }) {}
 * class Tasks {
 *   readonly em: EntityManager;
 *   constructor(em: EntityManager) {
 *     this.em = em;
 *   }
 *   add = transactional(async function (this: Tasks, title: string) {
 *     return this.em.create(Task, { title }); // written and committed when the promise is fulfilled
 *   });
 * }
 * ```
 */
export function transactional<This extends object, A extends unknown[], R>(
  method: TransactionalMethod<This, A, R>,
  options: TransactionalOptions = {},
): TransactionalMethod<This, A, R> {
  const { on, ...asked } = options;
  return async function (this: This, ...parameters: A): Promise<R> {
    const source = sourceOf(this, on);
    const em = ambient?.handleOf(source.em) ?? source.em;
    return em.transaction(
      (tx) => {
        const derived = source.isHeld && tx !== source.em;
        const receiver = derived ? bindReceiver(this, source.em, tx) : this;
        const call = () => explained(derived, () => method.apply(receiver, parameters));
        return ambient === undefined ? call() : ambient.run(source.em, tx, call);
      },
      { propagation: 'required', ...asked },
    );
  };
}

/**
 * Makes a method run in a transaction, as {@link transactional} does. A standard decorator, not one of TypeScript's
 * `experimentalDecorators`.
 *
 * @example
 * ```ts
 * import { type EntityManager, Entity, integer, text } from 'meshestra';
 * import { Transactional } from 'meshestra/transactional';
 *
 * class Task extends Entity('tasks', { id: integer().primaryKey().generated(), title: text() }) {}
 * class Tasks {
 *   readonly em: EntityManager;
 *   constructor(em: EntityManager) {
 *     this.em = em;
 *   }
 *   @Transactional({ retry: { attempts: 5 } })
 *   async rename(id: number, title: string): Promise<void> {
 *     const task = await this.em.findById(Task, id);
 *     if (task !== null) task.title = title;
 *   }
 * }
 * ```
 */
export function Transactional(
  options: TransactionalOptions = {},
): <M extends (...parameters: never[]) => Promise<unknown>>(method: M, context: PublicMethodContext) => M {
  return (method, context) => {
    const { kind, name, private: isPrivate, static: isStatic } = context as Partial<ClassMethodDecoratorContext>;
    const of = `@Transactional on ${String(name ?? 'a member')}`;
    if (kind !== 'method') {
      throw new ConfigurationError(
        `${of}: it is a standard decorator for methods; switch 'experimentalDecorators' off`,
      );
    }
    if (isPrivate === true || isStatic === true) {
      throw new ConfigurationError(
        `${of}: a ${isPrivate === true ? '#private' : 'static'} method has no receiver that could be bound to a transaction`,
      );
    }
    return transactional(method as TransactionalMethod<object, never[], unknown>, options) as never;
  };
}

/** The EntityManager of a receiver, and whether its fields hold it. */
function sourceOf(receiver: unknown, on: string | undefined): { readonly em: EntityManager; readonly isHeld: boolean } {
  const held = typeof receiver === 'object' && receiver !== null ? managerOf(receiver, on) : undefined;
  const em = held ?? ambient?.current();
  if (em !== undefined) return { em, isHeld: held !== undefined };
  throw new ConfigurationError(
    'transactional: no EntityManager in the public fields of the receiver, nor in those of the objects in them, and no ambient scope is open',
  );
}

async function explained<R>(derived: boolean, call: () => Promise<R>): Promise<R> {
  try {
    return await call();
  } catch (error) {
    throw derived ? explainPrivateAccess(error) : error;
  }
}
