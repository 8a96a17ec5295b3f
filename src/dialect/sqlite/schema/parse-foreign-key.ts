import type { DatabaseAction, DatabaseForeignKey, Deferral } from '../../../schema/database-model.ts';
import type { TokenReader } from './token-reader.ts';

/** Reads a foreign key from its REFERENCES on. Where no columns are named it refers to the key of the other table: none. */
export function parseForeignKey(
  reader: TokenReader,
  name: string | null,
  columns: readonly string[],
): DatabaseForeignKey {
  reader.expect('REFERENCES');
  const referencedTable = reader.name();
  const referencedColumns = reader.sees('(') ? reader.names() : [];
  const actions = { onDelete: 'no action', onUpdate: 'no action' } as {
    onDelete: DatabaseAction;
    onUpdate: DatabaseAction;
  };
  for (;;) {
    if (reader.accepts('ON', 'DELETE')) actions.onDelete = parseAction(reader);
    else if (reader.accepts('ON', 'UPDATE')) actions.onUpdate = parseAction(reader);
    else if (!reader.accepts('MATCH')) break;
    else reader.next();
  }
  return { name, columns, referencedTable, referencedColumns, ...actions, deferral: parseDeferral(reader) };
}

function parseAction(reader: TokenReader): DatabaseAction {
  if (reader.accepts('SET', 'NULL')) return 'set null';
  if (reader.accepts('SET', 'DEFAULT')) return 'set default';
  if (reader.accepts('CASCADE')) return 'cascade';
  if (reader.accepts('RESTRICT')) return 'restrict';
  reader.expect('NO', 'ACTION');
  return 'no action';
}

function parseDeferral(reader: TokenReader): Deferral {
  // A key that says INITIALLY DEFERRED without DEFERRABLE is checked at once (https://www.sqlite.org/foreignkeys.html, 4.2).
  const isDeferrable = !reader.accepts('NOT', 'DEFERRABLE') && reader.accepts('DEFERRABLE');
  const isLate = reader.accepts('INITIALLY') && reader.next().text.toUpperCase() === 'DEFERRED';
  if (!isDeferrable) return 'immediate';
  return isLate ? 'deferred' : 'deferrable';
}
