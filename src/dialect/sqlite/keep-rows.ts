import type { KeptRebuild } from '../../compiler/ledger-dialect.ts';
import type { RunStatement } from '../../compiler/schema-dialect.ts';
import { UnsupportedByDriverError } from '../../errors.ts';
import type { DatabaseForeignKey, DatabaseTable } from '../../schema/database-model.ts';
import type { TableRebuild } from '../../schema/migration-step.ts';
import { quote, textLiteral } from './quote.ts';
import { inspectTables } from './schema/inspect-tables.ts';
import { parseTable } from './schema/parse-table.ts';

const NAME = String.raw`("(?:[^"]|"")*"|\[[^\]]*\]|\`(?:[^\`]|\`\`)*\`|[^\s(;."]+)`;
const CREATE_TABLE = new RegExp(String.raw`^\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?${NAME}\s*\(`, 'i');
const DROP_TABLE = new RegExp(String.raw`^\s*DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?${NAME}`, 'i');
const ALTER_TABLE = new RegExp(String.raw`^\s*ALTER\s+TABLE\s+${NAME}(?:\s+RENAME\s+TO\s+${NAME})?`, 'i');
const REFERENCES = new RegExp(String.raw`\bREFERENCES\s+${NAME}`, 'gi');
const CREATE_TRIGGER = new RegExp(String.raw`^\s*CREATE\s+TRIGGER\s+(?:IF\s+NOT\s+EXISTS\s+)?${NAME}`, 'i');
const TRIGGER_ON = new RegExp(String.raw`\bON\s+${NAME}`, 'i');

/** A table as it will be when the rebuild runs. */
interface ExpectedTable {
  readonly table: DatabaseTable;
  /** Whether a step changes it in a way that its text does not tell, so that its columns are not known by name. */
  readonly isVague: boolean;
}

type ExpectedTables = Map<string, ExpectedTable>;

/**
 * A rebuild where foreign keys stay on, as on D1 and in Durable Objects: DROP TABLE deletes the rows of the table, and so
 * whatever refers to them by CASCADE. So the rows of every table that refers to it, directly or by others, are put aside
 * before and come back after it, with their triggers out of the way, in the same transaction. Foreign keys are checked at its
 * end; until then RESTRICT waits, too (https://www.sqlite.org/pragma.html#pragma_defer_foreign_keys).
 */
export async function keepRows(
  { rebuild, statements }: TableRebuild,
  before: readonly string[],
  run: RunStatement,
): Promise<KeptRebuild> {
  const place = statements.findIndex((sql) => nameIn(DROP_TABLE, sql) === key(rebuild));
  if (place < 0) return { statements, dangling: null };
  const first = statements.slice(0, place);
  const rest = statements.slice(place + 1);
  const tables = expectTables((await inspectTables(run)).tables, [...before, ...first]);
  const descendants = descendantsOf(rebuild, tables);
  const kept = descendants.map((one, index) => keeping(one, index, rest));
  return {
    statements: [
      'PRAGMA defer_foreign_keys = ON',
      ...first,
      ...kept.flatMap(({ aside }) => aside),
      ...kept.flatMap(({ empty }) => empty),
      statements[place] ?? '',
      ...rest,
      ...kept.flatMap(({ back }) => back),
      ...kept.flatMap(({ end }) => end),
    ],
    dangling: danglingIn([rebuild, ...kept.map(({ name }) => name)]),
  };
}

/** A SELECT of the tables whose rows refer to nothing, and of what they refer to. */
function danglingIn(tables: readonly string[]): string {
  const list = textLiteral(JSON.stringify([...new Set(tables)]));
  return `SELECT DISTINCT f."table", f."parent" FROM json_each(${list}) AS j JOIN pragma_foreign_key_check(j."value") AS f`;
}

function key(name: string): string {
  return name.toLowerCase();
}

/** The name that a pattern finds, without its quotes, in lower case. */
function nameIn(pattern: RegExp, sql: string, group = 1): string | null {
  const found = pattern.exec(sql)?.[group];
  return found === undefined ? null : key(unquoted(found));
}

function unquoted(name: string): string {
  if (name.startsWith('[')) return name.slice(1, -1);
  const sign = name[0] ?? '';
  return sign === '"' || sign === '`' ? name.slice(1, -1).replaceAll(sign + sign, sign) : name;
}

/** The tables as the statements before the rebuild leave them. */
function expectTables(tables: readonly DatabaseTable[], statements: readonly string[]): ExpectedTables {
  const expected: ExpectedTables = new Map(tables.map((table) => [key(table.name), { table, isVague: false }]));
  for (const sql of statements) {
    const created = nameIn(CREATE_TABLE, sql);
    if (created !== null) {
      const name = unquoted(CREATE_TABLE.exec(sql)?.[1] ?? '');
      const table: DatabaseTable = { ...parseTable(sql), name, indexes: [], triggers: [] };
      expected.set(created, { table, isVague: false });
      continue;
    }
    const dropped = nameIn(DROP_TABLE, sql);
    if (dropped !== null) expected.delete(dropped);
    expectAltered(expected, sql);
    expectTrigger(expected, sql);
  }
  return expected;
}

function expectAltered(expected: ExpectedTables, sql: string): void {
  const altered = nameIn(ALTER_TABLE, sql);
  const known = altered === null ? undefined : expected.get(altered);
  if (altered === null || known === undefined) return;
  const renamed = ALTER_TABLE.exec(sql)?.[2];
  const foreignKeys = [...known.table.foreignKeys, ...addedKeys(sql)];
  expected.set(altered, { table: { ...known.table, foreignKeys }, isVague: true });
  if (renamed === undefined) return;
  expected.delete(altered);
  const name = unquoted(renamed);
  expected.set(key(name), { ...known, table: { ...known.table, name } });
  for (const [each, one] of expected) {
    const foreignKeys = one.table.foreignKeys.map((foreign) =>
      key(foreign.referencedTable) === altered ? { ...foreign, referencedTable: name } : foreign,
    );
    expected.set(each, { ...one, table: { ...one.table, foreignKeys } });
  }
}

// What ADD COLUMN says; a word in a text is taken for one as well, so that rows are kept which need not be.
function addedKeys(sql: string): readonly DatabaseForeignKey[] {
  return Array.from(sql.matchAll(REFERENCES), ([, name = '']) => ({
    name: null,
    columns: [],
    referencedTable: unquoted(name),
    referencedColumns: [],
    onDelete: 'no action',
    onUpdate: 'no action',
    deferral: 'immediate',
  }));
}

function expectTrigger(expected: ExpectedTables, sql: string): void {
  if (!CREATE_TRIGGER.test(sql)) return;
  const on = nameIn(TRIGGER_ON, sql.replace(CREATE_TRIGGER, ''));
  const known = on === null ? undefined : expected.get(on);
  if (on === null || known === undefined) return;
  const name = nameIn(CREATE_TRIGGER, sql);
  const others = known.table.triggers.filter((trigger) => nameIn(CREATE_TRIGGER, trigger) !== name);
  expected.set(on, { ...known, table: { ...known.table, triggers: [...others, sql] } });
}

/** Every other table that refers to one, directly or by others. */
function descendantsOf(name: string, tables: ExpectedTables): readonly ExpectedTable[] {
  const found = new Map<string, ExpectedTable>();
  const parents = [key(name)];
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    for (const [child, one] of tables) {
      const refers = one.table.foreignKeys.some(({ referencedTable }) => key(referencedTable) === parent);
      if (!refers || child === key(name) || found.has(child)) continue;
      found.set(child, one);
      parents.push(child);
    }
  }
  return [...found.values()];
}

/** The statements that put the rows of a table aside and bring them back; `rest` may give it another name meanwhile. */
function keeping({ table, isVague }: ExpectedTable, index: number, rest: readonly string[]) {
  const computed = table.columns.some((column) => column.computed !== null);
  if (isVague && computed) {
    throw new UnsupportedByDriverError(
      `the rows of ${table.name} cannot be kept while a table that it refers to is built anew: it has computed columns, and a step before changes it; make two migrations of them`,
    );
  }
  const own = table.columns.filter((column) => column.computed === null).map((column) => quote(column.name));
  const columns = isVague ? '*' : own.join(', ');
  const aside = quote(`__meshestra_aside_${index}`);
  const renaming = rest.find((sql) => nameIn(ALTER_TABLE, sql) === key(table.name) && ALTER_TABLE.exec(sql)?.[2]);
  const after = renaming === undefined ? table.name : unquoted(ALTER_TABLE.exec(renaming)?.[2] ?? '');
  const target = isVague ? quote(after) : `${quote(after)} (${columns})`;
  return {
    name: after,
    aside: [
      ...table.triggers.map((sql) => `DROP TRIGGER ${CREATE_TRIGGER.exec(sql)?.[1] ?? ''}`),
      `CREATE TABLE ${aside} AS SELECT ${columns} FROM ${quote(table.name)}`,
    ],
    empty: [`DELETE FROM ${quote(table.name)}`],
    back: [`INSERT INTO ${target} SELECT ${columns} FROM ${aside}`],
    end: [`DROP TABLE ${aside}`, ...table.triggers],
  };
}
