import type { ColumnNode, ExpressionNode, InListNode, LikeNode, LogicalNode } from '../ast/query-node.ts';
import { bind, bindBare, type Compilation, descend } from './compilation.ts';
import type { Dialect } from './dialect.ts';

/** The SQL of an expression. Its parameters are bound in the order of the text. */
export function compileExpression(node: ExpressionNode, compilation: Compilation): string {
  const { dialect } = compilation;
  switch (node.kind) {
    case 'column':
      return columnText(node, dialect);
    case 'slot':
      return bind(compilation, node.index, node.type);
    case 'value':
      return bind(compilation, { value: node.value }, node.type, node.value);
    case 'count':
      return 'COUNT(*)';
    case 'ordered':
      return dialect.hooks.ordered(operand(node.operand, compilation), node.type);
    case 'collect':
      return dialect.hooks.collect(operand(node.operand, compilation), node.type);
    case 'raw':
      return compileRaw(node, compilation);
    default:
      return compileCondition(node, compilation);
  }
}

function columnText({ alias, name, type }: ColumnNode, { quote }: Dialect): string {
  const text = `${quote(alias)}.${quote(name)}`;
  return type?.custom?.read?.(text) ?? text;
}

/** Raw text with the parameters of its holes. */
export function compileRaw(
  { texts, holes }: { readonly texts: readonly string[]; readonly holes: readonly ExpressionNode[] },
  compilation: Compilation,
): string {
  return texts.reduce((sql, text, index) => {
    const hole = holes[index - 1];
    return `${sql}${hole === undefined ? '' : operand(hole, compilation)}${text}`;
  });
}

type ConditionNode = Exclude<
  ExpressionNode,
  { readonly kind: 'column' | 'slot' | 'value' | 'count' | 'ordered' | 'collect' | 'raw' }
>;

function compileCondition(node: ConditionNode, compilation: Compilation): string {
  descend(compilation);
  const sql = conditionText(node, compilation);
  compilation.depth--;
  return sql;
}

function conditionText(node: ConditionNode, compilation: Compilation): string {
  switch (node.kind) {
    case 'comparison':
      return `${operand(node.left, compilation)} ${node.operator} ${operand(node.right, compilation)}`;
    case 'logical':
      return logicalText(node, compilation);
    case 'not':
      return `(${compileExpression(node.operand, compilation)}) IS NOT TRUE`;
    case 'null-test':
      return `${operand(node.operand, compilation)} IS ${not(node)}NULL`;
    case 'like':
      return likeText(node, compilation);
    case 'in-list':
      return inListText(node, compilation);
    case 'exists':
      return `${not(node)}EXISTS (${compilation.select(node.query, compilation)})`;
    default:
      // Whoever makes such a node compiles it by what knows it.
      return (compilation.built as NonNullable<Compilation['built']>)(node, compilation);
  }
}

function likeText(node: LikeNode, compilation: Compilation): string {
  const { likeEscape, matched } = compilation.dialect.hooks;
  const text = matched(operand(node.operand, compilation), node.type);
  return `${text} ${not(node)}LIKE ${operand(node.pattern, compilation)} ESCAPE ${likeEscape}`;
}

function inListText({ operands, types, list, negated }: InListNode, compilation: Compilation): string {
  const texts = operands.map((node) => operand(node, compilation));
  return compilation.dialect.hooks.inList(texts, types, bindBare(compilation, list.index), negated);
}

function logicalText({ operator, operands }: LogicalNode, compilation: Compilation): string {
  if (operands.length === 0) return operator === 'and' ? '1 = 1' : '1 = 0';
  const texts = operands.map((node) =>
    node.kind === 'logical' && node.operands.length > 0 ? operand(node, compilation) : bare(node, compilation),
  );
  return join(texts, ` ${operator.toUpperCase()} `);
}

// `a OR b OR c …` is a tree as deep as it is long for SQLite, which stops at 1,000; halves of halves are not.
function join(texts: readonly string[], separator: string): string {
  if (texts.length <= 16) return texts.join(separator);
  const middle = texts.length >> 1;
  return `(${join(texts.slice(0, middle), separator)})${separator}(${join(texts.slice(middle), separator)})`;
}

function bare(node: ExpressionNode, compilation: Compilation): string {
  return node.kind === 'raw' ? `(${compileRaw(node, compilation)})` : compileExpression(node, compilation);
}

// Values stand alone; whatever has an operator of its own goes in parentheses, raw text always.
function operand(node: ExpressionNode, compilation: Compilation): string {
  const sql = compileExpression(node, compilation);
  switch (node.kind) {
    case 'column':
    case 'slot':
    case 'value':
    case 'count':
    case 'ordered':
    case 'collect':
    case 'call':
    case 'parameter':
      return sql;
    default:
      return `(${sql})`;
  }
}

function not(node: { readonly negated: boolean }): string {
  return node.negated ? 'NOT ' : '';
}
