import type { DatabaseModel, DatabaseTable } from '../../schema/database-model.ts';
import { isOwnTable } from '../../schema/own-tables.ts';
import type { SchemaChange } from '../../schema/schema-change.ts';
import { sortTables } from '../../schema/sort-tables.ts';
import { diffTable, type Fills } from './diff-table.ts';
import { renameModel } from './rename-model.ts';
import { NO_RENAMES, type Renames } from './renames.ts';

/** What is known of a difference besides the two models. */
export interface DiffOptions {
  readonly renames?: Renames;
  /** By new name of a table. */
  readonly fills?: ReadonlyMap<string, Fills>;
}

const NO_FILLS: Fills = new Map();

/**
 * The changes that make one database of the other, in order: names, new tables (referred-to ones first), changed ones, and
 * those that go (referred-to ones last). Pure; equal models have none. Tables whose names begin with `__meshestra_` are
 * Meshestra's own and no part of it.
 */
export function diffDatabases(
  current: DatabaseModel,
  wanted: DatabaseModel,
  { renames = NO_RENAMES, fills = new Map() }: DiffOptions = {},
): readonly SchemaChange[] {
  const before = ownTables(renameModel(current, renames));
  const after = ownTables(wanted);
  const names = new Set(ownTables(current).map(({ name }) => name));
  const old = new Map(before.map((table) => [table.name, table]));
  const kept = new Set(after.map(({ name }) => name));
  const renamed = [...renames.tables].filter(([from, to]) => from !== to && names.has(from));
  return [
    ...renamed.map(([from, to]) => ({ kind: 'rename-table', from, to }) as const),
    ...sortTables(after.filter(({ name }) => !old.has(name))).map(
      (table) => ({ kind: 'create-table', table }) as const,
    ),
    ...after.flatMap((table) => diffKept(old.get(table.name), table, renames, fills.get(table.name) ?? NO_FILLS)),
    ...sortTables(before.filter(({ name }) => !kept.has(name)))
      .toReversed()
      .map((table) => ({ kind: 'drop-table', table }) as const),
  ];
}

function ownTables({ tables }: DatabaseModel): readonly DatabaseTable[] {
  return tables.filter((table) => !isOwnTable(table));
}

function diffKept(
  before: DatabaseTable | undefined,
  after: DatabaseTable,
  { columns }: Renames,
  fills: Fills,
): readonly SchemaChange[] {
  if (before === undefined) return [];
  const renamed = [...(columns.get(after.name) ?? [])].map(
    ([from, to]) => ({ kind: 'rename-column', from, to }) as const,
  );
  const changes = [...renamed, ...diffTable(before, after, fills)];
  return changes.length === 0 ? [] : [{ kind: 'alter-table', before, after, changes }];
}
