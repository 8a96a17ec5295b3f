import type { DatabaseCheck, DatabaseColumn, DatabaseModel, DatabaseTable } from '../../schema/database-model.ts';
import { adoptForeignKeys, isStanding } from './adopt-foreign-keys.ts';
import { adoptIndexes, adoptUniques } from './adopt-indexes.ts';
import { sameSet, type TablesByName, tablesByName } from './relation-keys.ts';
import { sameContent } from './same-content.ts';

/**
 * What the entities want, with all that they cannot speak of left as the database has it: comments, collations, options and
 * triggers of tables, deferrable constraints, checks and indexes of other kinds, the order of columns, and the names of
 * constraints. So are tables without a primary key, which no entity can map, foreign keys to something else than a primary
 * key, and indexes that another one serves. So a difference is only what somebody asked for. Tables of `current` have their
 * new names already.
 */
export function adoptUnmanaged(current: DatabaseModel, wanted: DatabaseModel): DatabaseModel {
  const known = tablesByName(current);
  const names = new Set(wanted.tables.map(({ name }) => name));
  const unmapped = current.tables.filter(({ name, primaryKey }) => primaryKey === null && !names.has(name));
  const target = tablesByName({ tables: [...wanted.tables, ...unmapped] });
  const tables = wanted.tables.map((table) => {
    const old = known.get(table.name);
    return old === undefined ? table : adoptTable(old, table, known, target);
  });
  const kept = unmapped.map((table) => ({
    ...table,
    foreignKeys: table.foreignKeys.filter((key) => isStanding(key, table, target)),
  }));
  return { tables: [...tables.map((table) => withFreeNames(table, wanted)), ...kept], unmanaged: current.unmanaged };
}

function adoptTable(
  old: DatabaseTable,
  table: DatabaseTable,
  known: TablesByName,
  target: TablesByName,
): DatabaseTable {
  const primaryKey = adoptKey(old, table);
  const uniques = adoptUniques(old, table);
  return {
    ...table,
    columns: adoptColumns(old, table),
    primaryKey,
    uniques,
    checks: adoptChecks(old, table),
    foreignKeys: adoptForeignKeys(old, table, known, target),
    indexes: adoptIndexes(old, table, { primaryKey, uniques }),
    comment: table.comment ?? old.comment,
    options: old.options,
    triggers: old.triggers,
  };
}

function adoptColumns(old: DatabaseTable, table: DatabaseTable): readonly DatabaseColumn[] {
  const wanted = new Map(table.columns.map((column) => [column.name, column]));
  const kept = old.columns.flatMap((former) => {
    const column = wanted.get(former.name);
    return column === undefined ? [] : [adoptColumn(former, column, table)];
  });
  const names = new Set(kept.map(({ name }) => name));
  return [...kept, ...table.columns.filter(({ name }) => !names.has(name))];
}

function adoptColumn(former: DatabaseColumn, column: DatabaseColumn, table: DatabaseTable): DatabaseColumn {
  const { onConflict } = former;
  const key = table.primaryKey?.columns ?? [];
  return {
    ...column,
    // SQLite has keys that may be NULL, and an entity has none.
    nullable: column.nullable || (former.nullable && key.includes(column.name)),
    ...adoptSource(former, column, table, key),
    collation: column.type === former.type ? former.collation : (column.collation ?? formerCollation(former, column)),
    onUpdate: column.onUpdate ?? former.onUpdate,
    comment: column.comment ?? former.comment,
    ...(onConflict === undefined || column.nullable ? {} : { onConflict }),
  };
}

// Only a key of one column can be declared as generated, and only what is neither key nor relation with a default.
function adoptSource(
  former: DatabaseColumn,
  column: DatabaseColumn,
  { foreignKeys }: DatabaseTable,
  key: readonly string[],
): Pick<DatabaseColumn, 'generated' | 'default'> {
  const inKey = key.includes(column.name);
  const isGenerated = former.generated !== null && (column.generated !== null || !inKey || key.length > 1);
  const isBound = inKey || foreignKeys.some(({ columns }) => columns.includes(column.name));
  const generated = isGenerated ? former.generated : column.generated;
  if (isGenerated && !inKey) return { generated, default: former.default };
  return { generated, default: column.default ?? (isBound ? former.default : null) };
}

// A number has none, whatever the text before it had.
function formerCollation({ collation }: DatabaseColumn, { type }: DatabaseColumn): string | null {
  return /char|text|clob|enum|set/i.test(type) ? collation : null;
}

// The order of the columns is how the key is stored; an entity's own order is that of its declaration.
function adoptKey({ primaryKey: old }: DatabaseTable, { primaryKey }: DatabaseTable): DatabaseTable['primaryKey'] {
  return old !== null && primaryKey !== null && sameSet(old.columns, primaryKey.columns) ? old : primaryKey;
}

const NAME = '(?:"(?:[^"]|"")*"|`(?:[^`]|``)*`|[\\p{L}\\p{N}_$]+)';
const VALUES = "'(?:[^'\\\\]|''|\\\\.)*'(?:'(?:[^'\\\\]|''|\\\\.)*'|[^'()])*";

// The checks that a type of column brings along: of a longest text, of an enumeration, of a boolean; nothing but these.
const OUR_CHECK = new RegExp(
  `^\\(*(?:(?:char_)?length\\(${NAME}\\) <= \\d+|${NAME} in \\((?:${VALUES}|0, ?1)\\)|${NAME} = ANY \\(ARRAY\\[${VALUES}\\]\\))\\)*$`,
  'iu',
);

// All other checks are the work of somebody else.
function adoptChecks(old: DatabaseTable, table: DatabaseTable): readonly DatabaseCheck[] {
  const isOurs = ({ name, expression }: DatabaseCheck) =>
    name?.endsWith('_check') === true && OUR_CHECK.test(expression);
  const used = new Set<DatabaseCheck>();
  const wanted = table.checks.map((check) => {
    const same = old.checks.find((other) => !used.has(other) && sameContent(other, check));
    if (same === undefined) return check;
    used.add(same);
    return same;
  });
  const foreign = old.checks.filter((check) => !used.has(check) && !isOurs(check));
  return [...wanted, ...foreign];
}

// A name that was kept may be one that something new is to have.
function withFreeNames(table: DatabaseTable, wanted: DatabaseModel): DatabaseTable {
  const own = wanted.tables.find(({ name }) => name === table.name);
  const free = <T extends { readonly name: string | null }>(
    parts: readonly T[],
    wantedParts: readonly T[],
  ): readonly T[] =>
    parts.map((part) => {
      const isNew = wantedParts.includes(part);
      const declared = wantedParts.find((other) => sameContent(other, part));
      const collides = !isNew && wantedParts.some((other) => other.name === part.name && !sameContent(other, part));
      const name = collides ? (declared?.name ?? part.name) : part.name;
      return name === part.name ? part : { ...part, name };
    });
  return {
    ...table,
    uniques: free(table.uniques, own?.uniques ?? []),
    checks: free(table.checks, own?.checks ?? []),
    foreignKeys: free(table.foreignKeys, own?.foreignKeys ?? []),
    indexes: free(table.indexes, own?.indexes ?? []),
  };
}
