import type { ColumnTypeName } from '../../src/codec/column-type.ts';
import type { Driver, EntityClass, Persistence } from '../../src/index.ts';
import type { Capabilities } from '../../src/port.ts';

/** The suites that every adapter's test calls. */
export type SuiteName =
  | 'driver'
  | 'values'
  | 'queries'
  | 'criteria under attack'
  | 'relations'
  | 'collections'
  | 'flush'
  | 'inheritance and composite keys'
  | 'optimistic locks'
  | 'row locks'
  | 'lifecycle'
  | 'failing flushes'
  | 'transactions'
  | 'isolation'
  | 'constraints'
  | 'events'
  | 'batches'
  | 'random graphs'
  | 'migrations'
  | 'rebuilds';

/** A database that a suite runs against. */
export interface Subject {
  /** The adapter's name, for titles. */
  readonly name: string;
  readonly capabilities: Capabilities;
  /**
   * Opens an empty database with the schema of the entities. `wrap` puts another driver around the adapter's own, to
   * count its statements or to make them fail.
   */
  open(entities: readonly EntityClass[], wrap?: (driver: Driver) => Driver): Promise<Persistence>;
  /**
   * Whether the engine cannot hold a value of a type that most can, and so it is refused with `validation` before any SQL;
   * without this function it holds them all.
   */
  readonly refuses?: (type: ColumnTypeName, value: unknown) => boolean;
  /**
   * The most characters of a text that is a key and was declared without `maxLength`, where the engine needs a bound; a
   * longer one is refused.
   */
  readonly longestKey?: number;
  /**
   * How many rounds the laws play that go on and on, 10,000 unless given: the levels of a chain, say, that are followed one
   * after the other. Where each round is a request over HTTP, or several, ten thousand take minutes.
   */
  readonly rounds?: number;
  /**
   * Runs a law by the names of its suite and its own where the driver has to run: in another runtime than the test. Without
   * it, laws run here.
   */
  readonly elsewhere?: (suite: SuiteName, law: string) => Promise<void>;
  /**
   * Laws that do not hold yet, with the reason. They are run and expected to fail: a law that begins to hold breaks the
   * build until its note is deleted.
   */
  readonly knownFailures: { readonly [S in SuiteName]?: Readonly<Record<string, string>> };
}

/** Whether a flush is statements one after the other in a transaction, and not one batch. */
export function flushesByStatement({ interactive, batch, roundTrip }: Capabilities): boolean {
  return interactive !== 'none' && (batch === 'none' || roundTrip === 'local');
}
