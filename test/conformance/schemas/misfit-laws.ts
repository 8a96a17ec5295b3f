import { expect, it } from 'vitest';
import type { DatabaseColumn, DatabaseTable } from '../../../src/schema/database-model.ts';
import type { SchemaStage } from './survival.ts';

/** Values of one type that are to become values of another. */
export interface MisfitCase {
  readonly from: string;
  readonly to: string;
  /** Literals of values that come back as they were. */
  readonly kept: readonly string[];
  /** Literals of values that would be refused, or be others. */
  readonly lost: readonly string[];
}

/**
 * Two laws for each case: the misfit names exactly the values that are lost; and it is right, because the others survive the
 * way there and back, and each of these does not.
 */
export function misfitLaws(stage: SchemaStage, cases: readonly MisfitCase[], asText: string): void {
  for (const { from, to, kept, lost } of cases) {
    it(`what does not fit is told: ${from} as ${to}`, async () => {
      const condition = await fill(stage, from, to, [...kept, 'NULL', ...lost]);
      const found = condition === null ? [] : await stage.run(`SELECT id FROM t WHERE ${condition} ORDER BY id`);
      expect(found.map(([id]) => [...kept, 'NULL', ...lost][Number(id)])).toEqual(lost);
      await fill(stage, from, to, [...kept, 'NULL']);
      const values = await stage.run(`SELECT id, ${asText} FROM t ORDER BY id`);
      await thereAndBack(stage, to);
      expect(await stage.run(`SELECT id, ${asText} FROM t ORDER BY id`)).toEqual(values);
      for (const value of lost) {
        await fill(stage, from, to, [value]);
        const [before] = await stage.run(`SELECT ${asText} FROM t`);
        const [after] = await thereAndBack(stage, to)
          .then(() => stage.run(`SELECT ${asText} FROM t`))
          .catch(() => [['refused']]);
        expect(after, value).not.toEqual(before);
      }
    });
  }
}

async function fill(stage: SchemaStage, from: string, to: string, values: readonly string[]): Promise<string | null> {
  await stage.empty();
  await stage.run(`CREATE TABLE t (id integer PRIMARY KEY, v ${from} NULL)`);
  for (const [id, value] of values.entries()) await stage.run(`INSERT INTO t VALUES (${id}, ${value})`);
  const { column } = await tableOf(stage);
  return stage.schema.misfit(column, { ...column, type: to });
}

async function tableOf({ schema, run }: SchemaStage): Promise<{ table: DatabaseTable; column: DatabaseColumn }> {
  const [table] = (await schema.inspect(run)).tables;
  const column = table?.columns[1];
  if (table === undefined || column === undefined) throw new Error('there is no table');
  return { table, column };
}

async function thereAndBack(stage: SchemaStage, to: string): Promise<void> {
  const { column } = await tableOf(stage);
  for (const type of [to, column.type]) {
    const { table, column: before } = await tableOf(stage);
    const column = { ...before, type };
    const after = { ...table, columns: table.columns.map((other) => (other === before ? column : other)) };
    const changes = [{ kind: 'alter-column', before, after: column, fill: null }] as const;
    const steps = stage.schema.steps([{ kind: 'alter-table', before: table, after, changes }]);
    await stage.apply({ changes: [], atStake: [], steps });
  }
}
