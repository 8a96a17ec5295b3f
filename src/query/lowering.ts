import type { ExpressionNode, JoinNode, SlotNode } from '../ast/query-node.ts';
import type { ColumnType } from '../codec/column-type.ts';
import type { Dialect } from '../compiler/dialect.ts';
import { invalid } from '../metadata/entity-error.ts';
import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { Registry } from '../metadata/registry.ts';
import type { WireValue } from '../wire/wire-value.ts';

/** Lowers criteria over an entity; handed along, because criteria of relations contain criteria again. */
export type LowerWhere = (
  lowering: Lowering,
  meta: EntityMetadata,
  alias: string,
  where: unknown,
  certain: boolean,
  depth: number,
) => ExpressionNode;

/**
 * The state of turning criteria into SQL. Criteria are walked once to collect the values and a text that stands for
 * their shape; only when no statement of that shape is cached are they walked again, `building` the nodes. Both walks
 * are the same code, so that the slots of the nodes meet the values in order.
 */
export interface Lowering {
  readonly registry: Registry;
  readonly dialect: Dialect;
  readonly building: boolean;
  readonly values: WireValue[];
  readonly joins: JoinNode[];
  /** To-one relations of the root that are joined already, by alias, so that populating them needs no second join. */
  readonly joined: Map<RelationMetadata, string>;
  readonly lowerWhere: LowerWhere;
  shape: string;
  aliases: number;
}

// Deep enough for any hand-made filter; a body of JSON cannot make the walk overflow the stack.
const MAX_DEPTH = 100;

/** Throws `validation` where criteria are nested more than 100 deep. */
export function checkNesting(meta: EntityMetadata, depth: number): void {
  if (depth > MAX_DEPTH) {
    throw invalid(meta.table, null, `criteria are nested more than ${MAX_DEPTH} deep`);
  }
}

/** The alias of the table that is selected from. */
export const ROOT = 't0';

/** Begins a walk. `prefix` is the beginning of the shape. */
export function createLowering(
  registry: Registry,
  dialect: Dialect,
  lowerWhere: LowerWhere,
  building: boolean,
  prefix: string,
): Lowering {
  return {
    registry,
    dialect,
    building,
    values: [],
    joins: [],
    joined: new Map(),
    lowerWhere,
    shape: prefix,
    aliases: 1,
  };
}

/** Stands for a node while the shape is collected; it is never compiled. */
export const UNBUILT: ExpressionNode = { kind: 'logical', operator: 'and', operands: [] };

/** Takes a value in and gives the slot for it. */
export function slot(lowering: Lowering, value: WireValue, type: ColumnType | null): SlotNode {
  lowering.values.push(value);
  return { kind: 'slot', index: lowering.values.length - 1, type };
}

/** The next table alias. */
export function nextAlias(lowering: Lowering): string {
  const alias = `t${lowering.aliases}`;
  lowering.aliases += 1;
  return alias;
}

/** Joins conditions by AND. */
export function conjunction(operands: readonly ExpressionNode[]): ExpressionNode {
  const [only] = operands;
  return operands.length === 1 && only !== undefined ? only : { kind: 'logical', operator: 'and', operands };
}
