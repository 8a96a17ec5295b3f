import type {
  DatabaseAction,
  DatabaseCheck,
  DatabaseColumn,
  DatabaseForeignKey,
  Deferral,
} from '../schema/database-model.ts';

type Quote = (identifier: string) => string;

/** A foreign key, of a schema or of a database; only the latter says when it is checked. */
type ForeignKey = Omit<DatabaseForeignKey, 'deferral'> & { readonly deferral?: Deferral };

/** The names of columns in quotes, with commas between them. */
export function columnList(quote: Quote, columns: readonly string[]): string {
  return columns.map(quote).join(', ');
}

/** A foreign key as a constraint of a table, or of its one column, in the words that all engines share. */
export function foreignKeyText(quote: Quote, key: ForeignKey, of: 'table' | 'column' = 'table'): string {
  const { name, columns, referencedTable, referencedColumns, onDelete, onUpdate, deferral = 'immediate' } = key;
  const references = `REFERENCES ${quote(referencedTable)} (${columnList(quote, referencedColumns)})`;
  const action = (event: 'DELETE' | 'UPDATE', taken: DatabaseAction) =>
    taken === 'no action' ? '' : ` ON ${event} ${taken.toUpperCase()}`;
  const own = of === 'column' ? '' : `FOREIGN KEY (${columnList(quote, columns)}) `;
  return `${constraintName(quote, name)}${own}${references}${action('DELETE', onDelete)}${action('UPDATE', onUpdate)}${deferralText(deferral)}`;
}

/** The beginning of a constraint that has a name. */
export function constraintName(quote: Quote, name: string | null): string {
  return name === null ? '' : `CONSTRAINT ${quote(name)} `;
}

/** The end of a constraint that is not checked with each statement. */
export function deferralText(deferral: Deferral): string {
  if (deferral === 'immediate') return '';
  return deferral === 'deferred' ? ' DEFERRABLE INITIALLY DEFERRED' : ' DEFERRABLE';
}

/** A CHECK constraint of a table, in the words that all engines share. */
export function checkText(quote: Quote, { name, expression }: DatabaseCheck): string {
  return `${constraintName(quote, name)}CHECK (${expression})`;
}

/** What a computed column says of itself, in the words that all engines share. */
export function computedText({ expression, stored }: NonNullable<DatabaseColumn['computed']>): string {
  return `GENERATED ALWAYS AS (${expression}) ${stored ? 'STORED' : 'VIRTUAL'}`;
}
