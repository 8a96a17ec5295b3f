import type { ColumnType } from '../codec/column-type.ts';
import type { WireValue } from '../wire/wire-value.ts';

/** A column, always qualified by the alias of its table: a bare quoted name may fall back to a string on SQLite. */
export interface ColumnNode {
  readonly kind: 'column';
  readonly alias: string;
  readonly name: string;
  /** Where the value is read: its type, which may convert it. */
  readonly type?: ColumnType;
}

/**
 * A parameter whose value is handed in with each execution, by its place in the list of values. `type` is the declared
 * type of what it is compared with, or null where nothing is declared (raw SQL).
 */
export interface SlotNode {
  readonly kind: 'slot';
  readonly index: number;
  readonly type: ColumnType | null;
}

/** A parameter that is part of the tree itself; it is bound like every other. */
export interface ValueNode {
  readonly kind: 'value';
  readonly value: WireValue;
  readonly type: ColumnType | null;
}

/** The comparison operators that every engine has. */
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** `left operator right`, with SQL's rule that NULL on either side gives NULL. */
export interface ComparisonNode {
  readonly kind: 'comparison';
  readonly operator: ComparisonOperator;
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}

/** Operands joined by AND or OR. Without operands: true for AND, false for OR. */
export interface LogicalNode {
  readonly kind: 'logical';
  readonly operator: 'and' | 'or';
  readonly operands: readonly ExpressionNode[];
}

/** `operand IS NOT TRUE`: also holds where the operand is unknown because of a NULL, which plain NOT does not. */
export interface NotNode {
  readonly kind: 'not';
  readonly operand: ExpressionNode;
}

/** `operand IS NULL`, or `IS NOT NULL`. */
export interface NullTestNode {
  readonly kind: 'null-test';
  readonly operand: ExpressionNode;
  readonly negated: boolean;
}

/** `operand LIKE pattern ESCAPE '\'`. */
export interface LikeNode {
  readonly kind: 'like';
  readonly operand: ExpressionNode;
  /** The declared type of the operand. */
  readonly type: ColumnType;
  readonly pattern: ExpressionNode;
  readonly negated: boolean;
}

/**
 * Whether the operand, or the tuple of operands, is in a list that travels as one parameter: the slot's value is what
 * `Dialect.encodeList` made of the list. The text is the same for any length of the list.
 */
export interface InListNode {
  readonly kind: 'in-list';
  readonly operands: readonly ExpressionNode[];
  /** The declared types of the operands, in their order. */
  readonly types: readonly ColumnType[];
  readonly list: SlotNode;
  readonly negated: boolean;
}

/** `EXISTS (query)`. */
export interface ExistsNode {
  readonly kind: 'exists';
  readonly query: SelectNode;
  readonly negated: boolean;
}

/** The operand in a form that the engine orders by value, where its storage would order otherwise (decimals as text). */
export interface OrderedNode {
  readonly kind: 'ordered';
  readonly operand: ExpressionNode;
  readonly type: ColumnType;
}

/** `COUNT(*)`. */
export interface CountNode {
  readonly kind: 'count';
}

/** All values of a column, over the whole result, as one list in the encoding of `Dialect.decodeList`. */
export interface CollectNode {
  readonly kind: 'collect';
  readonly operand: ExpressionNode;
  readonly type: ColumnType;
}

/** Text of the application's programmer with parameters in its holes; `texts` has one element more than `holes`. */
export interface RawNode {
  readonly kind: 'raw';
  readonly texts: readonly string[];
  readonly holes: readonly ExpressionNode[];
}

/** Every expression, told apart by `kind`. */
export type ExpressionNode =
  | ColumnNode
  | SlotNode
  | ValueNode
  | ComparisonNode
  | LogicalNode
  | NotNode
  | NullTestNode
  | LikeNode
  | InListNode
  | ExistsNode
  | OrderedNode
  | CountNode
  | CollectNode
  | RawNode;

/** A table under an alias. */
export interface TableNode {
  readonly kind: 'table';
  readonly name: string;
  readonly alias: string;
}

/** A further table with the condition that joins it. */
export interface JoinNode {
  readonly kind: 'join';
  readonly type: 'inner' | 'left';
  readonly table: TableNode;
  readonly on: ExpressionNode;
}

/** One key of ORDER BY. */
export interface OrderNode {
  readonly kind: 'order';
  readonly operand: ExpressionNode;
  readonly direction: 'asc' | 'desc';
}

/** How the rows of a SELECT are locked until the transaction ends, and what is done about those that somebody else has locked. */
export interface LockClause {
  readonly strength: 'update' | 'share';
  readonly onLocked: 'wait' | 'nowait' | 'skip';
}

/** A SELECT. An absent clause is null or empty. */
export interface SelectNode {
  readonly kind: 'select';
  readonly columns: readonly ExpressionNode[];
  readonly from: TableNode;
  readonly joins: readonly JoinNode[];
  readonly where: ExpressionNode | null;
  readonly orderBy: readonly OrderNode[];
  readonly limit: ExpressionNode | null;
  readonly offset: ExpressionNode | null;
  /** Locks the rows of `from`, those of joined tables only where the engine cannot leave them out. */
  readonly lock?: LockClause;
}
