/** A value now, or later. Embedded engines answer at once, and a needless promise costs more than their query. */
export type MaybePromise<T> = T | Promise<T>;

/** Continues with the value at once where it is there, and with `then` where it is not. */
export function after<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
