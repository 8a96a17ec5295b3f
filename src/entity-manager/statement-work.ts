import type { Dialect } from '../compiler/dialect.ts';
import { ValidationError } from '../errors.ts';
import { RawQuery } from '../query/raw-query.ts';
import { type BulkWrite, isBulkWrite } from '../query/selection.ts';
import type { ResultSet } from '../wire/result-set.ts';
import type { ExecuteRawOptions } from './entity-manager.ts';
import type { Reader } from './reader.ts';

/** What `em.execute` does. */
interface StatementWork {
  /** Whether it writes, or may. */
  readonly writes: boolean;
  run(reader: Reader): Promise<ResultSet>;
}

/** The work of raw SQL, or of a write of many rows. Throws `validation` for what is neither. */
export function statementWork(
  query: RawQuery | BulkWrite,
  dialect: Dialect,
  options: ExecuteRawOptions,
): StatementWork {
  if (isBulkWrite(query)) return { writes: true, run: (reader) => query.write(reader) };
  if (!(query instanceof RawQuery)) throw new ValidationError('execute() takes sql`…` or update()');
  const node = RawQuery.toNode(query, dialect, options.writes ?? null);
  return {
    writes: node.writes?.length !== 0,
    run: async ({ session, limits }) => session.execute(node, undefined, limits.signal),
  };
}
