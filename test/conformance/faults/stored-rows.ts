import type { Persistence } from '../../../src/index.ts';
import type { Connection, StatementExecutor, WireRow, WireValue } from '../../../src/port.ts';
import { deriveSchema } from '../../../src/schema/derive-schema.ts';
import type { ForeignKeyModel, SchemaModel, TableModel } from '../../../src/schema/schema-model.ts';

type Row = ReadonlyMap<string, WireValue>;

/** What a database holds, read and emptied past the ORM. */
export interface StoredRows {
  /**
   * Every row as text, sorted. Keys that the database made up are left out and foreign keys stand for what they refer to,
   * because an engine does not hand a key out again that was taken back.
   */
  read(): Promise<readonly string[]>;
  /** Deletes every row. */
  empty(): Promise<void>;
}

/** Reads and empties the tables of a persistence object through a connection of its own. */
export function storedRows(db: Persistence, connection: Connection): StoredRows {
  const schema = deriveSchema(db.registry);
  const quote = (name: string) => db.dialect.quote(name);
  const run = async (sql: string) => connection.execute({ sql, params: [] });
  return {
    async read() {
      const all = new Map<string, Row[]>();
      for (const { name, columns } of schema.tables) {
        const names = columns.map((column) => column.name);
        const { rows } = await run(`SELECT ${names.map(quote).join(', ')} FROM ${quote(name)}`);
        all.set(
          name,
          rows.map((row: WireRow) => new Map(names.map((column, place) => [column, row[place] ?? null]))),
        );
      }
      return describeAll(schema, all);
    },
    async empty() {
      // Each statement of its own would wait for the disk.
      if (connection.transact === undefined) await emptyAll(connection);
      else await connection.transact(emptyAll);
    },
  };

  async function emptyAll(executor: StatementExecutor): Promise<void> {
    for (const { name, foreignKeys, columns } of schema.tables) {
      const nullable = new Set(columns.filter((column) => column.nullable).map((column) => column.name));
      const open = foreignKeys.flatMap((key) => key.columns.filter((column) => nullable.has(column)));
      if (open.length === 0) continue;
      const values = open.map((column) => `${quote(column)} = NULL`).join(', ');
      await executor.execute({ sql: `UPDATE ${quote(name)} SET ${values}`, params: [] });
    }
    for (const name of referringFirst(schema)) {
      await executor.execute({ sql: `DELETE FROM ${quote(name)}`, params: [] });
    }
  }
}

/** The tables such that each comes before those that its rows have to refer to. */
function referringFirst({ tables }: SchemaModel): string[] {
  const rest = new Map(tables.map((table) => [table.name, table]));
  const order: string[] = [];
  while (rest.size > 0) {
    const needed = new Set([...rest.values()].flatMap(neededBy));
    const free = [...rest.keys()].filter((name) => !needed.has(name));
    if (free.length === 0) throw new Error('tables that need each other');
    for (const name of free) rest.delete(name);
    order.push(...free);
  }
  return order;
}

function neededBy({ name, columns, foreignKeys }: TableModel): string[] {
  const nullable = new Set(columns.filter((column) => column.nullable).map((column) => column.name));
  return foreignKeys
    .filter((key) => key.referencedTable !== name && !key.columns.some((column) => nullable.has(column)))
    .map((key) => key.referencedTable);
}

function describeAll({ tables }: SchemaModel, all: ReadonlyMap<string, readonly Row[]>): string[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  // A row is named by its own values and by what its key refers to.
  const name = (table: TableModel, row: Row): string => {
    const own = table.columns.filter(
      (column) => !column.generated && !table.foreignKeys.some((key) => key.columns.includes(column.name)),
    );
    const inKey = table.foreignKeys.filter((key) => key.columns.every((column) => table.primaryKey.includes(column)));
    const values = own.map((column) => `${column.name}=${text(row.get(column.name))}`);
    return `${table.name}(${[...values, ...inKey.map((key) => referredTo(key, row))].join(', ')})`;
  };
  const referredTo = ({ columns, referencedTable, referencedColumns }: ForeignKeyModel, row: Row): string => {
    const wanted = columns.map((column) => text(row.get(column)));
    if (wanted.includes('null')) return `${columns.join()}: null`;
    const target = byName.get(referencedTable);
    const found = all
      .get(referencedTable)
      ?.find((other) => referencedColumns.every((column, place) => text(other.get(column)) === wanted[place]));
    if (target === undefined || found === undefined) return `${columns.join()}: missing`;
    return `${columns.join()}: ${name(target, found)}`;
  };
  return tables.flatMap((table) =>
    (all.get(table.name) ?? [])
      .map((row) => [name(table, row), ...table.foreignKeys.map((key) => referredTo(key, row))].join(' -> '))
      .sort(),
  );
}

function text(value: WireValue | undefined): string {
  return value instanceof Uint8Array ? [...value].join() : String(value);
}
