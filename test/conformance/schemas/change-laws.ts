import { expect, it } from 'vitest';
import { byName } from '../../../src/dialect/by-name.ts';
import { type DiffOptions, diffDatabases } from '../../../src/migration/diff/diff-databases.ts';
import { inverseRenames, NO_RENAMES } from '../../../src/migration/diff/renames.ts';
import type { DatabaseModel } from '../../../src/schema/database-model.ts';
import type { SchemaStage } from './survival.ts';

/** A change of tables with rows, and its way back. */
export interface ChangeCase {
  readonly name: string;
  /** The tables before and after, as somebody would write them. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly rows: readonly string[];
  readonly up?: DiffOptions;
  /** What is filled on the way back. */
  readonly down?: DiffOptions['fills'];
  /** What the rows are: after the change, and after the way back where that is something else than before. */
  readonly seen: readonly { readonly query: string; readonly rows: readonly (readonly unknown[])[] }[];
  readonly seenAgain?: ChangeCase['seen'];
}

// Where a column stands is no part of what is wanted: a new one comes last.
const inOrder = ({ tables, unmanaged }: DatabaseModel): DatabaseModel => ({
  tables: tables.map((table) => ({ ...table, columns: byName(table.columns) })),
  unmanaged,
});

/** One law for each case: the tables are what they were to be, there and back, and the rows are in them. */
export function changeLaws(stage: SchemaStage, cases: readonly ChangeCase[]): void {
  const { schema, run } = stage;
  const inspect = async () => inOrder(await schema.inspect(run));
  const make = async (statements: readonly string[]) => {
    await stage.empty();
    for (const sql of statements) await run(sql);
    return inspect();
  };
  const apply = (before: DatabaseModel, after: DatabaseModel, options: DiffOptions) =>
    stage.apply({ changes: [], atStake: [], steps: schema.steps(diffDatabases(before, after, options)) });
  const look = async (seen: ChangeCase['seen']) => {
    for (const { query, rows } of seen) expect(await run(query), query).toEqual(rows);
  };
  for (const { name, before, after, rows, up = {}, down, seen, seenAgain } of cases) {
    it(name, async () => {
      const wanted = await make(after);
      const current = await make(before);
      for (const sql of rows) await run(sql);
      await apply(current, wanted, up);
      expect(await inspect()).toEqual(wanted);
      await look(seen);
      const renames = inverseRenames(up.renames ?? NO_RENAMES);
      await apply(wanted, current, down === undefined ? { renames } : { renames, fills: down });
      expect(await inspect()).toEqual(current);
      await look(seenAgain ?? []);
    });
  }
}

/** Renames as objects of `old: new`, by new name of the table for columns. */
export function renaming(
  tables: Readonly<Record<string, string>>,
  columns: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
): DiffOptions['renames'] & object {
  return {
    tables: new Map(Object.entries(tables)),
    columns: new Map(Object.entries(columns).map(([table, names]) => [table, new Map(Object.entries(names))])),
  };
}

/** Fills as objects, by table and column. */
export function filling(
  fills: Readonly<Record<string, Readonly<Record<string, string>>>>,
): DiffOptions['fills'] & object {
  return new Map(Object.entries(fills).map(([table, columns]) => [table, new Map(Object.entries(columns))]));
}
