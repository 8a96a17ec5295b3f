import { expect } from 'vitest';
import type { ColumnType } from '../../../src/codec/column-type.ts';
import type { SchemaDialect } from '../../../src/compiler/schema-dialect.ts';
import { comparePlan, type PlannedSide } from '../../../src/migration/compare-plan.ts';
import type { Questioner } from '../../../src/migration/questioner.ts';
import type { SchemaModel, TableModel } from '../../../src/schema/schema-model.ts';
import type { WireRow } from '../../../src/wire/wire-value.ts';
import { randomPair, type SchemaPair } from './random-schema.ts';

/** A database that migrations are tried on. */
export interface SchemaStage {
  readonly schema: SchemaDialect;
  readonly dialect: {
    quote(identifier: string): string;
    createSchema(schema: SchemaModel): Promise<readonly { readonly sql: string }[]>;
  };
  run(sql: string): Promise<readonly WireRow[]>;
  /** Runs what may create temporary tables, and undoes it. */
  scratch<R>(work: (run: (sql: string) => Promise<readonly WireRow[]>) => Promise<R>): Promise<R>;
  /** Runs a side of a migration as a migrator does; losses are allowed. */
  apply(side: PlannedSide): Promise<void>;
  /** A literal of a type: another one for each number. */
  literal(type: ColumnType, number: number): string;
  empty(): Promise<void>;
}

const ROWS = 3;

/** Plays one random pair of schemas over tables with rows, there and back, and compares all that stays. */
export async function playPair(stage: SchemaStage, seed: number): Promise<void> {
  const pair = randomPair(seed);
  await stage.empty();
  for (const { sql } of await stage.dialect.createSchema(pair.before)) await stage.run(sql);
  await fillTables(stage, pair.before);
  const original = await readTables(stage, pair.before);
  const { up, down } = await plan(stage, pair.after, answersOf(stage, pair));
  for (const { kind, what, count } of up.atStake) {
    const rows = Number((await stage.run(count))[0]?.[0]);
    if (kind === 'violation') expect({ what, rows }).toEqual({ what, rows: 0 });
  }
  await stage.apply(up);
  expect((await plan(stage, pair.after, NOBODY)).up.changes, 'nothing is left to change').toEqual([]);
  compare(original, await readTables(stage, pair.after), pair);
  await stage.apply(down);
  expect((await plan(stage, pair.before, NOBODY)).up.changes, 'nothing is left of it').toEqual([]);
  const restored = await readTables(stage, pair.before);
  for (const [key, values] of original) {
    if (!isLost(key, pair)) expect(restored.get(key), `${key} after the way back`).toEqual(values);
  }
}

async function plan(stage: SchemaStage, wanted: SchemaModel, questioner: Questioner) {
  const { dialect, schema } = stage;
  return stage.scratch((run) => comparePlan({ dialect, schema, wanted, questioner, run }));
}

/** Asked where there is nothing to ask: every question is a failure. */
const NOBODY: Questioner = {
  formerTable: (table) => Promise.reject(new Error(`asked for ${table}`)),
  formerColumn: (table, column) => Promise.reject(new Error(`asked for ${table}.${column}`)),
  fill: (table, column) => Promise.reject(new Error(`asked to fill ${table}.${column}`)),
};

function answersOf(stage: SchemaStage, { before, tables, columns }: SchemaPair): Questioner {
  const typeOf = (table: string, column: string) =>
    before.tables.find(({ name }) => name === table)?.columns.find(({ name }) => name === column)?.type;
  return {
    formerTable: (table) => tables.get(table) ?? null,
    formerColumn: (table, column) => columns.get(table)?.get(column) ?? null,
    fill(table, column, direction) {
      const type = direction === 'down' ? typeOf(table, column) : undefined;
      return type === undefined ? null : stage.literal(type, 7);
    },
  };
}

async function fillTables(stage: SchemaStage, { tables }: SchemaModel): Promise<void> {
  const quote = (name: string) => stage.dialect.quote(name);
  for (const table of tables) {
    const columns = table.columns.filter(({ name }) => name !== 'id');
    const referring = new Set(table.foreignKeys.flatMap((key) => key.columns));
    for (let row = 1; row <= ROWS; row += 1) {
      const values = columns.map(({ name, type, nullable }, place) => {
        // Rows refer to the first rows, so that a parent has several children, and to themselves where they can.
        if (referring.has(name)) return row === ROWS ? 'NULL' : '1';
        return nullable && row === 2 ? 'NULL' : stage.literal(type, row * 10 + place);
      });
      const list = ['id', ...columns.map(({ name }) => name)].map(quote).join(', ');
      await stage.run(`INSERT INTO ${quote(table.name)} (${list}) VALUES (${[row, ...values].join(', ')})`);
    }
  }
}

/** The values of each column in the order of the keys, by table and column. */
async function readTables(stage: SchemaStage, { tables }: SchemaModel): Promise<Map<string, readonly unknown[]>> {
  const found = new Map<string, readonly unknown[]>();
  for (const table of tables) {
    const list = table.columns.map(({ name }) => stage.dialect.quote(name)).join(', ');
    const rows = await stage.run(
      `SELECT ${list} FROM ${stage.dialect.quote(table.name)} ORDER BY ${stage.dialect.quote('id')}`,
    );
    table.columns.forEach(({ name }, place) => {
      found.set(
        keyOf(table, name),
        rows.map((row) => printed(row[place])),
      );
    });
  }
  return found;
}

const keyOf = ({ name }: TableModel, column: string): string => JSON.stringify([name, column]);

// A number that became a text is the same value.
const printed = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  return value instanceof Uint8Array
    ? `bytes ${[...value]}`
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
};

function compare(
  original: ReadonlyMap<string, readonly unknown[]>,
  now: ReadonlyMap<string, readonly unknown[]>,
  pair: SchemaPair,
): void {
  for (const table of pair.after.tables) {
    const oldTable = pair.tables.get(table.name) ?? table.name;
    if (!pair.before.tables.some(({ name }) => name === oldTable)) continue;
    for (const { name } of table.columns) {
      const oldColumn = pair.columns.get(table.name)?.get(name) ?? name;
      const values = original.get(JSON.stringify([oldTable, oldColumn]));
      if (values !== undefined) expect(now.get(keyOf(table, name)), `${table.name}.${name}`).toEqual(values);
    }
  }
}

/** Whether a column, or its table, was dropped on the way. */
function isLost(key: string, { after, tables, columns }: SchemaPair): boolean {
  const [oldTable, oldColumn] = JSON.parse(key) as [string, string];
  return !after.tables.some(
    (table) =>
      (tables.get(table.name) ?? table.name) === oldTable &&
      table.columns.some(({ name }) => (columns.get(table.name)?.get(name) ?? name) === oldColumn),
  );
}
