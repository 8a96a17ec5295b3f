import { bindStatement } from '../compiler/bind-statement.ts';
import type { Registry } from '../metadata/registry.ts';
import type { FindPlan } from '../query/find-plan.ts';
import type { QueryHost } from '../query/selection.ts';
import type { Statement } from '../wire/statement.ts';

/** What a query is planned for: `createPersistence` gives one. */
export interface QueryTarget {
  readonly registry: Registry;
  readonly session: QueryHost['session'];
}

/** What `from()`, `update()` and `deleteFrom()` make. */
export interface Plannable {
  /** The statement for a database; `now` is the present instant in milliseconds. */
  plan(registry: Registry, session: QueryHost['session'], now: number): FindPlan;
}

/**
 * The SQL and the parameters of a query, or of a write of many rows, on a database, without running it: for logs, tests and
 * EXPLAIN. Throws `validation` for what is no query of its entities.
 *
 * @example
 * ```ts
 * import { Entity, integer, type Persistence } from 'meshestra';
 * import { from, statementOf } from 'meshestra/query';
 *
 * class Post extends Entity('posts', { id: integer().primaryKey().generated(), views: integer() }) {}
 * const popular = (db: Persistence) => statementOf(from(Post).where((post) => post.views.gt(100)), db);
 * // { sql: 'SELECT "t0"."id", "t0"."views" FROM "posts" AS "t0" WHERE "t0"."views" > ?', params: [100] }
 * ```
 */
export function statementOf(query: Plannable, { registry, session }: QueryTarget): Statement {
  const { compiled, values } = query.plan(registry, session, session.driver.clock.now());
  return bindStatement(compiled, values);
}
