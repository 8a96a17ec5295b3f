import { type Context, runInContext } from 'node:vm';

/** The constructors of one realm that values are rebuilt with. */
interface Intrinsics {
  readonly Array: ArrayConstructor;
  readonly Uint8Array: Uint8ArrayConstructor;
  readonly Promise: PromiseConstructor;
  readonly Error: ErrorConstructor;
  readonly Object: ObjectConstructor;
}

const HOST: Intrinsics = { Array, Uint8Array, Promise, Error, Object };

/**
 * Lets tests in the bare realm use an object of the host, such as a database engine, that cannot live there: data is
 * copied into the other realm (arrays, bytes and errors would fail `instanceof` otherwise), functions and objects
 * with methods are called through, in both directions.
 */
export function lendToRealm<T>(value: T, realm: Context): T {
  const inside = runInContext('({ Array, Uint8Array, Promise, Error, Object })', realm) as Intrinsics;
  return createMembrane(inside).toRealm(value) as T;
}

function createMembrane(inside: Intrinsics) {
  const originals = new WeakMap<object, object>();
  const toRealm = (value: unknown): unknown => translate(value, inside, toRealm, toHost);
  const toHost = (value: unknown): unknown => translate(value, HOST, toHost, toRealm);
  type Pass = (value: unknown) => unknown;

  function translate(value: unknown, to: Intrinsics, there: Pass, back: Pass): unknown {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
    const original = originals.get(value);
    if (original !== undefined) return original;
    if (typeof value === 'function') return callThrough(value, there, back);
    if (to.Array.isArray(value)) return to.Array.from(value, there);
    return translateObject(value, to, there);
  }

  function translateObject(value: object, to: Intrinsics, there: Pass): unknown {
    const tag = Object.prototype.toString.call(value);
    if (tag === '[object Uint8Array]') return new to.Uint8Array(value as Uint8Array);
    if (tag === '[object Error]') return Object.assign(new to.Error((value as Error).message), value);
    if (tag === '[object Promise]') {
      const promise = value as Promise<unknown>;
      return new to.Promise((resolve, reject) => {
        promise.then(
          (result) => resolve(there(result)),
          (error) => reject(there(error) as Error),
        );
      });
    }
    if (isData(value)) return to.Object.fromEntries(Object.entries(value).map(([key, item]) => [key, there(item)]));
    return remember(new Proxy(value, { get: (target, key) => there(Reflect.get(target, key)) }), value);
  }

  function callThrough(target: object, there: Pass, back: Pass): unknown {
    const call = target as (...args: unknown[]) => unknown;
    const through = function (this: unknown, ...args: unknown[]): unknown {
      try {
        return there(call.apply(back(this), args.map(back)));
      } catch (error) {
        throw there(error);
      }
    };
    return remember(through, target);
  }

  function remember<V extends object>(stand: V, original: object): V {
    originals.set(stand, original);
    return stand;
  }

  return { toRealm };
}

/** Plain data, without methods and accessors, can be copied. */
function isData(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
  const properties = Object.values(Object.getOwnPropertyDescriptors(value));
  return plain && properties.every((property) => 'value' in property && typeof property.value !== 'function');
}
