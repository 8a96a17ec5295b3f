/** A class that makes `T`. Its constructor works without arguments and has no side effects (the constructor contract). */
// biome-ignore lint/suspicious/noExplicitAny: a constructor of any parameters, which only `any` accepts
export type EntityClass<T extends object = object> = new (...args: any[]) => T;
