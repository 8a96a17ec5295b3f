/** What a statement does to the savepoints of its transaction. */
export interface SavepointControl {
  readonly kind: 'savepoint' | 'release' | 'rollback-to';
  /** The name as it stands in the text, quotes included. */
  readonly name: string;
}

const CONTROLS = [
  ['savepoint', /^\s*SAVEPOINT\s+(\S+)\s*;?\s*$/i],
  ['release', /^\s*RELEASE\s+(?:SAVEPOINT\s+)?(\S+)\s*;?\s*$/i],
  ['rollback-to', /^\s*ROLLBACK\s+TO\s+(?:SAVEPOINT\s+)?(\S+)\s*;?\s*$/i],
] as const;

/** Reads the text of a savepoint statement; null for any other one. */
export function savepointControl(sql: string): SavepointControl | null {
  for (const [kind, pattern] of CONTROLS) {
    const name = pattern.exec(sql)?.[1];
    if (name !== undefined) return { kind, name };
  }
  return null;
}

/** The savepoints of one transaction, each with the place in the list of statements where it was set. */
export class Savepoints {
  readonly #open: { readonly name: string; readonly place: number }[] = [];

  /**
   * Sets, releases or goes back to a savepoint. Gives the place where the one that is meant was set, or undefined where
   * there is none of that name.
   */
  apply({ kind, name }: SavepointControl, place: number): number | undefined {
    if (kind === 'savepoint') {
      this.#open.push({ name, place });
      return place;
    }
    const index = this.#open.findLastIndex((savepoint) => savepoint.name === name);
    const meant = this.#open[index];
    if (meant === undefined) return undefined;
    // Going back ends the savepoints that were set since, and not the one itself.
    this.#open.length = kind === 'release' ? index : index + 1;
    return meant.place;
  }
}
