import type { EntityMetadata } from '../metadata/entity-metadata.ts';

/**
 * The tables of a registry in an order in which referred-to tables come first; tables whose foreign keys form a circle
 * share a component (Tarjan's algorithm, iterative).
 */
export function tableComponents(entities: readonly EntityMetadata[]): readonly (readonly EntityMetadata[])[] {
  const roots = entities.filter((meta) => meta.root === meta);
  const targets = new Map(roots.map((root) => [root, targetsOf(root)]));
  const index = new Map<EntityMetadata, number>();
  const low = new Map<EntityMetadata, number>();
  const stack: EntityMetadata[] = [];
  const components: EntityMetadata[][] = [];
  const open = (meta: EntityMetadata) => {
    index.set(meta, index.size);
    low.set(meta, index.size - 1);
    stack.push(meta);
    return { meta, rest: targets.get(meta)?.values() ?? [].values() };
  };
  for (const root of roots) {
    if (index.has(root)) continue;
    const path = [open(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { done, value: target } = top.rest.next();
      if (done !== true) {
        if (!index.has(target)) path.push(open(target));
        else if (stack.includes(target)) lower(low, top.meta, index.get(target));
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lower(low, parent.meta, low.get(top.meta));
      if (low.get(top.meta) === index.get(top.meta)) components.push(stack.splice(stack.indexOf(top.meta)));
    }
  }
  return components;
}

function lower(low: Map<EntityMetadata, number>, meta: EntityMetadata, candidate = Number.POSITIVE_INFINITY): void {
  low.set(meta, Math.min(low.get(meta) ?? candidate, candidate));
}

function targetsOf(root: EntityMetadata): ReadonlySet<EntityMetadata> {
  const targets = new Set<EntityMetadata>();
  for (const member of root.family) {
    for (const relation of member.relations.values()) {
      if (relation.kind === 'to-one') targets.add(relation.target.root);
    }
  }
  return targets;
}

/** Whether the rows of a component must be ordered one by one. */
export function isCircular(component: readonly EntityMetadata[]): boolean {
  return component.some((meta) => component.length > 1 || targetsOf(meta).has(meta));
}
