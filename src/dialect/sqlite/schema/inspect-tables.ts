import type { RunStatement } from '../../../compiler/schema-dialect.ts';
import type { DatabaseModel, DatabaseTable, UnmanagedObject } from '../../../schema/database-model.ts';
import { byName } from '../../by-name.ts';
import { parseIndex } from './parse-index.ts';
import { columnName, parseTable } from './parse-table.ts';

// `pragma_table_list` tells virtual tables and their shadow tables from those that are tables indeed.
const OBJECTS = `SELECT m."type", m."name", m."tbl_name", m."sql", l."type" FROM sqlite_schema AS m
LEFT JOIN pragma_table_list AS l ON l."schema" = 'main' AND l."name" = m."name" AND m."type" IN ('table', 'view')
ORDER BY m."rowid"`;

/** One entry of `sqlite_schema`. */
interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly sql: string | null;
  /** What kind of table it is; null for what is none. */
  readonly tableType: string | null;
}

/** Reads the tables of the main database from the texts that SQLite keeps of them. */
export async function inspectTables(run: RunStatement): Promise<DatabaseModel> {
  const rows = await run(OBJECTS);
  const objects = rows.map(
    ([type, name, table, sql, tableType]): SchemaObject => ({
      type: String(type),
      name: String(name),
      table: String(table),
      sql: sql === null || sql === undefined ? null : String(sql),
      tableType: tableType === null || tableType === undefined ? null : String(tableType),
    }),
  );
  const own = objects.filter(({ name }) => !isReserved(name));
  return {
    // The order of their creation changes with each table that is built anew.
    tables: byName(nameReferences(own.filter(isTable).map((table) => readTable(table, own)))),
    unmanaged: own.filter((object) => isBesides(object)).map(describeBesides),
  };
}

// SQLite's own tables, and those that Cloudflare keeps in each database of its own.
function isReserved(name: string): boolean {
  return /^(?:sqlite_|_cf_)/i.test(name);
}

function isTable({ type, tableType }: SchemaObject): boolean {
  return type === 'table' && tableType === 'table';
}

function isBesides(object: SchemaObject): boolean {
  return object.type === 'view' || (object.type === 'table' && !isTable(object));
}

function describeBesides({ type, tableType, name, sql }: SchemaObject): UnmanagedObject {
  return { kind: type === 'view' ? 'view' : `${tableType ?? 'unknown'} table`, name, sql };
}

function readTable({ name, sql }: SchemaObject, objects: readonly SchemaObject[]): DatabaseTable {
  const textsOf = (type: string) =>
    objects.flatMap((object) =>
      object.type === type && sameName(object.table, name) && object.sql !== null ? [object.sql] : [],
    );
  return { ...parseTable(sql ?? ''), name, indexes: textsOf('index').map(parseIndex), triggers: textsOf('trigger') };
}

// A foreign key that names no columns refers to the primary key. Names mean the same in any case, and are told as they are.
function nameReferences(tables: readonly DatabaseTable[]): readonly DatabaseTable[] {
  return tables.map((table) => ({
    ...table,
    indexes: table.indexes.map((index) => ({
      ...index,
      parts: index.parts.map((part) => ({ ...part, column: part.column && columnName(table.columns, part.column) })),
    })),
    foreignKeys: table.foreignKeys.map((key) => {
      const target = tables.find(({ name }) => sameName(name, key.referencedTable));
      if (target === undefined) return key;
      const columns = key.referencedColumns.map((name) => columnName(target.columns, name));
      return {
        ...key,
        referencedTable: target.name,
        referencedColumns: columns.length > 0 ? columns : (target.primaryKey?.columns ?? []),
      };
    }),
  }));
}

function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
