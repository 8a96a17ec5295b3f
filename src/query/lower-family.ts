import type { ExpressionNode } from '../ast/query-node.ts';
import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import { type Lowering, slot, UNBUILT } from './lowering.ts';

/** The condition that a row is of a class of a hierarchy, or null where the class is the whole table. */
export function lowerFamily(lowering: Lowering, meta: EntityMetadata, alias: string): ExpressionNode | null {
  const column = meta.discriminator?.column;
  if (column === undefined || meta.root === meta) return null;
  const values = meta.family.map((member) => [member.discriminator?.value ?? '']);
  const list = slot(lowering, lowering.dialect.encodeList(values, [column.type]), null);
  if (!lowering.building) return UNBUILT;
  const operand = { kind: 'column', alias, name: column.name } as const;
  return { kind: 'in-list', operands: [operand], types: [column.type], list, negated: false };
}
