import type {
  DatabaseCheck,
  DatabaseColumn,
  DatabaseForeignKey,
  DatabaseIndex,
  DatabaseModel,
  DatabaseTable,
  DatabaseUnique,
} from '../../schema/database-model.ts';
import { sameContent } from './same-content.ts';

/**
 * What the entities want, with all that they cannot speak of left as the database has it: comments, collations, options and
 * triggers of tables, deferrable constraints, checks and indexes of other kinds, the order of columns, and the names of
 * constraints. So a difference is only what somebody asked for. Tables of `current` have their new names already.
 */
export function adoptUnmanaged(current: DatabaseModel, wanted: DatabaseModel): DatabaseModel {
  const known = new Map(current.tables.map((table) => [table.name, table]));
  const tables = wanted.tables.map((table) => {
    const old = known.get(table.name);
    return old === undefined ? table : adoptTable(old, table);
  });
  return { tables: tables.map((table) => withFreeNames(table, wanted)), unmanaged: current.unmanaged };
}

function adoptTable(old: DatabaseTable, table: DatabaseTable): DatabaseTable {
  return {
    ...table,
    columns: adoptColumns(old, table),
    primaryKey: adoptKey(old, table),
    uniques: adoptUniques(old, table),
    checks: adoptChecks(old, table),
    foreignKeys: table.foreignKeys.map((key) => adoptForeignKey(old.foreignKeys, key)),
    indexes: adoptIndexes(old, table),
    comment: table.comment ?? old.comment,
    options: old.options,
    triggers: old.triggers,
  };
}

function adoptColumns(old: DatabaseTable, table: DatabaseTable): readonly DatabaseColumn[] {
  const wanted = new Map(table.columns.map((column) => [column.name, column]));
  const kept = old.columns.flatMap((former) => {
    const column = wanted.get(former.name);
    return column === undefined ? [] : [adoptColumn(former, column)];
  });
  const names = new Set(kept.map(({ name }) => name));
  return [...kept, ...table.columns.filter(({ name }) => !names.has(name))];
}

const TEXTUAL = /char|text|clob|enum|set/i;

function adoptColumn(former: DatabaseColumn, column: DatabaseColumn): DatabaseColumn {
  const { onConflict } = former;
  const isMade = column.generated !== null && former.generated !== null;
  return {
    ...column,
    generated: isMade ? former.generated : column.generated,
    // A number has none, whatever the text before it had.
    collation: column.collation ?? (TEXTUAL.test(column.type) ? former.collation : null),
    onUpdate: column.onUpdate ?? former.onUpdate,
    comment: column.comment ?? former.comment,
    ...(onConflict === undefined || column.nullable ? {} : { onConflict }),
  };
}

function adoptKey({ primaryKey: old }: DatabaseTable, { primaryKey }: DatabaseTable): DatabaseTable['primaryKey'] {
  return old !== null && primaryKey !== null && sameColumns(old, primaryKey) ? old : primaryKey;
}

function sameColumns(
  one: { readonly columns: readonly string[] },
  other: { readonly columns: readonly string[] },
): boolean {
  return (
    one.columns.length === other.columns.length && one.columns.every((column, place) => column === other.columns[place])
  );
}

// A unique index over plain columns is as good as a constraint.
function adoptUniques(old: DatabaseTable, table: DatabaseTable): readonly DatabaseUnique[] {
  return table.uniques.flatMap((unique) => {
    const same = old.uniques.find((other) => sameColumns(other, unique));
    if (same !== undefined) return [same];
    return old.indexes.some((index) => index.unique && isPlain(index) && sameColumns(columnsOf(index), unique))
      ? []
      : [unique];
  });
}

// The checks that a type of column brings along: of a longest text, of an enumeration, of a boolean.
const OUR_CHECK = /length\(|\bIN \(|= ANY/i;

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

function adoptForeignKey(old: readonly DatabaseForeignKey[], key: DatabaseForeignKey): DatabaseForeignKey {
  const same = old.find((other) => sameColumns(other, key) && sameContent({ ...other, deferral: key.deferral }, key));
  return same ?? key;
}

function adoptIndexes(old: DatabaseTable, table: DatabaseTable): readonly DatabaseIndex[] {
  const names = new Set(table.columns.map(({ name }) => name));
  const wanted = table.indexes.map((index) => old.indexes.find((other) => sameContent(other, index)) ?? index);
  const kept = old.indexes.filter((index) => {
    if (wanted.includes(index)) return false;
    const isUnique = index.unique && isPlain(index);
    if (isUnique) return table.uniques.some((unique) => sameColumns(columnsOf(index), unique));
    return !isPlain(index) && index.parts.every(({ column }) => column === null || names.has(column));
  });
  return [...wanted, ...kept];
}

/** Whether an entity can declare such an index. */
function isPlain({ parts, where, method, include }: DatabaseIndex): boolean {
  const isWhole = parts.every(({ column, descending, suffix }) => column !== null && !descending && suffix === null);
  return isWhole && where === null && method === null && include.length === 0;
}

function columnsOf({ parts }: DatabaseIndex): { readonly columns: readonly string[] } {
  return { columns: parts.flatMap(({ column }) => column ?? []) };
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
