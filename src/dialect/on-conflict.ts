import type { UpsertClause } from '../ast/write-node.ts';

/** `ON CONFLICT ("a") DO UPDATE SET "b" = excluded."b"`, as SQLite and PostgreSQL have it. */
export function onConflict(quote: (name: string) => string, table: string, clause: UpsertClause): string {
  const { by, update, counter } = clause;
  const sets = update.map((name) => `${quote(name)} = excluded.${quote(name)}`);
  if (counter !== null) sets.push(`${quote(counter)} = ${quote(table)}.${quote(counter)} + 1`);
  const action = sets.length === 0 ? 'NOTHING' : `UPDATE SET ${sets.join(', ')}`;
  return `ON CONFLICT (${by.map(quote).join(', ')}) DO ${action}`;
}
