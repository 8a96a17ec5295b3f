import type { WireRow } from './wire-value.ts';

/** What one statement answered. Rows are arrays: object rows lose duplicate names and cost more. */
export interface ResultSet {
  readonly columns: readonly string[];
  readonly rows: readonly WireRow[];
  /** Rows that an INSERT, UPDATE or DELETE matched, whether or not a value differed; 0 for other statements. */
  readonly affectedRows: number;
  /** The key the database generated for the last row of an INSERT, where the engine tells it. */
  readonly lastInsertId?: bigint | number;
  /** The distance between the generated keys of one INSERT; 1 unless given. */
  readonly generatedKeyStep?: number;
}
