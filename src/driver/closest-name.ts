/**
 * The known name that an unknown one was probably meant to be: one that differs in case only, or by few letters for its
 * length. Undefined where none is near, for a wild guess misleads.
 */
export function closestName(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.slice(0, 100).toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.max(1, Math.floor(wanted.length / 2))) + 1;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** The end of a message about an unknown name: a suggestion where there is one, else the list of what is known. */
export function suggestName(name: string, known: readonly string[]): string {
  const closest = closestName(name, known);
  return closest === undefined ? `known are: ${known.join(', ')}` : `did you mean '${closest}'?`;
}

/** How many letters must be inserted, deleted, replaced, or swapped with their neighbour to make one text the other. */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let line = 0; line < from.length; line += 1) {
    const next = [line + 1];
    for (let column = 0; column < to.length; column += 1) {
      const replaced = at(row, column) + (from[line] === to[column] ? 0 : 1);
      const isSwap = from[line] === to[column - 1] && from[line - 1] === to[column];
      const swapped = isSwap ? at(before, column - 1) + 1 : replaced;
      next.push(Math.min(replaced, swapped, at(row, column + 1) + 1, at(next, column) + 1));
    }
    [before, row] = [row, next];
  }
  return at(row, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
