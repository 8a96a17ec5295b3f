import type { ExpressionNode } from '../ast/query-node.ts';
import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import { type Lowering, slot, UNBUILT } from './lowering.ts';

/** The conditions that a row is of a class of a hierarchy, and was not removed; none where the class is the whole table. */
export function lowerFamily(
  lowering: Lowering,
  meta: EntityMetadata,
  alias: string,
  withDeleted = false,
): readonly ExpressionNode[] {
  const family = lowerClass(lowering, meta, alias);
  return [...(withDeleted ? [] : present(meta, alias)), ...(family === null ? [] : [family])];
}

/** The condition that a row was not removed, where rows stay that were. */
export function present({ root }: EntityMetadata, alias: string): readonly ExpressionNode[] {
  if (root.softDelete === null) return [];
  return [{ kind: 'null-test', operand: { kind: 'column', alias, name: root.softDelete.column.name }, negated: false }];
}

function lowerClass(lowering: Lowering, meta: EntityMetadata, alias: string): ExpressionNode | null {
  const column = meta.discriminator?.column;
  if (column === undefined || meta.root === meta) return null;
  const values = meta.family.map((member) => [member.discriminator?.value ?? '']);
  const list = slot(lowering, lowering.dialect.encodeList(values, [column.type]), null);
  if (!lowering.building) return UNBUILT;
  const operand = { kind: 'column', alias, name: column.name } as const;
  return { kind: 'in-list', operands: [operand], types: [column.type], list, negated: false };
}
