/** Things in the order of their names, in which two databases can be compared; those without a name come first. */
export function byName<T extends { readonly name: string | null }>(things: readonly T[]): readonly T[] {
  const order = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);
  return [...things].sort((left, right) => order(left.name ?? '', right.name ?? ''));
}
