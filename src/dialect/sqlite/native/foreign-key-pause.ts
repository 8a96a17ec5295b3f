import { ForeignKeyViolationError } from '../../../errors.ts';
import type { MaybePromise } from '../../../wire/maybe-promise.ts';
import type { WireRow } from '../../../wire/wire-value.ts';

/** Runs a pragma and gives its rows. */
type RunPragma = (sql: string) => readonly WireRow[];

/**
 * Has `transact` run a transaction with foreign keys off. SQLite ignores the pragma inside of a transaction
 * (https://www.sqlite.org/pragma.html#pragma_foreign_keys), so it is made before BEGIN, and taken back whatever happened.
 * Throws `foreign-key-violation` before COMMIT for rows that refer to nothing, and did not do so before.
 */
export async function pauseForeignKeys<X, R, T>(
  run: RunPragma,
  work: (tx: X) => MaybePromise<R>,
  transact: (checked: (tx: X) => Promise<R>) => MaybePromise<T>,
): Promise<T> {
  const wereOn = Number(run('PRAGMA foreign_keys')[0]?.[0]) === 1;
  run('PRAGMA foreign_keys=OFF');
  try {
    return await transact(async (tx) => {
      const before = dangling(run);
      const result = await work(tx);
      check(before, dangling(run));
      return result;
    });
  } finally {
    if (wereOn) run('PRAGMA foreign_keys=ON');
  }
}

function check(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): void {
  for (const [key, count] of now) {
    const more = count - (before.get(key) ?? 0);
    if (more <= 0) continue;
    const [table = '', parent = ''] = JSON.parse(key) as string[];
    throw new ForeignKeyViolationError(`${more} rows of ${table} would refer to rows of ${parent} that are not there`, {
      table,
    });
  }
}

/** How many rows of a table refer to rows of another one that are not there. */
function dangling(run: RunPragma): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [table, , parent] of run('PRAGMA foreign_key_check')) {
    const key = JSON.stringify([table, parent]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
