/** How many texts get a name: the server keeps the plan of each, on every connection, until the connection ends. */
const LIMIT = 500;

/**
 * Gives each text of a statement a name, under which the server keeps it parsed. A pooler that hands out server
 * connections by the transaction does not know such names, so this is an option.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();

  /** The name of a text; undefined for those that came when all names were given. */
  nameOf(sql: string): string | undefined {
    const known = this.#names.get(sql);
    if (known !== undefined || this.#names.size >= LIMIT) return known;
    const name = `meshestra_${this.#names.size + 1}`;
    this.#names.set(sql, name);
    return name;
  }
}
