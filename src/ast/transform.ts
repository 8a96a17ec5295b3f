import { checkDepth } from './depth.ts';
import { children, type Node, type NodeMap } from './node-map.ts';
import type { ExpressionNode } from './query-node.ts';

/**
 * What becomes of each kind of node, after its children were transformed; kinds without an entry stay. An expression may
 * become any other expression, every other node only one of its own kind.
 */
export type Transformer = {
  readonly [K in keyof NodeMap]?: (node: NodeMap[K]) => NodeMap[K] extends ExpressionNode ? ExpressionNode : NodeMap[K];
};

/**
 * The tree with every node replaced by what the transformer made of it, children first. A part in which nothing changed
 * is the very same object; new nodes are frozen. Throws `validation` for trees nested more than 500 deep.
 */
export function transform<N extends Node>(node: N, transformer: Transformer): N {
  return transformNode(node, transformer, 0) as N;
}

function transformNode(node: Node, transformer: Transformer, depth: number): Node {
  checkDepth(depth);
  let changed: Node | null = null;
  for (const key of Object.keys(children[node.kind])) {
    const child = Reflect.get(node, key) as Node | readonly Node[] | null;
    const next = child && transformChild(child, transformer, depth + 1);
    if (next !== child) changed = { ...(changed ?? node), [key]: next } as Node;
  }
  const result = changed ?? node;
  const rule = transformer[node.kind] as ((node: Node) => Node) | undefined;
  return Object.freeze(rule === undefined ? result : rule(result));
}

function transformChild(
  child: Node | readonly Node[],
  transformer: Transformer,
  depth: number,
): Node | readonly Node[] {
  if (!isList(child)) return transformNode(child, transformer, depth);
  const next = child.map((item) => transformNode(item, transformer, depth));
  return next.every((item, index) => item === child[index]) ? child : Object.freeze(next);
}

function isList(child: Node | readonly Node[]): child is readonly Node[] {
  return Array.isArray(child);
}
