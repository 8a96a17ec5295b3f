/** Another name for a table, a column, an index or a constraint. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * The renames in an order in which no name is taken when something is to get it: those that trade names, or change in case
 * only, which most engines take for the same name, go over a name that nobody has.
 */
export function orderRenames(renames: readonly Rename[]): readonly Rename[] {
  const ordered: Rename[] = [];
  let open = [...renames];
  const isTaken = ({ to }: Rename) => open.some(({ from }) => from.toLowerCase() === to.toLowerCase());
  while (open.length > 0) {
    const free = open.filter((rename) => !isTaken(rename));
    if (free.length > 0) ordered.push(...free);
    const [first] = open;
    if (free.length === 0 && first !== undefined) {
      const parked = `__meshestra_${ordered.length}_${first.from}`.slice(0, 40);
      ordered.push({ from: first.from, to: parked });
      open = [...open.slice(1), { from: parked, to: first.to }];
    } else open = open.filter((rename) => !free.includes(rename));
  }
  return ordered;
}
