import type { ExpressionNode, SlotNode } from '../ast/query-node.ts';
import { type Codec, InvalidValue } from '../codec/codec.ts';
import type { ColumnType } from '../codec/column-type.ts';
import { ValidationError } from '../errors.ts';
import { encodeColumn } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import { readNode } from '../query/lower-column.ts';
import { slot } from '../query/lowering.ts';
import type { WireValue } from '../wire/wire-value.ts';
import type { Level } from './level.ts';

/** What an expression is in one statement. */
export interface Lowered {
  readonly node: ExpressionNode;
  readonly type: ColumnType;
  readonly codec: Codec;
  /** Whether it can be NULL. */
  readonly nullable: boolean;
  /** The column that it is, and under which alias; null where it is computed. */
  readonly column: { readonly meta: EntityMetadata; readonly column: ColumnMetadata; readonly alias: string } | null;
  /** Of whole numbers that stand for decimals: how many digits are behind the point; else null. */
  readonly units: number | null;
}

/** The value in the form in which it comes to the application, which is another one for columns of custom types. */
export function readable({ node, column, type }: Lowered): ExpressionNode {
  return column === null || type.custom === undefined ? node : readNode(column.alias, column.column);
}

/** Makes an expression's part of a statement. */
export type Lower = (level: Level) => Lowered;

/** A value of the application as one for the wire, in the form of what it meets. Throws `validation`. */
export function encodeLike({ column, codec }: Lowered, value: unknown): WireValue {
  if (column !== null) return encodeColumn(column.meta, column.column, value);
  try {
    return codec.encode(value);
  } catch (cause) {
    if (!(cause instanceof InvalidValue)) throw cause;
    throw new ValidationError(`a value in a query: ${cause.message}`, { cause });
  }
}

/** A parameter for a value that stands beside an expression, which tells its type. */
export function slotLike(level: Level, like: Lowered, value: unknown): ExpressionNode {
  const index = takeValue(level, encodeLike(like, value));
  // Beside a column the server takes the type from it, and so finds its index; beside a computed value there may be none.
  return like.column === null
    ? { kind: 'parameter', index, type: like.type }
    : { kind: 'slot', index, type: like.type };
}

/** Takes a value in; gives the number of its slot. */
export function takeValue({ criteria }: Level, wire: WireValue): SlotNode['index'] {
  return slot(criteria, wire, null).index;
}
