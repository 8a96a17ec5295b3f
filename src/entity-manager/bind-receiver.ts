import { ConfigurationError, TransactionScopeError } from '../errors.ts';
import type { EntityManager } from './entity-manager.ts';
import { hasPrivateState, isPrivateAccessError } from './private-state.ts';

/** An object with its own data properties by name. */
type Fields = ReadonlyMap<string | symbol, PropertyDescriptor>;

const ALTERNATIVES =
  "hand the transaction over (em.transaction(async (tx) => …)), keep what it holds in fields that are 'private' in TypeScript only, or take the EntityManager from meshestra/async-context";

/** Whether a value is an EntityManager, of whatever make. */
function isEntityManager(value: unknown): value is EntityManager {
  if (typeof value !== 'object' || value === null) return false;
  const { transaction, flush, persist, stateOf } = value as Partial<EntityManager>;
  return [transaction, flush, persist, stateOf].every((method) => typeof method === 'function');
}

/**
 * The EntityManager that an object works with: that of its public fields, else that of the objects in them. Undefined
 * where there is none; throws `configuration` where there are several. `on` names the field to look at.
 */
export function managerOf(receiver: object, on: string | undefined): EntityManager | undefined {
  const fields = fieldsOf(receiver);
  const values = on === undefined ? [...fields.values()].map(({ value }) => value) : [fields.get(on)?.value];
  const own = new Set(values.filter(isEntityManager));
  const found = own.size > 0 ? own : new Set(values.flatMap(managersIn));
  const [manager] = found;
  if (found.size > 1) {
    throw new ConfigurationError(
      `transactional: the public fields hold ${found.size} EntityManagers; say which field the transaction is about: { on: '…' }`,
    );
  }
  if (manager === undefined && on !== undefined) {
    throw new ConfigurationError(`transactional: there is no EntityManager in the public field '${on}'`);
  }
  return manager;
}

function managersIn(value: unknown): EntityManager[] {
  return isObject(value) ? [...fieldsOf(value).values()].map((field) => field.value).filter(isEntityManager) : [];
}

/**
 * The same object with another EntityManager in its public fields, and in those of the objects there that hold it, too.
 * Everything else, and what is assigned, is the object's own. Throws `configuration` where a class has `#private` names,
 * before anything ran.
 */
export function bindReceiver<T extends object>(receiver: T, from: EntityManager, to: EntityManager): T {
  const views = new Map<object, object>();
  const open: { readonly fields: Fields; readonly bound: Map<string | symbol, unknown> }[] = [];
  const viewOf = (target: object, fields: Fields, path: string): object => {
    refuseUnbindable(target, fields, from, path);
    const bound = new Map<string | symbol, unknown>();
    const view = new Proxy(target, {
      get: (own, key, self) => (bound.has(key) ? bound.get(key) : Reflect.get(own, key, self)),
      set: (own, key, value, self) => {
        if (bound.has(key))
          throw new TransactionScopeError(`${String(key)}: the field is bound to an open transaction`);
        return Reflect.set(own, key, value, self);
      },
    });
    views.set(target, view);
    open.push({ fields, bound });
    return view;
  };
  const result = viewOf(receiver, fieldsOf(receiver), 'this');
  for (const { fields, bound } of open) {
    for (const [key, { value }] of fields) {
      if (value === from) bound.set(key, to);
      else if (isObject(value) && !isEntityManager(value)) {
        const inner = fieldsOf(value);
        if ([...inner.values()].some((field) => field.value === from))
          bound.set(key, views.get(value) ?? viewOf(value, inner, String(key)));
      }
    }
  }
  return result as T;
}

/** The error of a method on a bound receiver, told as what it is. */
export function explainPrivateAccess(error: unknown): unknown {
  if (!isPrivateAccessError(error)) return error;
  return new ConfigurationError(
    `transactional: the method uses #private state, which the object that is bound to the transaction has not; its transaction was rolled back. Instead, ${ALTERNATIVES}`,
    { cause: error },
  );
}

function refuseUnbindable(target: object, fields: Fields, from: EntityManager, path: string): void {
  if (hasPrivateState(target)) {
    throw new ConfigurationError(
      `transactional: the class of ${path} has #private state, so that no object but its own instance can be bound to the transaction; nothing was run. Instead, ${ALTERNATIVES}`,
    );
  }
  for (const [key, { value, writable, configurable }] of fields) {
    if (value !== from || writable === true || configurable === true) continue;
    throw new ConfigurationError(
      `transactional: ${path} is frozen, so that its field '${String(key)}' cannot be bound to the transaction; nothing was run`,
    );
  }
}

/** No getter is run. */
function fieldsOf(target: object): Fields {
  const fields = new Map<string | symbol, PropertyDescriptor>();
  for (const key of Reflect.ownKeys(target)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(target, key);
    if (descriptor === undefined || !('value' in descriptor)) continue;
    // Of a receiver that is bound already, the field shows what it is bound to.
    fields.set(key, { ...descriptor, value: Reflect.get(target, key) });
  }
  return fields;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
