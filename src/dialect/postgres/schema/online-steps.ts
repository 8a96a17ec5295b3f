import type { DatabaseIndex } from '../../../schema/database-model.ts';
import type { MigrationStep } from '../../../schema/migration-step.ts';
import type { AlterTable, TableChange } from '../../../schema/schema-change.ts';
import { checkText, foreignKeyText } from '../../constraint-text.ts';
import { plainIndex } from '../../plain-index.ts';
import { quote } from '../quote.ts';
import { indexText } from './table-text.ts';

/** A table's changes, without those that are made while others write to it, and the steps of the latter. */
export interface OnlineSplit {
  readonly rest: AlterTable;
  /** Unique indexes, which foreign keys may stand on, in steps of their own. */
  readonly uniques: readonly MigrationStep[];
  /** Checks and foreign keys, first without, then with a look at the rows that are there, and indexes. */
  readonly others: readonly MigrationStep[];
}

/**
 * Splits off what PostgreSQL can add without a lock that keeps writers away for as long as it reads the table: indexes
 * CONCURRENTLY (https://www.postgresql.org/docs/current/sql-createindex.html), and constraints NOT VALID, validated afterwards
 * (https://www.postgresql.org/docs/current/sql-altertable.html).
 */
export function splitOnline(alter: AlterTable): OnlineSplit {
  const { name } = alter.after;
  const table = (action: string) => `ALTER TABLE ${quote(name)} ${action}`;
  const concurrently = (index: DatabaseIndex) => indexText(quote(name), index, 'CONCURRENTLY');
  const uniques: MigrationStep[] = [];
  const [added, validated, indexes]: [MigrationStep[], MigrationStep[], MigrationStep[]] = [[], [], []];
  const addUnvalidated = (constraint: string, text: string) => {
    added.push(table(`ADD ${text} NOT VALID`));
    validated.push({ outside: table(`VALIDATE CONSTRAINT ${quote(constraint)}`) });
  };
  const rest = alter.changes.filter((change: TableChange) => {
    if (change.kind === 'add-unique' && isPlain(change.unique)) {
      const constraint = quote(change.unique.name ?? '');
      const index = { ...plainIndex(change.unique.name ?? '', change.unique.columns), unique: true };
      uniques.push(
        { outside: concurrently(index) },
        table(`ADD CONSTRAINT ${constraint} UNIQUE USING INDEX ${constraint}`),
      );
    } else if (change.kind === 'add-index') indexes.push({ outside: concurrently(change.index) });
    else if (change.kind === 'add-check' && change.check.name !== null) {
      addUnvalidated(change.check.name, checkText(quote, change.check));
    } else if (change.kind === 'add-foreign-key' && change.foreignKey.name !== null) {
      addUnvalidated(change.foreignKey.name, foreignKeyText(quote, change.foreignKey));
    } else return true;
    return false;
  });
  return { rest: { ...alter, changes: rest }, uniques, others: [...added, ...validated, ...indexes] };
}

function isPlain({ name, deferral, nullsEqual }: (TableChange & { kind: 'add-unique' })['unique']): boolean {
  return name !== null && deferral === 'immediate' && !nullsEqual;
}
