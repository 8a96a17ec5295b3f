import { expect } from 'vitest';
import type { EntityClass, Persistence } from '../../../src/index.ts';
import type { DraftedColumn, DraftedEntity, EntitiesDraft } from '../../../src/migration/index.ts';
import { sortTables } from '../../../src/schema/sort-tables.ts';

/** Values of custom types by their SQL type, or of a column that has to be another one by `table.column`. */
export type Samples = Readonly<Record<string, unknown>>;

/** Writes a row by each entity, and reads it back by an EntityManager that knows nothing of it. */
export async function roundTripRows(
  db: Persistence,
  { entities }: EntitiesDraft,
  classes: readonly EntityClass[],
  samples: Samples,
): Promise<void> {
  const em = db.em();
  const made = new Map<string, { readonly entity: object; readonly data: Record<string, unknown> }>();
  const classOf = new Map(entities.map(({ table }, place) => [table, classes[place] as EntityClass]));
  const sorted = sortTables(
    entities.map((entity) => ({
      name: entity.table,
      entity,
      foreignKeys: entity.relations.map(({ target }) => ({ referencedTable: target })),
    })),
  );
  for (const { entity } of sorted) {
    const data: Record<string, unknown> = valuesOf(entity, samples);
    const references: Record<string, unknown> = {};
    for (const { property, target } of entity.relations) {
      const referred = made.get(target)?.entity;
      if (referred !== undefined) references[property] = referred;
    }
    const given = { ...data, ...references } as never;
    made.set(entity.table, { entity: em.create(classOf.get(entity.table) as EntityClass, given) as object, data });
  }
  await em.flush();
  for (const { table } of entities) {
    const found = await db.em().find(classOf.get(table) as EntityClass, {});
    expect(found, table).toHaveLength(1);
    expect(found[0], table).toMatchObject(made.get(table)?.data ?? {});
  }
}

function valuesOf({ table, columns }: DraftedEntity, samples: Samples): Record<string, unknown> {
  const given = columns.filter(
    ({ generated, default: filled }) => !generated && !(filled?.kind === 'database' && filled.computed !== null),
  );
  const values = given.map(({ property, ...column }) => [property, sampleOf(table, column, samples)] as const);
  // What is undefined is for the database to give.
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function sampleOf(table: string, { column, type }: Pick<DraftedColumn, 'column' | 'type'>, samples: Samples): unknown {
  const own = `${table}.${column}`;
  if (Object.hasOwn(samples, own)) return samples[own];
  if (type.kind === 'custom') {
    if (Object.hasOwn(samples, type.sqlType)) return samples[type.sqlType];
    throw new Error(`${own}: no sample of the type ${type.sqlType}`);
  }
  const { type: built } = type;
  if (built.name === 'text' && built.values !== undefined) return built.values.at(-1);
  if (built.name === 'text') return "it's ü".slice(0, built.maxLength);
  if (built.name === 'decimal') return built.scale === 0 ? '7' : `7.${'5'.padEnd(built.scale, '0')}`;
  return SAMPLES[built.name];
}

const SAMPLES = {
  integer: 7,
  bigint: 9_007_199_254_740_993n,
  float: 1.5,
  uuid: '00000000-0000-4000-8000-000000000001',
  boolean: true,
  datetime: new Date('2024-02-29T12:34:56.789Z'),
  date: '2024-02-29',
  json: { a: [1, null] },
  bytes: new Uint8Array([0, 255]),
} as const;
