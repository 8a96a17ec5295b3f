/** Compiled statements by a text, of their SQL or of their shape; those not used for long make room. */
export interface StatementCache<S> {
  get(shape: string): S | undefined;
  set(shape: string, compiled: S): void;
}

/**
 * A cache of at most `limit` compiled statements.
 *
 * Two generations instead of a list in order of use: a hit in the young one, which is nearly every hit, costs one lookup
 * and moves nothing.
 */
export function createStatementCache<S>(limit: number): StatementCache<S> {
  let young = new Map<string, S>();
  let old = young;
  const set = (shape: string, compiled: S): void => {
    if (young.size >= limit / 2) {
      old = young;
      young = new Map();
    }
    young.set(shape, compiled);
  };
  return {
    get(shape) {
      const hit = young.get(shape);
      if (hit !== undefined) return hit;
      const aged = old.get(shape);
      if (aged !== undefined) set(shape, aged);
      return aged;
    },
    set,
  };
}
