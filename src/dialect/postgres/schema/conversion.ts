import type { DatabaseColumn } from '../../../schema/database-model.ts';
import { quote } from '../quote.ts';
import { type ColumnFamily, familyOf } from './column-family.ts';
import { misfitOf } from './misfit.ts';

/** What becomes of the values of a column that gets another type. */
export interface Conversion {
  /** The new value over the column; null where the server converts by itself. */
  readonly using: string | null;
  /** The condition that holds for the values that would be changed by it, or refused; null where there are none. */
  readonly misfit: string | null;
}

/** How the values of a column become those of what it is to be. */
export function convert(before: DatabaseColumn, after: DatabaseColumn): Conversion {
  const column = quote(before.name);
  if (before.type === after.type || after.computed !== null) return { using: null, misfit: null };
  const from = familyOf(before.type);
  const to = familyOf(after.type);
  const condition = misfitOf(column, from, to);
  const misfit = condition === null ? null : `${column} IS NOT NULL AND (${condition})`;
  const using = special(column, from, to, after.type);
  if (using !== null) return { using, misfit };
  return { using: misfit === null && convertsItself(from, to) ? null : `${column}::${after.type}`, misfit };
}

const NUMBERS: ReadonlySet<string> = new Set(['integer', 'numeric', 'float']);

function convertsItself(from: ColumnFamily, to: ColumnFamily): boolean {
  if (to.family === 'text' || (from.family === to.family && to.family !== 'other')) return true;
  return NUMBERS.has(from.family) && NUMBERS.has(to.family);
}

// What has no cast, or one that depends on the time zone of the session. Instants without a zone are of UTC.
function special(column: string, from: ColumnFamily, to: ColumnFamily, type: string): string | null {
  switch (`${from.family} ${to.family}`) {
    case 'integer boolean':
    case 'numeric boolean':
    case 'float boolean':
      return `${column} <> 0`;
    case 'boolean integer':
    case 'boolean numeric':
    case 'boolean float':
      return `${column}::integer::${type}`;
    case 'timestamp timestamptz':
    case 'timestamptz timestamp':
      return `${column} AT TIME ZONE 'UTC'`;
    case 'date timestamptz':
      return `${column}::timestamp AT TIME ZONE 'UTC'`;
    case 'timestamptz date':
      return `(${column} AT TIME ZONE 'UTC')::date`;
    case 'text timestamptz':
      return `CASE WHEN ${column} ~ '[ T].*(Z|[+-][0-9:]+)$' THEN ${column}::timestamptz ELSE ${column}::timestamp AT TIME ZONE 'UTC' END`;
    default:
      return null;
  }
}
