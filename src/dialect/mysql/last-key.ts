/** The last key of an INSERT, of which the server tells the first; `distance` is how far the last one is from it. */
export function lastKey(first: number | bigint, distance: number): number | bigint {
  const last = BigInt(first) + BigInt(Math.max(0, distance));
  return last <= Number.MAX_SAFE_INTEGER ? Number(last) : last;
}
