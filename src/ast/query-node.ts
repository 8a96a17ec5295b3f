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
  | RawNode
  | BuiltExpressionNode;

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

/** A column of a result, and the name under which a query around it knows it; null where there is none around it. */
export interface ProjectionNode {
  readonly kind: 'projection';
  readonly operand: ExpressionNode;
  readonly name: string | null;
}

/** The rows of a query, as a table under an alias. */
export interface DerivedNode {
  readonly kind: 'derived';
  readonly query: QueryNode;
  readonly alias: string;
}

/** The rows that a {@link RecursionNode} has found, under an alias. */
export interface RecursiveRowsNode {
  readonly kind: 'recursive-rows';
  readonly name: string;
  readonly alias: string;
}

/** Two tables that are joined to each other before both are joined to what is there: `(left JOIN right ON …)`. */
export interface JoinedNode {
  readonly kind: 'joined';
  readonly left: TableNode;
  readonly right: TableNode;
  readonly on: ExpressionNode;
}

/** A table, or a query in its place, that is joined by a condition of the programmer. */
export interface SourceJoinNode {
  readonly kind: 'source-join';
  readonly type: 'inner' | 'left';
  readonly source: SourceNode;
  readonly on: ExpressionNode;
}

/** `name (columns) AS (base UNION ALL step)`, in front of the query that reads it. */
export interface RecursionNode {
  readonly kind: 'recursion';
  readonly name: string;
  readonly columns: readonly string[];
  readonly base: QueryNode;
  readonly step: QueryNode;
  /** Whether a row that was there before is left out, which ends a walk through a circle. */
  readonly distinct: boolean;
}

/** A SELECT with all its clauses. An absent clause is null or empty. */
export interface SelectionNode {
  readonly kind: 'selection';
  readonly recursions: readonly RecursionNode[];
  readonly distinct: boolean;
  readonly columns: readonly ProjectionNode[];
  readonly from: SourceNode;
  readonly joins: readonly (JoinNode | SourceJoinNode)[];
  readonly where: ExpressionNode | null;
  readonly groupBy: readonly ExpressionNode[];
  readonly having: ExpressionNode | null;
  readonly orderBy: readonly OrderNode[];
  readonly limit: ExpressionNode | null;
  readonly offset: ExpressionNode | null;
}

/** How the rows of two queries become those of one. */
export type CompoundOperator = 'union' | 'union all' | 'intersect' | 'except';

/** Two queries of the same columns; those of the left one give the names. */
export interface CompoundNode {
  readonly kind: 'compound';
  readonly operator: CompoundOperator;
  readonly left: QueryNode;
  readonly right: QueryNode;
}

/** What gives rows. */
export type QueryNode = SelectionNode | CompoundNode | SelectNode;

/** What stands behind FROM or JOIN. */
export type SourceNode = TableNode | DerivedNode | RecursiveRowsNode | JoinedNode;

/** A parameter that stands where nothing tells its type, and so says it. */
export interface ParameterNode {
  readonly kind: 'parameter';
  readonly index: number;
  readonly type: ColumnType;
}

/** The functions that every dialect can write. */
export type FunctionName =
  | 'count'
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'lower'
  | 'upper'
  | 'length'
  | 'trim'
  | 'abs'
  | 'coalesce'
  | 'concat'
  | 'nullif'
  | 'row_number'
  | 'rank'
  | 'dense_rank'
  | 'lag'
  | 'lead'
  | 'first_value'
  | 'last_value';

/** A function of some operands. */
export interface CallNode {
  readonly kind: 'call';
  readonly function: FunctionName;
  readonly operands: readonly ExpressionNode[];
  /** Of an aggregate: whether equal values count once. */
  readonly distinct: boolean;
  /** What the result is converted to, where engines differ in what they make of it. */
  readonly type: ColumnType | null;
}

/** `ROWS BETWEEN from AND to`, as distances from the present row; null for the end of the window in that direction. */
export interface RowBounds {
  readonly from: number | null;
  readonly to: number | null;
}

/** A function over a window of rows. */
export interface OverNode {
  readonly kind: 'over';
  readonly call: CallNode;
  readonly partitionBy: readonly ExpressionNode[];
  readonly orderBy: readonly OrderNode[];
  /** Null for what SQL takes by itself: with an order the rows up to the equals of the present one, else all. */
  readonly frame: RowBounds | null;
}

/** `left operator right`, over numbers. */
export interface ArithmeticNode {
  readonly kind: 'arithmetic';
  readonly operator: '+' | '-' | '*' | '/' | '%';
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}

/** A value as one of another type: `CAST(operand AS …)`. */
export interface CastNode {
  readonly kind: 'cast';
  readonly operand: ExpressionNode;
  readonly type: ColumnType;
}

/** One branch of a {@link CaseNode}. */
export interface BranchNode {
  readonly kind: 'branch';
  readonly condition: ExpressionNode;
  readonly value: ExpressionNode;
}

/** `CASE WHEN … THEN … ELSE … END`. */
export interface CaseNode {
  readonly kind: 'case';
  readonly branches: readonly BranchNode[];
  readonly otherwise: ExpressionNode | null;
}

/** A query in the place of a value: that of its one row and column, or NULL. */
export interface SubqueryNode {
  readonly kind: 'subquery';
  readonly query: QueryNode;
}

/** Whether a query has a row. */
export interface ExistsQueryNode {
  readonly kind: 'exists-query';
  readonly query: QueryNode;
  readonly negated: boolean;
}

/** Whether a value is among those of a query. */
export interface InQueryNode {
  readonly kind: 'in-query';
  readonly operand: ExpressionNode;
  readonly query: QueryNode;
  readonly negated: boolean;
}

/** Whether two values differ, where NULL is a value like others. */
export interface DistinctFromNode {
  readonly kind: 'distinct-from';
  readonly left: ExpressionNode;
  readonly right: ExpressionNode;
}

/** A whole number that stands in the text itself: the place of a column in the result, or a distance in rows. */
export interface ConstantNode {
  readonly kind: 'constant';
  readonly value: number;
}

/** The expressions that only built queries have. */
export type BuiltExpressionNode =
  | ParameterNode
  | CallNode
  | OverNode
  | ArithmeticNode
  | CastNode
  | CaseNode
  | SubqueryNode
  | ExistsQueryNode
  | InQueryNode
  | DistinctFromNode
  | ConstantNode;
