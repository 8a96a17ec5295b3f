import type { ColumnType } from '../../../src/codec/column-type.ts';
import type { ColumnModel, ForeignKeyModel, SchemaModel, TableModel } from '../../../src/schema/schema-model.ts';
import { createRandom } from '../../../src/seeding/index.ts';

/** Gives numbers from 0 up to below `limit`, the same ones for the same seed. */
export type Dice = (limit: number) => number;

const createDice = (seed: number): Dice => {
  const random = createRandom(seed);
  return (limit) => random.integer(0, limit - 1);
};

/** What a random schema became of another one: the schema, and old names by new ones. */
export interface SchemaPair {
  readonly before: SchemaModel;
  readonly after: SchemaModel;
  readonly tables: ReadonlyMap<string, string>;
  /** By new name of the table. */
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const TABLE_NAMES = ['order', 'my "best" list', 'Größen', 'select', 'a.b', "it's", 'UPPER', '値'];
const COLUMN_NAMES = ['name', 'group', 'two words', 'Straße', 'from', 'x"y', 'Mixed', 'c1', 'c2', 'default'];
const TYPES: readonly ColumnType[] = [
  { name: 'integer' },
  { name: 'bigint' },
  { name: 'float' },
  { name: 'decimal', precision: 12, scale: 2 },
  { name: 'text' },
  { name: 'text', maxLength: 120 },
  { name: 'boolean' },
  { name: 'datetime' },
  { name: 'date' },
  { name: 'uuid' },
  { name: 'json' },
  { name: 'bytes' },
];

const pick = <T>(dice: Dice, list: readonly T[]): T => list[dice(list.length)] as T;
const chance = (dice: Dice, percent: number): boolean => dice(100) < percent;

const id: ColumnModel = { name: 'id', type: { name: 'integer' }, nullable: false, generated: true, default: null };

/** A schema with keys of one generated integer, unique constraints, indexes, and foreign keys with each action. */
const randomSchema = (dice: Dice): SchemaModel => {
  const names = shuffled(dice, TABLE_NAMES).slice(0, 2 + dice(3));
  return { tables: names.map((name, place) => randomTable(dice, name, names.slice(0, place + 1))) };
};

const randomTable = (dice: Dice, name: string, targets: readonly string[]): TableModel => {
  const columns = shuffled(dice, COLUMN_NAMES)
    .slice(0, 2 + dice(4))
    .map((column) => randomColumn(dice, column));
  let table: TableModel = {
    name,
    columns: [id, ...columns],
    primaryKey: ['id'],
    uniques: [],
    indexes: [],
    foreignKeys: [],
  };
  for (const target of targets) if (chance(dice, 60)) table = withReference(dice, table, target);
  const keyed = columns.filter(
    ({ type }) => type.name === 'integer' || (type.name === 'text' && type.maxLength !== undefined),
  );
  const [unique, indexed] = [keyed[0], columns.find(({ type }) => type.name === 'date' || type.name === 'uuid')];
  return {
    ...table,
    uniques:
      unique === undefined || chance(dice, 40) ? [] : [{ name: `${name}_${unique.name}_key`, columns: [unique.name] }],
    indexes:
      indexed === undefined
        ? table.indexes
        : [...table.indexes, { name: `${name}_${indexed.name}_idx`, columns: [indexed.name] }],
  };
};

const randomColumn = (dice: Dice, name: string): ColumnModel => {
  const type = pick(dice, TYPES);
  const isFilled = type.name === 'text' && chance(dice, 40);
  return {
    name,
    type,
    nullable: chance(dice, 50),
    generated: false,
    default: isFilled ? { kind: 'constant', value: "it's \\ `given`" } : null,
  };
};

const withReference = (dice: Dice, table: TableModel, target: string): TableModel => {
  const column = `${target} id`;
  const action = pick(dice, ['no action', 'cascade', 'set null'] as const);
  const key: ForeignKeyModel = {
    name: `${table.name}_${column}_fkey`,
    columns: [column],
    referencedTable: target,
    referencedColumns: ['id'],
    onDelete: action,
    onUpdate: 'no action',
  };
  const reference: ColumnModel = {
    name: column,
    type: { name: 'integer' },
    nullable: true,
    generated: false,
    default: null,
  };
  return {
    ...table,
    columns: [...table.columns, reference],
    foreignKeys: [...table.foreignKeys, key],
    indexes: [...table.indexes, { name: `${table.name}_${column}_idx`, columns: [column] }],
  };
};

const shuffled = <T>(dice: Dice, list: readonly T[]): readonly T[] => {
  const rest = [...list];
  return list.map(() => rest.splice(dice(rest.length), 1)[0] as T);
};

/** A schema, and what a few changes make of it: renames, new and other columns, keys and tables, and some that go. */
export const randomPair = (seed: number): SchemaPair => {
  const dice = createDice(seed);
  const before = randomSchema(dice);
  const tables = new Map<string, string>();
  const columns = new Map<string, Map<string, string>>();
  const kept = before.tables.filter(({ name }) => !chance(dice, 15) || isReferred(before, name));
  const renamed = kept.map((table) => {
    const name = chance(dice, 25) ? `${table.name} 2` : table.name;
    if (name !== table.name) tables.set(name, table.name);
    return { table, name };
  });
  const newName = (old: string) => renamed.find(({ table }) => table.name === old)?.name ?? old;
  const changed = renamed.map(({ table, name }) => {
    const names = new Map<string, string>();
    columns.set(name, names);
    return changeTable(dice, { ...table, name }, names, newName);
  });
  const added = chance(dice, 50)
    ? [
        randomTable(
          dice,
          'added',
          changed.map(({ name }) => name),
        ),
      ]
    : [];
  return { before, after: { tables: [...changed, ...added] }, tables, columns };
};

const isReferred = ({ tables }: SchemaModel, name: string): boolean =>
  tables.some((table) => table.foreignKeys.some(({ referencedTable }) => referencedTable === name));

const changeTable = (
  dice: Dice,
  table: TableModel,
  names: Map<string, string>,
  newName: (old: string) => string,
): TableModel => {
  const referring = new Set(table.foreignKeys.flatMap((key) => key.columns));
  // A unique column that was dropped cannot come back with one value for all rows.
  const unique = new Set(table.uniques.flatMap((key) => key.columns));
  const columns = table.columns.flatMap((column): ColumnModel[] => {
    if (column.name === 'id' || referring.has(column.name)) return [column];
    if (chance(dice, 15) && !unique.has(column.name)) return [];
    const name = chance(dice, 20) ? `${column.name} new` : column.name;
    if (name !== column.name) names.set(name, column.name);
    return [changeColumn(dice, { ...column, name })];
  });
  const renamed = new Map([...names].map(([now, old]) => [old, now]));
  const isKept = (column: string) => columns.some(({ name }) => name === (renamed.get(column) ?? column));
  const rename = <T extends { readonly columns: readonly string[] }>(key: T): T => ({
    ...key,
    columns: key.columns.map((column) => renamed.get(column) ?? column),
  });
  const uniques = table.uniques.filter((unique) => unique.columns.every(isKept) && chance(dice, 70));
  const indexes = table.indexes.filter((index) => index.columns.every(isKept));
  const foreignKeys = table.foreignKeys.filter(() => chance(dice, 80));
  const fresh: ColumnModel[] = chance(dice, 50)
    ? [
        {
          ...randomColumn(dice, 'fresh'),
          type: { name: 'text' },
          nullable: false,
          default: { kind: 'constant', value: 'new' },
        },
      ]
    : [];
  return {
    ...table,
    columns: [...columns, ...fresh],
    uniques: uniques.map(rename),
    indexes: indexes.map(rename),
    foreignKeys: foreignKeys.map((key) => ({ ...key, referencedTable: newName(key.referencedTable) })),
  };
};

// Only what no value gets lost by.
const changeColumn = (dice: Dice, column: ColumnModel): ColumnModel => {
  const { type } = column;
  if (chance(dice, 20) && !column.nullable) return { ...column, nullable: true };
  if (chance(dice, 25) && type.name === 'text') {
    const { maxLength: _, ...rest } = type;
    return { ...column, type: chance(dice, 50) ? rest : { ...rest, maxLength: 200 } };
  }
  if (chance(dice, 20) && type.name === 'integer')
    return { ...column, type: { name: 'text', maxLength: 200 }, default: null };
  return column;
};
