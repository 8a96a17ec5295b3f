import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Entity, type EntityClass, integer, manyToMany, manyToOne, subtype, text } from '../../../src/index.ts';
import { deletionReach } from '../../../src/unit-of-work/deletion-reach.ts';
import { isCircular, tableComponents } from '../../../src/unit-of-work/table-components.ts';
import { registryOf } from '../../support/registry-of.ts';

/** Classes with relations as an adjacency list says: class n refers to the classes of `edges[n]`. */
function makeClasses(edges: readonly (readonly number[])[]): EntityClass[] {
  const classes: EntityClass[] = [];
  for (const [place, targets] of edges.entries()) {
    class Node extends Entity(`table_${place}`, { id: integer().primaryKey() }) {
      constructor() {
        super();
        for (const target of targets) {
          Object.assign(this, { [`to${target}`]: manyToOne(() => classes[target] as EntityClass, { nullable: true }) });
        }
      }
    }
    classes.push(Node);
  }
  return classes;
}

function reachable(edges: readonly (readonly number[])[], from: number): ReadonlySet<number> {
  const found = new Set<number>();
  const queue = [...(edges[from] ?? [])];
  for (const next of queue) {
    if (found.has(next)) continue;
    found.add(next);
    queue.push(...(edges[next] ?? []));
  }
  return found;
}

/** Whether each table of a component reaches all others. */
function isInCircle(edges: readonly (readonly number[])[], component: readonly number[]): boolean {
  return component.every((node) => {
    const reach = reachable(edges, node);
    return component.every((other) => other === node || reach.has(other));
  });
}

/** Whether the tables of a component refer to each other and to earlier ones only. */
function refersBack(
  edges: readonly (readonly number[])[],
  component: readonly number[],
  earlier: ReadonlySet<number>,
): boolean {
  const targets = component.flatMap((node) => edges[node] ?? []);
  return targets.every((target) => component.includes(target) || earlier.has(target));
}

const adjacency = fc
  .integer({ min: 1, max: 7 })
  .chain((size) =>
    fc.array(fc.uniqueArray(fc.integer({ min: 0, max: size - 1 })), { minLength: size, maxLength: size }),
  );

describe('the components of tables', () => {
  it('hold those that refer to each other in a circle, and come behind those they refer to', () => {
    fc.assert(
      fc.property(adjacency, (edges) => {
        const registry = registryOf(...makeClasses(edges));
        const components = tableComponents(registry.entities).map((component) =>
          component.map(({ table }) => Number(table.slice('table_'.length))),
        );
        expect(components.flat().sort()).toEqual(edges.map((_, place) => place).sort());
        for (const [place, component] of components.entries()) {
          expect(isInCircle(edges, component)).toBe(true);
          expect(refersBack(edges, component, new Set(components.slice(0, place).flat()))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are circular where rows of them may refer to each other', () => {
    const registry = registryOf(...makeClasses([[], [1], [3], [2], [0]]));
    const circular = tableComponents(registry.entities).filter(isCircular);
    expect(circular.map((component) => component.map(({ table }) => table).sort())).toEqual([
      ['table_1'],
      ['table_2', 'table_3'],
    ]);
  });

  it('follow relations of subtypes', () => {
    class Owner extends Entity('owners', { id: integer().primaryKey() }) {}
    class Base extends Entity('bases', { id: integer().primaryKey() }) {}
    class Owned extends subtype(Base, 'owned', { note: text() }) {
      owner = manyToOne(() => Owner);
    }
    const components = tableComponents(registryOf(Base, Owned, Owner).entities);
    expect(components.map(([meta]) => meta?.table)).toEqual(['owners', 'bases']);
  });
});

describe('the tables that a deletion reaches', () => {
  const id = { id: integer().primaryKey() };
  class Room extends Entity('rooms', id) {}
  class Desk extends Entity('desks', id) {
    room = manyToOne(() => Room, { onDelete: 'cascade' });
  }
  class Lamp extends Entity('lamps', id) {
    desk = manyToOne(() => Desk, { nullable: true, onDelete: 'set null' });
    tags = manyToMany(() => Tag, { through: 'lamp_tags' });
  }
  class Bulb extends Entity('bulbs', id) {
    lamp = manyToOne(() => Lamp, { onDelete: 'cascade' });
  }
  class Tag extends Entity('tags', id) {}
  class Bystander extends Entity('bystanders', id) {
    room = manyToOne(() => Room);
  }
  const registry = registryOf(Room, Desk, Lamp, Bulb, Tag, Bystander);
  const reach = deletionReach(registry);
  const tables = (target: EntityClass): string[] => [...(reach.get(registry.get(target))?.tables ?? [])].sort();

  it('are its own, those that go along, and those that are emptied', () => {
    expect(tables(Room)).toEqual(['desks', 'lamps', 'rooms']);
    expect(tables(Bulb)).toEqual(['bulbs']);
    expect(tables(Bystander)).toEqual(['bystanders']);
  });

  it('include links, from either end', () => {
    expect(tables(Lamp)).toEqual(['bulbs', 'lamp_tags', 'lamps']);
    expect(tables(Tag)).toEqual(['lamp_tags', 'tags']);
  });
});
