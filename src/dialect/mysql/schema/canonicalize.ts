import type { RunStatement } from '../../../compiler/schema-dialect.ts';
import type { DatabaseIndex, DatabaseModel, DatabaseTable } from '../../../schema/database-model.ts';
import { byName } from '../../by-name.ts';
import { plainIndex } from '../../plain-index.ts';
import { quote } from '../quote.ts';
import { createTableReader, type ReadTable } from './inspect-tables.ts';
import { tableText } from './table-text.ts';

/** The temporary table that each one is created as: nothing that a server writes speaks of a table's own name. */
const SCRATCH = '__meshestra_scratch';

/**
 * The model as the server writes it back: each table is created as a temporary one, read, and dropped, which ends no
 * transaction. What a temporary table cannot have is taken over: foreign keys, triggers, and indexes of other kinds.
 */
export async function canonicalize(model: DatabaseModel, run: RunStatement): Promise<DatabaseModel> {
  const read = await createTableReader(run);
  const tables: DatabaseTable[] = [];
  for (const table of byName(model.tables)) tables.push(await canonicalTable(table, read, run));
  return { ...model, tables };
}

async function canonicalTable(given: DatabaseTable, read: ReadTable, run: RunStatement): Promise<DatabaseTable> {
  const indexes = given.indexes.filter((index) => !isOfAnotherKind(index));
  await run(`DROP TEMPORARY TABLE IF EXISTS ${quote(SCRATCH)}`);
  await run(tableText('CREATE TEMPORARY TABLE', { ...given, name: SCRATCH, indexes }, []));
  try {
    const { table } = await read(SCRATCH, given.triggers);
    return withKeyIndexes({
      ...table,
      name: given.name,
      foreignKeys: byName(given.foreignKeys),
      indexes: byName([...table.indexes, ...given.indexes.filter(isOfAnotherKind)]),
    });
  } finally {
    await run(`DROP TEMPORARY TABLE ${quote(SCRATCH)}`);
  }
}

// https://dev.mysql.com/doc/refman/8.4/en/innodb-temporary-table-info.html: full text, places and vectors.
function isOfAnotherKind({ method }: DatabaseIndex): boolean {
  return method === 'FULLTEXT' || method === 'SPATIAL' || method === 'VECTOR';
}

/** The server makes an index for a foreign key whose columns, in this order, begin no other one. */
function withKeyIndexes(table: DatabaseTable): DatabaseTable {
  const indexes = [...table.indexes];
  // The longest first, because what is made for one serves the others too.
  const foreignKeys = [...table.foreignKeys].sort((one, other) => other.columns.length - one.columns.length);
  for (const { name, columns } of foreignKeys) {
    const keys = [
      table.primaryKey?.columns ?? [],
      ...table.uniques.map((unique) => unique.columns),
      ...indexes.map(({ parts }) => parts.map(({ column, prefix }) => (prefix === null ? column : null))),
    ];
    const isServed = keys.some((key) => columns.every((column, place) => key[place] === column));
    if (!isServed && name !== null) indexes.push(plainIndex(name, columns));
  }
  return { ...table, indexes: byName(indexes) };
}
