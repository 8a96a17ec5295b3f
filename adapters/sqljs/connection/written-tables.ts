import type { SqlTraits } from '../../../src/dialect/sqlite/index.ts';

/** The tables that a commit writes, for the notice to other tabs and listeners. */
export class WrittenTables {
  #known: Set<string> | null = new Set();

  /** The names, or null where a statement did not tell. */
  get names(): readonly string[] | null {
    return this.#known === null ? null : [...this.#known];
  }

  add(effect: SqlTraits['effect'], writes: readonly string[] | undefined): void {
    if (writes !== undefined) for (const table of writes) this.#known?.add(table);
    else if (effect !== 'read') this.#known = null;
  }

  /** Takes in what another commit wrote. */
  merge(names: readonly string[] | null): void {
    if (names === null) this.#known = null;
    else for (const name of names) this.#known?.add(name);
  }
}
