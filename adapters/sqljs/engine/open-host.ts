import type { PagedFile } from '../vfs/paged-file.ts';
import { type DatabaseHost, type HostOptions, pragmas } from './database-host.ts';
import { HookedHost } from './hooked-host.ts';
import type { LoadedSqlJs } from './load-sql-js.ts';
import { NativeDatabase } from './native-database.ts';

/** Opens the file the best way this sql.js allows. The way around a failed hook is loaded only where it is needed. */
export async function openHost(sqlJs: LoadedSqlJs, file: PagedFile, options: HostOptions): Promise<DatabaseHost> {
  if (sqlJs.vfs !== undefined) return new HookedHost(sqlJs, sqlJs.vfs, file, options);
  const { ExportingHost } = await import('./exporting-host.ts');
  const database = new NativeDatabase(sqlJs.module, sqlJs.heap, 0, options.statementCache);
  // Nobody but us changes the copy.
  return new ExportingHost(sqlJs, file, database, pragmas({ ...options, exclusive: true }));
}
