import { useEffect, useState } from 'preact/hooks';

/** A value that components can watch. */
export interface Store<T> {
  get(): T;
  /** Replaces the value and tells everybody who watches it. */
  set(value: T): void;
  /** Calls back after each change; returns the function that stops it. */
  watch(listener: () => void): () => void;
}

/** Makes a store that holds `initial`. */
export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const listener of [...listeners]) listener();
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The store's value; the component renders again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState(() => store.get());
  useEffect(() => {
    const update = () => setValue(() => store.get());
    update(); // it may have changed between the first render and this effect
    return store.watch(update);
  }, [store]);
  return value;
}
