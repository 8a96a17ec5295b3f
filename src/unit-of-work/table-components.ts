import type { EntityMetadata } from '../metadata/entity-metadata.ts';

/**
 * The tables of a registry in an order in which referred-to tables come first; tables whose foreign keys form a circle
 * share a component.
 */
export function tableComponents(entities: readonly EntityMetadata[]): readonly (readonly EntityMetadata[])[] {
  const roots = entities.filter((meta) => meta.root === meta);
  const reachable = new Map(roots.map((root) => [root, reachableFrom(root)]));
  const reaches = (from: EntityMetadata, to: EntityMetadata): boolean => reachable.get(from)?.has(to) === true;
  const placed = new Set<EntityMetadata>();
  const components: EntityMetadata[][] = [];
  const place = (root: EntityMetadata): void => {
    const component = roots.filter((other) => other === root || (reaches(root, other) && reaches(other, root)));
    for (const member of component) placed.add(member);
    components.push(component);
  };
  // A referred-to table with all that it reaches is a smaller set, unless both are of one component.
  const sizeOf = (root: EntityMetadata): number => (reachable.get(root)?.size ?? 0) + (reaches(root, root) ? 0 : 1);
  const bySize = roots.slice().sort((a, b) => sizeOf(a) - sizeOf(b));
  for (const root of bySize) if (!placed.has(root)) place(root);
  return components;
}

/** The tables that a table refers to, directly or through others; itself only where a circle leads back to it. */
function reachableFrom(root: EntityMetadata): ReadonlySet<EntityMetadata> {
  const found = new Set<EntityMetadata>(targetsOf(root));
  for (const target of found) for (const further of targetsOf(target)) found.add(further);
  return found;
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
