import type {
  DatabaseCheck,
  DatabaseColumn,
  DatabaseForeignKey,
  DatabasePrimaryKey,
  DatabaseTable,
  DatabaseUnique,
} from '../../../schema/database-model.ts';
import { parseForeignKey } from './parse-foreign-key.ts';
import { canonicalExpression, joinTokens } from './sql-tokens.ts';
import { TokenReader } from './token-reader.ts';

/** A table as its CREATE TABLE text tells it, without what is created besides. */
export type ParsedTable = Omit<DatabaseTable, 'indexes' | 'triggers'>;

/** A table while it is read. */
interface Draft {
  readonly columns: DatabaseColumn[];
  readonly uniques: DatabaseUnique[];
  readonly checks: DatabaseCheck[];
  readonly foreignKeys: DatabaseForeignKey[];
  primaryKey: DatabasePrimaryKey | null;
}

/** Reads the text of a CREATE TABLE as `sqlite_schema` keeps it. Throws `driver` for a text that is none. */
export function parseTable(sql: string): ParsedTable {
  const reader = new TokenReader(sql);
  reader.expect('CREATE', 'TABLE');
  reader.accepts('IF', 'NOT', 'EXISTS');
  let name = reader.name();
  if (reader.accepts('.')) name = reader.name();
  const draft: Draft = { columns: [], uniques: [], checks: [], foreignKeys: [], primaryKey: null };
  reader.expect('(');
  do {
    if (isConstraint(reader)) parseTableConstraint(reader, draft);
    else parseColumn(reader, draft);
  } while (reader.accepts(',') || isConstraint(reader));
  reader.expect(')');
  return finish(name, draft, parseOptions(reader));
}

function isConstraint(reader: TokenReader): boolean {
  return ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN'].includes(reader.word());
}

function parseOptions(reader: TokenReader): readonly string[] {
  const options: string[] = [];
  while (!reader.isAtEnd && !reader.sees(';')) {
    options.push(joinTokens(reader.part()).toUpperCase());
    reader.accepts(',');
  }
  return options;
}

function parseTableConstraint(reader: TokenReader, draft: Draft): void {
  const name = reader.accepts('CONSTRAINT') ? reader.name() : null;
  if (reader.accepts('PRIMARY', 'KEY')) {
    draft.primaryKey = { name, columns: reader.names(), ...parseConflict(reader) };
  } else if (reader.accepts('UNIQUE')) {
    const columns = reader.names();
    draft.uniques.push({ name, columns, deferral: 'immediate', nullsEqual: false, ...parseConflict(reader) });
  } else if (reader.accepts('CHECK')) {
    draft.checks.push({ name, expression: reader.enclosed() });
    parseConflict(reader);
  } else {
    reader.expect('FOREIGN', 'KEY');
    draft.foreignKeys.push(parseForeignKey(reader, name, reader.names()));
  }
}

function parseConflict(reader: TokenReader): { onConflict?: string } {
  return reader.accepts('ON', 'CONFLICT') ? { onConflict: reader.next().text.toUpperCase() } : {};
}

const AFTER_TYPE = new Set(
  'CONSTRAINT PRIMARY NOT NULL UNIQUE CHECK DEFAULT COLLATE REFERENCES GENERATED AS DEFERRABLE INITIALLY'.split(' '),
);

type ColumnDraft = { -readonly [K in keyof DatabaseColumn]: DatabaseColumn[K] };

function parseColumn(reader: TokenReader, draft: Draft): void {
  const column: ColumnDraft = {
    name: reader.name(),
    type: parseType(reader),
    nullable: true,
    default: null,
    generated: null,
    computed: null,
    collation: null,
    onUpdate: null,
    comment: null,
  };
  while (!reader.isAtEnd && !reader.sees(',') && !reader.sees(')')) parseColumnConstraint(reader, column, draft);
  draft.columns.push(column);
}

/** A type in one form, however it was written: its words, and what is in parentheses behind the last. */
export function parseType(reader: TokenReader): string {
  const words: string[] = [];
  while (!reader.isAtEnd && !reader.sees(',') && !reader.sees(')') && !AFTER_TYPE.has(reader.word())) {
    words.push(reader.sees('(') ? joinTokens(reader.balanced()) : reader.next().text);
  }
  return words.join(' ').replaceAll(' (', '(');
}

function parseColumnConstraint(reader: TokenReader, column: ColumnDraft, draft: Draft): void {
  const name = reader.accepts('CONSTRAINT') ? reader.name() : null;
  if (reader.accepts('NOT', 'NULL')) {
    column.nullable = false;
    Object.assign(column, parseConflict(reader));
  } else if (reader.accepts('NULL')) column.nullable = true;
  else if (reader.accepts('DEFAULT')) column.default = parseDefault(reader);
  else if (reader.accepts('COLLATE')) column.collation = reader.name();
  else if (reader.accepts('GENERATED', 'ALWAYS', 'AS') || reader.accepts('AS')) parseComputed(reader, column);
  else parseColumnKey(reader, name, column, draft);
}

function parseColumnKey(reader: TokenReader, name: string | null, column: ColumnDraft, draft: Draft): void {
  const columns = [column.name];
  if (reader.accepts('PRIMARY', 'KEY')) {
    const isDescending = reader.accepts('DESC');
    reader.accepts('ASC');
    draft.primaryKey = { name, columns, ...parseConflict(reader) };
    // By a quirk of SQLite `INTEGER PRIMARY KEY DESC` is not the rowid (https://www.sqlite.org/lang_createtable.html).
    if (reader.accepts('AUTOINCREMENT')) column.generated = 'auto-increment';
    else if (isDescending) column.type = column.type === 'INTEGER' ? 'INT' : column.type;
  } else if (reader.accepts('UNIQUE')) {
    draft.uniques.push({ name, columns, deferral: 'immediate', nullsEqual: false, ...parseConflict(reader) });
  } else if (reader.accepts('CHECK')) {
    draft.checks.push({ name, expression: reader.enclosed() });
    parseConflict(reader);
  } else draft.foreignKeys.push(parseForeignKey(reader, name, columns));
}

// A constant may have a sign and no parentheses; `DEFAULT (x)` and `DEFAULT x` are the same.
function parseDefault(reader: TokenReader): string {
  if (reader.sees('(')) return reader.enclosed();
  const sign = reader.accepts('-') ? '-' : '';
  if (sign === '') reader.accepts('+');
  return `${sign === '' ? '' : '- '}${canonicalExpression(reader.next().text)}`;
}

function parseComputed(reader: TokenReader, column: ColumnDraft): void {
  const expression = reader.enclosed();
  const stored = reader.accepts('STORED');
  if (!stored) reader.accepts('VIRTUAL');
  column.computed = { expression, stored };
}

/** The name of a column as its declaration has it: names mean the same in any case. */
export function columnName(columns: readonly { readonly name: string }[], name: string): string {
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.name ?? name;
}

function finish(name: string, { columns, ...draft }: Draft, options: readonly string[]): ParsedTable {
  const named = <T extends { readonly columns: readonly string[] }>(part: T): T => ({
    ...part,
    columns: part.columns.map((column) => columnName(columns, column)),
  });
  const rest = {
    primaryKey: draft.primaryKey && named(draft.primaryKey),
    uniques: draft.uniques.map(named),
    checks: draft.checks,
    foreignKeys: draft.foreignKeys.map(named),
  };
  const [key, ...more] = rest.primaryKey?.columns ?? [];
  const isRowid = (column: DatabaseColumn) =>
    column.name === key &&
    more.length === 0 &&
    column.type.toUpperCase() === 'INTEGER' &&
    !options.includes('WITHOUT ROWID');
  return {
    name,
    // The rowid is never NULL, whatever the column says.
    columns: columns.map((column) =>
      isRowid(column) ? { ...column, nullable: false, generated: column.generated ?? 'rowid' } : column,
    ),
    ...rest,
    comment: null,
    options,
  };
}
