import type { ForeignKeyModel, ReferentialAction } from '../schema/schema-model.ts';

type Quote = (identifier: string) => string;

/** The names of columns in quotes, with commas between them. */
export function columnList(quote: Quote, columns: readonly string[]): string {
  return columns.map(quote).join(', ');
}

/** A foreign key as a constraint of a table, in the words that all engines share. */
export function foreignKeyText(quote: Quote, key: ForeignKeyModel): string {
  const { name, columns, referencedTable, referencedColumns, onDelete, onUpdate } = key;
  const references = `REFERENCES ${quote(referencedTable)} (${columnList(quote, referencedColumns)})`;
  const action = (event: 'DELETE' | 'UPDATE', taken: ReferentialAction) =>
    taken === 'no action' ? '' : ` ON ${event} ${taken.toUpperCase()}`;
  return `CONSTRAINT ${quote(name)} FOREIGN KEY (${columnList(quote, columns)}) ${references}${action('DELETE', onDelete)}${action('UPDATE', onUpdate)}`;
}
