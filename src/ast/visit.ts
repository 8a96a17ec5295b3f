import { children, type Node, type NodeMap } from './node-map.ts';

/** What to do at each kind of node; kinds without an entry are passed by. */
export type Visitor = { readonly [K in keyof NodeMap]?: (node: NodeMap[K]) => void };

/** Calls the visitor for a node and all nodes below it, parents first, in the order of the SQL text. */
export function visit(root: Node, visitor: Visitor): void {
  // A list of its own and not recursion, because a condition may be as deep as somebody's data.
  const open: Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    (visitor[node.kind] as ((node: Node) => void) | undefined)?.(node);
    // Last child first, since the stack turns the order round; no spread, because a list may be long.
    for (const child of childrenOf(node).reverse()) open.push(child);
  }
}

function childrenOf(node: Node): Node[] {
  return Object.keys(children[node.kind]).flatMap(
    (key) => (Reflect.get(node, key) as Node | readonly Node[] | null) ?? [],
  );
}
