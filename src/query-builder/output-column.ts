import type { Codec } from '../codec/codec.ts';
import type { ColumnType } from '../codec/column-type.ts';

/** A column of a query's result, as a query around it sees it. */
export interface OutputColumn {
  /** Its name in SQL. */
  readonly name: string;
  readonly type: ColumnType;
  readonly codec: Codec;
  readonly nullable: boolean;
  /** Of whole numbers that stand for decimals: how many digits are behind the point; else null. */
  readonly units: number | null;
}
