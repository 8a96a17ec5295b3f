import { expect, it } from 'vitest';
import { comparePlan, type MigrationPlan } from '../../../src/migration/compare-plan.ts';
import type { Questioner } from '../../../src/migration/questioner.ts';
import type { ColumnModel, SchemaModel, TableModel } from '../../../src/schema/schema-model.ts';
import type { SchemaStage } from './survival.ts';

const column = (name: string, more: Partial<ColumnModel> = {}): ColumnModel => ({
  name,
  type: { name: 'integer' },
  nullable: true,
  generated: false,
  default: null,
  ...more,
});

const table = (name: string, columns: readonly ColumnModel[], more: Partial<TableModel> = {}): TableModel => ({
  name,
  columns: [column('id', { nullable: false }), ...columns],
  primaryKey: ['id'],
  uniques: [],
  indexes: [],
  foreignKeys: [],
  ...more,
});

const LABEL = { name: 'text', maxLength: 20 } as const;
const MAKERS = table('makers', [column('name', { type: LABEL })]);

const BEFORE: SchemaModel = {
  tables: [
    MAKERS,
    table('parts', [
      column('price'),
      column('maker'),
      column('gone', { type: LABEL }),
      column('label', { type: LABEL }),
      column('twice'),
    ]),
  ],
};

const REFERENCE = {
  name: 'parts_maker_fkey',
  columns: ['maker'],
  referencedTable: 'makers',
  referencedColumns: ['id'],
  onDelete: 'no action',
  onUpdate: 'no action',
} as const;

const AFTER: SchemaModel = {
  tables: [
    MAKERS,
    table(
      'parts',
      [
        column('price', { nullable: false }),
        column('maker'),
        column('label'),
        column('twice', { default: { kind: 'database', sql: 'price * 2', computed: 'stored' } }),
        column('fresh', { nullable: false }),
      ],
      { uniques: [{ name: 'parts_price_key', columns: ['price'] }], foreignKeys: [REFERENCE] },
    ),
  ],
};

const ROWS = [
  "INSERT INTO makers (id, name) VALUES (1, 'one')",
  `INSERT INTO parts (id, price, maker, gone, label, twice) VALUES
    (1, 5, 1, 'a', '7', 10), (2, 5, 404, 'b', 'x', NULL), (3, NULL, 405, NULL, NULL, 1), (4, 6, NULL, 'd', '8', 2)`,
];

/** Nobody renames, and nothing is filled. */
const NO: Questioner = { formerTable: () => null, formerColumn: () => null, fill: () => null };

/**
 * The laws of plans over an engine: what somebody else said of the tables is no difference, and the questions about rows are
 * understood by the engine and count what they should.
 */
export function stakeLaws(stage: SchemaStage, saidBySomebody: readonly string[]): void {
  const plan = (wanted: SchemaModel): Promise<MigrationPlan> =>
    stage.scratch((run) => comparePlan({ dialect: stage.dialect, schema: stage.schema, wanted, questioner: NO, run }));
  const make = async (): Promise<void> => {
    await stage.empty();
    for (const { sql } of await stage.dialect.createSchema(BEFORE)) await stage.run(sql);
    for (const sql of ROWS) await stage.run(sql);
  };

  it('what entities cannot say of a table is no difference', async () => {
    await make();
    for (const sql of saidBySomebody) await stage.run(sql);
    expect((await plan(BEFORE)).up.changes).toEqual([]);
  });

  it('rows at stake are counted, by kind of change', async () => {
    await make();
    const { up } = await plan(AFTER);
    const counted = await Promise.all(
      up.atStake.map(async ({ kind, what, count }) => [kind, what, Number((await stage.run(count))[0]?.[0])] as const),
    );
    const find = (part: string) =>
      counted.filter(([, what]) => what.includes(part)).map(([kind, , rows]) => [kind, rows]);
    expect(find('drop column parts.gone')).toEqual([['loss', 3]]);
    expect(find('change column parts.label')).toEqual([['loss', 1]]);
    expect(find('compute column parts.twice')).toEqual([['loss', 3]]);
    expect(find('make column parts.price NOT NULL')).toEqual([['violation', 1]]);
    expect(find('make price of parts unique')).toEqual([['violation', 1]]);
    expect(find('refer to makers')).toEqual([['violation', 2]]);
    expect(find('add column parts.fresh')).toEqual([['violation', 4]]);
    for (const { sample } of up.atStake) if (sample !== null) await stage.run(sample);
  });
}
