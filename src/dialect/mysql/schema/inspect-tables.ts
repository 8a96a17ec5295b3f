import type { RunStatement } from '../../../compiler/schema-dialect.ts';
import { ConfigurationError } from '../../../errors.ts';
import type { DatabaseModel, UnmanagedObject } from '../../../schema/database-model.ts';
import { byName } from '../../by-name.ts';
import { quote } from '../quote.ts';
import { type ParsedTable, parseTable } from './parse-table.ts';

/** Reads the tables of the database that the session is in, and names what it has besides. */
export async function inspectDatabase(run: RunStatement): Promise<DatabaseModel> {
  const read = await createTableReader(run);
  const found = await run(
    'SELECT TABLE_NAME, TABLE_TYPE, CREATE_OPTIONS FROM information_schema.TABLES ' +
      "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE NOT LIKE 'TEMPORARY%'",
  );
  const triggers = await readTriggers(run);
  const tables: ParsedTable[] = [];
  const unmanaged: UnmanagedObject[] = [];
  for (const [name, type, options] of found.map((row) => row.map(String))) {
    const kind = kindOf(type ?? '', options ?? '');
    if (name === undefined) continue;
    if (kind === null) tables.push(await read(name, triggers.get(name) ?? []));
    else unmanaged.push({ kind, name, sql: null });
  }
  return {
    tables: byName(tables.map(({ table }) => table)),
    unmanaged: byName([...unmanaged, ...tables.flatMap(({ unfit }) => unfit)]),
  };
}

function kindOf(type: string, options: string): string | null {
  if (type !== 'BASE TABLE') return type.toLowerCase();
  return /\bpartitioned\b/i.test(options) ? 'partitioned table' : null;
}

/** Reads one table; its name need not be the one that it is known by. */
export type ReadTable = (name: string, triggers: readonly string[]) => Promise<ParsedTable>;

/** Asks what the texts of the server depend on. Throws `configuration` for a session whose texts would be others. */
export async function createTableReader(run: RunStatement): Promise<ReadTable> {
  const [[mode, quoted] = []] = await run('SELECT @@SESSION.sql_mode, @@SESSION.sql_quote_show_create');
  if (/ANSI_QUOTES|NO_BACKSLASH_ESCAPES/.test(String(mode)) || Number(quoted) !== 1) {
    throw new ConfigurationError(
      `The tables of the database cannot be read with the sql_mode '${mode}' and sql_quote_show_create ${quoted}; take ANSI_QUOTES and NO_BACKSLASH_ESCAPES out of it, and leave names quoted.`,
    );
  }
  const defaults = await run(
    "SELECT CHARACTER_SET_NAME, COLLATION_NAME FROM information_schema.COLLATIONS WHERE IS_DEFAULT = 'Yes'",
  );
  const collations = new Map(defaults.map(([charset, collation]) => [String(charset), String(collation)]));
  return async (name, triggers) => {
    const [[, sql] = []] = await run(`SHOW CREATE TABLE ${quote(name)}`);
    return parseTable(name, String(sql), collations, triggers);
  };
}

async function readTriggers(run: RunStatement): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await run(
    'SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT FROM information_schema.TRIGGERS ' +
      'WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER',
  );
  const found = new Map<string, string[]>();
  for (const [table = '', name = '', timing = '', event = '', statement = ''] of rows.map((row) => row.map(String))) {
    const text = `CREATE TRIGGER ${quote(name)} ${timing} ${event} ON ${quote(table)} FOR EACH ROW ${statement}`;
    found.set(table, [...(found.get(table) ?? []), text]);
  }
  return found;
}
