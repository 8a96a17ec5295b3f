/** What has another name now than in the database: told by somebody who knows, never guessed. */
export interface Renames {
  /** Old name of a table -> new name. */
  readonly tables: ReadonlyMap<string, string>;
  /** New name of a table -> its columns, old name -> new name. */
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Nothing has another name. */
export const NO_RENAMES: Renames = { tables: new Map(), columns: new Map() };

/** The renames that lead back. */
export function inverseRenames({ tables, columns }: Renames): Renames {
  const back = inverse(tables);
  return {
    tables: back,
    columns: new Map([...columns].map(([table, names]) => [back.get(table) ?? table, inverse(names)])),
  };
}

function inverse(names: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...names].map(([from, to]) => [to, from]));
}
