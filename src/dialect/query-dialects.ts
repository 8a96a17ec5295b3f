import type { Dialect } from '../compiler/dialect.ts';
import type { QueryDialect } from '../compiler/query-dialect.ts';
import { UnsupportedByDriverError } from '../errors.ts';
import { queryDialect as mysql } from './mysql/query-dialect.ts';
import { queryDialect as postgres } from './postgres/query-dialect.ts';
import { queryDialect as sqlite } from './sqlite/query-dialect.ts';

const DIALECTS: Readonly<Record<string, QueryDialect>> = { mysql, postgres, sqlite };

/** How a dialect writes built queries. Throws `unsupported-by-driver` for a dialect that is none of ours. */
export function queryDialectOf({ name }: Pick<Dialect, 'name'>): QueryDialect {
  const found = Object.hasOwn(DIALECTS, name) ? DIALECTS[name] : undefined;
  if (found !== undefined) return found;
  throw new UnsupportedByDriverError(`the dialect '${name}' has no query builder`);
}
