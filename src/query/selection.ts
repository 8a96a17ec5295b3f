import type { CompiledStatement } from '../compiler/compiled-statement.ts';
import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import type { Registry } from '../metadata/registry.ts';
import type { Clock } from '../wire/clock.ts';
import type { Limits } from '../wire/limits.ts';
import type { MaybePromise } from '../wire/maybe-promise.ts';
import type { ResultSet } from '../wire/result-set.ts';
import type { WireRow, WireValue } from '../wire/wire-value.ts';
import type { Compiling } from './find-plan.ts';

declare const ROW: unique symbol;

/** Where a built query runs: an EntityManager, seen from here. */
export interface QueryHost {
  readonly session: Compiling & {
    readonly driver: { readonly clock: Clock };
    run(compiled: CompiledStatement, values?: readonly WireValue[], signal?: AbortSignal): MaybePromise<ResultSet>;
  };
  readonly unit: {
    readonly context: { readonly registry: Registry };
    load(meta: EntityMetadata, rows: readonly WireRow[], offset: number): readonly (object | null)[];
  };
  readonly limits: Limits;
}

/**
 * A query that says itself how it is run and what its rows become: what `from()` of `meshestra/query` makes. It brings that
 * along, so that a program without such queries does not hold it. `em.all(selection)` runs it, `db.live(selection)` keeps its
 * result up to date.
 */
export interface Selection<R> {
  readonly [ROW]?: R;
  /** Its rows. Throws `validation` for what is no query of the entities. */
  read(host: QueryHost): Promise<R[]>;
  /** The tables that it reads. */
  tables(registry: Registry, session: Compiling): readonly string[];
}

/** A write of many rows at once, which no EntityManager keeps track of: what `update()` and `deleteFrom()` of `meshestra/query` make. */
export interface BulkWrite {
  /** Writes them. Throws `validation`. */
  write(host: QueryHost): Promise<ResultSet>;
}

/** Tells what `from()` made from a query over criteria. */
export function isSelection(query: object): query is Selection<unknown> {
  return typeof (query as Partial<Selection<unknown>> | null)?.read === 'function';
}

/** Tells what `update()` and `deleteFrom()` made from raw SQL. */
export function isBulkWrite(query: object): query is BulkWrite {
  return typeof (query as Partial<BulkWrite> | null)?.write === 'function';
}
