import { bindStatement } from '../../src/compiler/bind-statement.ts';
import { compile } from '../../src/compiler/compile.ts';
import type { CompiledStatement } from '../../src/compiler/compiled-statement.ts';
import { sqlite } from '../../src/dialect/sqlite/index.ts';
import type { EntityClass } from '../../src/metadata/entity-class.ts';
import type { Registry } from '../../src/metadata/registry.ts';
import { type Compiling, type FindPlan, type FindRequest, planFind } from '../../src/query/find-plan.ts';
import { deriveSchema } from '../../src/schema/derive-schema.ts';
import type { WireValue } from '../../src/wire/wire-value.ts';
import { openRawSqljs, type RawSqljs } from './raw-sqljs.ts';

/** Plans finds as a session does, with a cache of statements by shape that tests can look into. */
export interface QueryPlanner extends Compiling {
  readonly registry: Registry;
  readonly cache: ReadonlyMap<string, CompiledStatement>;
  plan(target: EntityClass, request?: FindRequest): FindPlan;
  /** The shape under which the last statement was looked up. */
  readonly lastShape: string;
  /** How many statements were compiled. */
  readonly compiled: number;
}

export function queryPlanner(registry: Registry, cached = true): QueryPlanner {
  const cache = new Map<string, CompiledStatement>();
  let lastShape = '';
  let compiled = 0;
  const planner: QueryPlanner = {
    registry,
    cache,
    dialect: sqlite,
    get lastShape() {
      return lastShape;
    },
    get compiled() {
      return compiled;
    },
    compile(key, node) {
      lastShape = key;
      const known = cached ? cache.get(key) : undefined;
      if (known !== undefined) return known;
      compiled += 1;
      const made = compile(node(), sqlite);
      cache.set(key, made);
      return made;
    },
    plan: (target, request = {}) => planFind(registry, planner, registry.get(target), request),
  };
  return planner;
}

/** Plain sql.js with the tables of a registry. */
export async function openTables(registry: Registry): Promise<RawSqljs> {
  const raw = await openRawSqljs();
  for (const { sql } of await sqlite.createSchema(deriveSchema(registry))) raw.db.run(sql);
  return raw;
}

/** The rows that a plan finds. */
export function runPlan(raw: RawSqljs, plan: FindPlan): WireValue[][] {
  return raw.all(bindStatement(plan.compiled, plan.values));
}
