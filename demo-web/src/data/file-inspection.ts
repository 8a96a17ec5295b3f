import { createPersistence, identifier, type Persistence, PersistenceError, sql } from 'meshestra';
import { memory, type SqljsDriver, sqljs } from 'meshestra/sqljs';
import type { Library } from './library.ts';

/** A file opened on its own, in memory. Closing it is up to who holds it. */
export type OpenFile = Persistence<SqljsDriver>;

/** What a chosen file turned out to be. */
export type Inspection =
  /** A library of this app: it may replace the data. */
  | { readonly kind: 'library'; readonly counts: ReadonlyMap<string, number> }
  /** Some other SQLite database: it can be looked at. */
  | { readonly kind: 'foreign'; readonly file: OpenFile }
  /** Not a sound SQLite database. */
  | { readonly kind: 'corrupt'; readonly reason: string };

interface TableColumn {
  readonly table: string;
  readonly column: string;
}

/** Opens a file aside, checks that it is sound, and tells what it is. The library is not touched. */
export async function inspectFile(library: Library, bytes: Uint8Array): Promise<Inspection> {
  let file: OpenFile | null = null;
  try {
    file = await createPersistence({
      driver: sqljs({
        storage: memory(),
        file: bytes,
        wasm: new URL('sql-wasm.wasm', document.baseURI).href,
        worker: () => new Worker('database-worker.js', { type: 'module', name: 'file' }),
      }),
      entities: [],
    });
    const check = await file.em().execute(sql`PRAGMA integrity_check`);
    const verdict = check.rows.map(([line]) => String(line)).join('\n');
    if (verdict !== 'ok') throw new PersistenceError('storage-corrupt', verdict);
    if (!(await hasLibrarySchema(library, file))) return { kind: 'foreign', file };
    const counts = await countRows(file, await libraryTables(library));
    await file.close();
    return { kind: 'library', counts };
  } catch (error) {
    await file?.close();
    return { kind: 'corrupt', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function columnsOf(db: Persistence): Promise<readonly TableColumn[]> {
  const { rows } = await db.em().execute(sql`
    SELECT t.name, c.name || ' ' || upper(c.type) || ' ' || c."notnull" || ' ' || c.pk
    FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`);
  return rows.map(([table, column]) => ({ table: String(table), column: String(column) }));
}

// The same tables with the same columns, of the same type and nullability; what else is in the file may stay.
async function hasLibrarySchema(library: Library, file: OpenFile): Promise<boolean> {
  const theirs = new Set((await columnsOf(file)).map(({ table, column }) => `${table} ${column}`));
  const ours = await columnsOf(library);
  return ours.every(({ table, column }) => theirs.has(`${table} ${column}`));
}

async function libraryTables(library: Library): Promise<readonly string[]> {
  return [...new Set((await columnsOf(library)).map(({ table }) => table))];
}

/** The number of rows of each table. */
export async function countRows(db: Persistence, tables: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const table of tables) {
    const { rows } = await db.em().execute(sql`SELECT count(*) FROM ${identifier(table)}`);
    counts.set(table, Number(rows[0]?.[0] ?? 0));
  }
  return counts;
}
