import type {
  DatabaseAction,
  DatabaseCheck,
  DatabaseForeignKey,
  DatabaseIndex,
  DatabaseIndexPart,
  DatabaseTable,
  DatabaseUnique,
  UnmanagedObject,
} from '../../../schema/database-model.ts';
import { byName } from '../../by-name.ts';
import { plainPart } from '../../plain-index.ts';
import { parseColumn } from './parse-column.ts';
import { readShowCreate, type ShowCreateReader, splitList } from './show-create-reader.ts';

/** A table, and the constraints on it that the model has no words for. */
export interface ParsedTable {
  readonly table: DatabaseTable;
  readonly unfit: readonly UnmanagedObject[];
}

/**
 * Reads the text of SHOW CREATE TABLE, the only place where either server says all of a table, of a temporary one too.
 *
 * @param collations - the default collation of each character set
 */
export function parseTable(
  name: string,
  sql: string,
  collations: ReadonlyMap<string, string>,
  triggers: readonly string[],
): ParsedTable {
  const reader = readShowCreate(sql);
  reader.match(/CREATE (?:TEMPORARY )?TABLE /);
  reader.name();
  const lines = splitList(reader.group());
  const { options, comment, collation } = parseOptions(reader, collations);
  const columns = lines.filter((line) => line.startsWith('`')).map((line) => parseColumn(line, collation, collations));
  const parts: Parts = { primaryKey: null, uniques: [], checks: [], foreignKeys: [], indexes: [], unfit: [] };
  for (const line of lines) if (!line.startsWith('`')) parseLine(line, parts);
  return {
    table: {
      name,
      columns: columns.map(({ column }) => column),
      primaryKey: parts.primaryKey,
      uniques: byName(parts.uniques),
      checks: byName([...parts.checks, ...columns.flatMap(({ checks }) => checks)]),
      foreignKeys: byName(parts.foreignKeys),
      indexes: byName(parts.indexes),
      comment,
      options,
      triggers,
    },
    unfit: parts.unfit.map((part) => ({ ...part, name: `${name}.${part.name}` })),
  };
}

interface Parts {
  primaryKey: DatabaseTable['primaryKey'];
  readonly uniques: DatabaseUnique[];
  readonly checks: DatabaseCheck[];
  readonly foreignKeys: DatabaseForeignKey[];
  readonly indexes: DatabaseIndex[];
  readonly unfit: UnmanagedObject[];
}

function parseLine(line: string, parts: Parts): void {
  const reader = readShowCreate(line);
  if (reader.take('PRIMARY KEY')) {
    parts.primaryKey = { name: null, columns: splitList(reader.group()).map((part) => readShowCreate(part).name()) };
  } else if (reader.take('CONSTRAINT')) {
    parseConstraint(line, reader, parts);
  } else {
    const kind = reader.match(/(UNIQUE|FULLTEXT|SPATIAL|VECTOR) /);
    reader.take('KEY');
    addIndex(parseIndex(kind, reader), parts);
  }
}

function parseConstraint(line: string, reader: ShowCreateReader, parts: Parts): void {
  const name = reader.name();
  const unfit = { kind: 'constraint', name, sql: line };
  if (reader.take('CHECK')) {
    const expression = reader.group();
    // Such as NOT ENFORCED.
    if (reader.atEnd()) parts.checks.push({ name, expression });
    else parts.unfit.push(unfit);
    return;
  }
  if (!reader.take('FOREIGN KEY')) return;
  const columns = namesIn(reader.group());
  reader.take('REFERENCES');
  const referencedTable = reader.name();
  if (reader.rest().startsWith('.')) parts.unfit.push(unfit);
  else {
    const referencedColumns = namesIn(reader.group());
    const onDelete = parseAction(reader, 'DELETE');
    const onUpdate = parseAction(reader, 'UPDATE');
    parts.foreignKeys.push({
      name,
      columns,
      referencedTable,
      referencedColumns,
      onDelete,
      onUpdate,
      deferral: 'immediate',
    });
  }
}

function namesIn(list: string): readonly string[] {
  return splitList(list).map((item) => readShowCreate(item).name());
}

const ACTIONS: ReadonlyMap<string, DatabaseAction> = new Map([
  ['CASCADE', 'cascade'],
  ['SET NULL', 'set null'],
  ['SET DEFAULT', 'set default'],
]);

// RESTRICT and NO ACTION are the same to InnoDB, and MariaDB writes neither.
function parseAction(reader: ShowCreateReader, event: string): DatabaseAction {
  return (
    ACTIONS.get(reader.match(new RegExp(`ON ${event} (CASCADE|SET NULL|SET DEFAULT|RESTRICT|NO ACTION)`)) ?? '') ??
    'no action'
  );
}

function parseIndex(kind: string | null, reader: ShowCreateReader): DatabaseIndex {
  const name = reader.name();
  const parts = splitList(reader.group()).map(parsePart);
  const using = reader.match(/USING (\w+)/);
  const options: string[] = [];
  while (!reader.atEnd()) {
    const word = reader.piece();
    options.push(/^COMMENT$/i.test(word) || /^WITH$/i.test(word) ? `${word} ${reader.rest()}` : word);
    if (options.at(-1) !== word) break;
  }
  const unique = kind === 'UNIQUE';
  const method = unique || kind === null ? (using === 'BTREE' ? null : using) : kind;
  return { name, unique, parts, where: null, method, include: [], options };
}

function parsePart(text: string): DatabaseIndexPart {
  const reader = readShowCreate(text);
  const isExpression = text.startsWith('(');
  const part = isExpression ? { ...plainPart(''), column: null, expression: reader.group() } : plainPart(reader.name());
  const prefix = !isExpression && reader.rest().startsWith('(') ? Number(reader.group()) : null;
  return { ...part, prefix, descending: reader.take('DESC') };
}

// A unique index over whole columns is a constraint, which has no other form here.
function addIndex(index: DatabaseIndex, parts: Parts): void {
  const columns = index.parts.flatMap(({ column, prefix, descending }) =>
    column === null || prefix !== null || descending ? [] : [column],
  );
  const isPlain = columns.length === index.parts.length && index.method === null && index.options.length === 0;
  if (index.unique && isPlain) {
    parts.uniques.push({ name: index.name, columns, deferral: 'immediate', nullsEqual: false });
  } else parts.indexes.push(index);
}

interface Options {
  readonly options: readonly string[];
  readonly comment: string | null;
  readonly collation: string;
}

function parseOptions(reader: ShowCreateReader, collations: ReadonlyMap<string, string>): Options {
  const options: string[] = [];
  let comment: string | null = null;
  let charset = '';
  let collation: string | null = null;
  while (!reader.atEnd()) {
    if (reader.take('DEFAULT CHARSET')) charset = reader.piece().replace(/^=/, '');
    else if (reader.take('COLLATE')) collation = reader.piece().replace(/^=/, '');
    else if (reader.match(/(COMMENT=)/) !== null) comment = reader.text();
    // How far the counting has come is no part of the schema.
    else if (reader.match(/(AUTO_INCREMENT=\d+)/) === null) options.push(reader.piece());
  }
  const of = collation ?? collations.get(charset) ?? '';
  const [engine, ...others] = options;
  const own = [`DEFAULT CHARSET=${charset}`, `COLLATE=${of}`];
  return { options: [...(engine === undefined ? [] : [engine]), ...own, ...others], comment, collation: of };
}
