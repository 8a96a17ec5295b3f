import type { PagedFile } from '../vfs/paged-file.ts';
import type { DatabaseHost, HostOptions } from './database-host.ts';
import { ExportingHost } from './exporting-host.ts';
import { HookedHost } from './hooked-host.ts';
import type { LoadedSqlJs } from './load-sql-js.ts';

/** Opens the file the best way this sql.js allows. */
export function openHost(sqlJs: LoadedSqlJs, file: PagedFile, options: HostOptions): DatabaseHost {
  if (sqlJs.vfs === undefined) return new ExportingHost(sqlJs, file, options);
  return new HookedHost(sqlJs, sqlJs.vfs, file, options);
}
