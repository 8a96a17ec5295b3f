import { expect, it } from 'vitest';
import type { ColumnType } from '../../../src/codec/column-type.ts';
import { createRegistry } from '../../../src/metadata/create-registry.ts';
import type { EntityClass } from '../../../src/metadata/entity-class.ts';
import { snakeCase } from '../../../src/metadata/naming-strategy.ts';
import { diffDatabases } from '../../../src/migration/diff/diff-databases.ts';
import type { Dialect } from '../../../src/port.ts';
import type { DatabaseModel } from '../../../src/schema/database-model.ts';
import { deriveSchema } from '../../../src/schema/derive-schema.ts';
import type { ColumnDefault, ColumnModel, SchemaModel, TableModel } from '../../../src/schema/schema-model.ts';
import { bills } from '../model/bills.ts';
import { documents } from '../model/documents.ts';
import { library } from '../model/library.ts';
import { parcels } from '../model/parcels.ts';
import { records } from '../model/records.ts';
import { shelf } from '../model/shelf.ts';
import { circles, mediaLibrary, shop } from '../model/shop.ts';
import { floor } from '../model/shop-floor.ts';
import { atlas, building, plans, seating } from '../model/slots.ts';
import { stock } from '../model/stock.ts';
import { tickets } from '../model/tickets.ts';
import { wiki } from '../model/wiki.ts';
import type { SchemaStage } from './survival.ts';

const MODELS: Readonly<Record<string, readonly EntityClass[]>> = {
  bills,
  documents,
  library,
  parcels,
  records,
  shelf,
  floor,
  shop,
  circles,
  mediaLibrary,
  seating,
  atlas,
  building,
  plans,
  stock,
  tickets,
  wiki,
};

const constant = (value: string | number | bigint | boolean | Uint8Array | null): ColumnDefault => ({
  kind: 'constant',
  value,
});

/** Every type with defaults that engines are known to write in other words. */
const COLUMNS: readonly (readonly [ColumnType, ColumnDefault | null])[] = [
  [{ name: 'integer' }, null],
  [{ name: 'integer' }, constant(0)],
  [{ name: 'integer' }, constant(-5)],
  [{ name: 'bigint' }, constant(2n ** 63n - 1n)],
  [{ name: 'float' }, null],
  [{ name: 'float' }, constant(1e21)],
  [{ name: 'float' }, constant(0.1)],
  [{ name: 'float' }, constant(-5e-7)],
  [{ name: 'decimal', precision: 10, scale: 2 }, constant('-1.50')],
  [{ name: 'decimal', precision: 20, scale: 0 }, null],
  [{ name: 'text' }, null],
  [{ name: 'text' }, constant('')],
  [{ name: 'text' }, constant('it\'s "so"\n\\n `x` -- 値😀')],
  [{ name: 'text', maxLength: 40 }, constant('0')],
  [{ name: 'text', maxLength: 4000 }, null],
  [{ name: 'text', values: ['open', "it's", 'a\\b'] }, constant("it's")],
  [{ name: 'boolean' }, constant(true)],
  [{ name: 'boolean' }, constant(false)],
  [{ name: 'datetime' }, { kind: 'now' }],
  [{ name: 'date' }, { kind: 'now' }],
  [{ name: 'date' }, constant('2024-02-29')],
  [{ name: 'uuid' }, constant('00000000-0000-4000-8000-000000000001')],
  [{ name: 'json' }, constant('{"a": [1, "it\'s"]}')],
  [{ name: 'bytes' }, constant(new Uint8Array([0, 39, 255]))],
  [{ name: 'bytes' }, constant(new Uint8Array())],
];

const KEY: ColumnModel = { name: 'id', type: { name: 'integer' }, nullable: false, generated: true, default: null };

/** A table with a column for each of {@link COLUMNS}, nullable and not. */
function everyType(dialect: Dialect): SchemaModel {
  const columns = COLUMNS.flatMap(([type, filled], place) =>
    [true, false].map((nullable) => ({
      name: `c${place}_${nullable}`,
      type,
      nullable,
      generated: false,
      default: wireDefault(dialect, type, filled),
    })),
  );
  const table: TableModel = {
    name: 'every "type"',
    columns: [KEY, ...columns, computed('c0_false + 1')],
    primaryKey: ['id'],
    uniques: [{ name: 'of decimals', columns: ['c8_false', 'c8_true'] }],
    indexes: [{ name: 'of texts', columns: ['c10_true', 'c0_false'] }],
    foreignKeys: [],
  };
  return { tables: [table] };
}

const computed = (sql: string): ColumnModel => ({
  name: 'computed',
  type: { name: 'integer' },
  nullable: true,
  generated: false,
  default: { kind: 'database', sql, computed: 'stored' },
});

// What a datetime or a boolean is on the wire is the dialect's.
function wireDefault(dialect: Dialect, type: ColumnType, filled: ColumnDefault | null): ColumnDefault | null {
  if (filled?.kind !== 'constant' || type.name !== 'boolean') return filled;
  return dialect.name === 'postgres' ? filled : constant(Number(filled.value));
}

/** What a model is as the engine writes it. */
async function wantedOf({ scratch, schema }: SchemaStage, model: SchemaModel): Promise<DatabaseModel> {
  return scratch((run) => schema.canonicalize(schema.describe(model), run));
}

/** The laws of describing, reading and creating, over every model of the conformance suites. */
export function schemaLaws(open: () => Promise<SchemaStage & { readonly dialect: Dialect }>): void {
  const create = async (stage: SchemaStage, model: SchemaModel) => {
    const statements = await stage.dialect.createSchema(model);
    await stage.apply({ ...NO_ROWS, steps: statements.map(({ sql }) => sql) });
  };
  const laws = async (model: (dialect: Dialect) => SchemaModel) => {
    const stage = await open();
    await stage.empty();
    const schema = model(stage.dialect);
    const nothing = await stage.schema.inspect(stage.run);
    expect(nothing.tables).toEqual([]);
    const wanted = await wantedOf(stage, schema);
    expect(await stage.schema.inspect(stage.run), 'a canonical model leaves no trace').toEqual(nothing);
    await create(stage, schema);
    const inspected = await stage.schema.inspect(stage.run);
    expect(inspected.tables).toEqual(wanted.tables);
    expect(await wantedOf(stage, schema), 'tables of the same names are in no way').toEqual(wanted);
    expect(await stage.scratch((run) => stage.schema.canonicalize(inspected, run))).toEqual(inspected);
    await stage.apply({ ...NO_ROWS, steps: stage.schema.steps(diffDatabases(inspected, nothing)) });
    expect(await stage.schema.inspect(stage.run)).toEqual(nothing);
    await stage.apply({ ...NO_ROWS, steps: stage.schema.steps(diffDatabases(nothing, inspected)) });
    expect(await stage.schema.inspect(stage.run)).toEqual(inspected);
  };
  const law = 'what createSchema makes is what inspect reads and canonicalize says';
  for (const [name, classes] of Object.entries(MODELS)) {
    it(`${law}, for ${name}`, () => laws((dialect) => deriveSchema(createRegistry(classes, snakeCase, dialect))));
  }
  it(`${law}, for every type and default`, () => laws(everyType));
}

const NO_ROWS = { changes: [], atStake: [] };
