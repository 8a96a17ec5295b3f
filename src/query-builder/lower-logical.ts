import type { ExpressionNode } from '../ast/query-node.ts';
import { ValidationError } from '../errors.ts';
import type { Level } from './level.ts';
import { condition } from './lower-condition.ts';
import type { Lower, Lowered } from './lowered.ts';

/** All of some conditions, or at least one of them; conditions of the same kind inside become one list. */
export function logical(operator: 'and' | 'or', operands: readonly Lower[]): Lower {
  return (level) => {
    const nodes = operands.map((operand) => conditionNode(level, operand));
    const flat = nodes.flatMap((node) =>
      node.kind === 'logical' && node.operator === operator && node.operands.length > 0 ? node.operands : [node],
    );
    return condition(level, { kind: 'logical', operator, operands: flat });
  };
}

/** Whether a condition does not hold, be it false or unknown. */
export function negation(operand: Lower): Lower {
  return (level) => condition(level, { kind: 'not', operand: conditionNode(level, operand) }, false);
}

/** The node of what has to be a condition. */
export function conditionNode(level: Level, operand: Lower): ExpressionNode {
  const { node, type }: Lowered = operand(level);
  if (type.name === 'boolean') return node;
  throw new ValidationError(`a condition is expected, not a value of the type '${type.name}'`);
}
