import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import {
  createPersistence,
  Entity,
  type EntityManager,
  integer,
  manyToMany,
  manyToOne,
  oneToMany,
  type Persistence,
  text,
} from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';

class Owner extends Entity('owners', { id: integer().primaryKey().generated(), name: text() }) {
  items = oneToMany(
    () => Item,
    (item) => item.owner,
  );
}
class Item extends Entity('items', {
  id: integer().primaryKey().generated(),
  name: text(),
  version: integer().version(),
}) {
  owner = manyToOne(() => Owner, { nullable: true });
  labels = manyToMany(() => Label, { through: 'item_labels' });
}
class Label extends Entity('labels', { id: integer().primaryKey().generated(), name: text() }) {
  items = manyToMany(() => Item, { inverse: (item) => item.labels });
}

const OWNERS = 2;
const ITEMS = 3;
const LABELS = 3;

/** What the database should hold: an owner for each item, and pairs of items and labels. */
interface Model {
  readonly owners: (number | null)[];
  readonly names: string[];
  readonly links: Set<string>;
}

const copy = ({ owners, names, links }: Model): Model => ({
  owners: [...owners],
  names: [...names],
  links: new Set(links),
});

interface World {
  readonly em: EntityManager;
  readonly owners: readonly Owner[];
  readonly items: readonly Item[];
  readonly labels: readonly Label[];
}

/** A step of the application: what it does to the entities, and what it means. */
type Edit =
  | { readonly kind: 'setOwner' | 'addItem' | 'removeItem'; readonly item: number; readonly owner: number }
  | { readonly kind: 'clearOwner' | 'rename'; readonly item: number }
  | {
      readonly kind: 'addLabel' | 'removeLabel' | 'addToLabel' | 'removeFromLabel';
      readonly item: number;
      readonly label: number;
    }
  | { readonly kind: 'loadItems'; readonly owner: number }
  | { readonly kind: 'loadLabels'; readonly item: number }
  | { readonly kind: 'loadLabelItems'; readonly label: number }
  | { readonly kind: 'flush' | 'revert' | 'rollback' };

const item = fc.nat(ITEMS - 1);
const owner = fc.nat(OWNERS - 1);
const label = fc.nat(LABELS - 1);
const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constantFrom('setOwner' as const, 'addItem' as const, 'removeItem' as const), item, owner }),
  fc.record({ kind: fc.constantFrom('clearOwner' as const, 'rename' as const), item }),
  fc.record({
    kind: fc.constantFrom(
      'addLabel' as const,
      'removeLabel' as const,
      'addToLabel' as const,
      'removeFromLabel' as const,
    ),
    item,
    label,
  }),
  fc.record({ kind: fc.constant('loadItems' as const), owner }),
  fc.record({ kind: fc.constant('loadLabels' as const), item }),
  fc.record({ kind: fc.constant('loadLabelItems' as const), label }),
  fc.record({ kind: fc.constantFrom('flush' as const, 'flush' as const, 'revert' as const, 'rollback' as const) }),
);

function editModel(model: Model, edit: Edit): void {
  switch (edit.kind) {
    case 'setOwner':
    case 'addItem':
      model.owners[edit.item] = edit.owner;
      break;
    case 'removeItem':
      if (model.owners[edit.item] === edit.owner) model.owners[edit.item] = null;
      break;
    case 'clearOwner':
      model.owners[edit.item] = null;
      break;
    case 'rename':
      model.names[edit.item] += '+';
      break;
    case 'addLabel':
    case 'addToLabel':
      model.links.add(`${edit.item}-${edit.label}`);
      break;
    case 'removeLabel':
    case 'removeFromLabel':
      model.links.delete(`${edit.item}-${edit.label}`);
      break;
    default:
  }
}

async function editEntities({ em, owners, items, labels }: World, edit: Edit): Promise<void> {
  const at = <T>(list: readonly T[], index: number): T => list[index] as T;
  switch (edit.kind) {
    case 'setOwner':
      return at(items, edit.item).owner.set(at(owners, edit.owner));
    case 'addItem':
      return at(owners, edit.owner).items.add(at(items, edit.item));
    case 'removeItem':
      return at(owners, edit.owner).items.remove(at(items, edit.item));
    case 'clearOwner':
      return at(items, edit.item).owner.set(null);
    case 'rename':
      at(items, edit.item).name += '+';
      return;
    case 'addLabel':
      return at(items, edit.item).labels.add(at(labels, edit.label));
    case 'removeLabel':
      return at(items, edit.item).labels.remove(at(labels, edit.label));
    case 'addToLabel':
      return at(labels, edit.label).items.add(at(items, edit.item));
    case 'removeFromLabel':
      return at(labels, edit.label).items.remove(at(items, edit.item));
    case 'loadItems':
      return void (await at(owners, edit.owner).items.load());
    case 'loadLabels':
      return void (await at(items, edit.item).labels.load());
    case 'loadLabelItems':
      return void (await at(labels, edit.label).items.load());
    case 'flush':
      return em.flush();
    case 'revert':
      return em.revert();
    case 'rollback':
      return rollBack(em);
  }
}

async function rollBack(em: EntityManager): Promise<void> {
  const failing = em.transaction(async (tx) => {
    await tx.flush();
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
}

async function stored(db: Persistence): Promise<Model> {
  const items = await db.em().find(Item, {}, { populate: ['labels'], orderBy: { id: 'asc' } });
  return {
    owners: items.map(({ owner }) => (owner.id === null ? null : owner.id - 1)),
    names: items.map(({ name }) => name),
    links: new Set(items.flatMap((read) => read.labels.toArray().map(({ id }) => `${read.id - 1}-${id - 1}`))),
  };
}

/** What the entities in memory show, from both sides of each relation. */
async function shown({ owners, items, labels }: World): Promise<readonly [Model, Model]> {
  const names = items.map(({ name }) => name);
  const fromItems: Model = {
    names,
    owners: await Promise.all(
      items
        .map(async (one) => owners.indexOf((await one.owner.load()) as Owner))
        .map(async (place) => ((await place) < 0 ? null : place)),
    ),
    links: new Set(
      (
        await Promise.all(
          items.map(async (one, n) => (await one.labels.load()).map((other) => `${n}-${labels.indexOf(other)}`)),
        )
      ).flat(),
    ),
  };
  const holders: (number | null)[] = items.map(() => null);
  for (const [place, one] of owners.entries()) {
    for (const held of await one.items.load()) holders[items.indexOf(held)] = place;
  }
  const pairs = await Promise.all(
    labels.map(async (one, n) => (await one.items.load()).map((held) => `${items.indexOf(held)}-${n}`)),
  );
  return [fromItems, { names, owners: holders, links: new Set(pairs.flat()) }];
}

async function begin(loaded: boolean): Promise<{ db: Persistence; world: World; model: Model }> {
  const db = await createPersistence({ driver: sqljs(), entities: [Owner, Item, Label] });
  await createSchema(db);
  const maker = db.em();
  const owners = Array.from({ length: OWNERS }, (_, n) => maker.create(Owner, { name: `owner ${n}` }));
  const labels = Array.from({ length: LABELS }, (_, n) => maker.create(Label, { name: `label ${n}` }));
  maker.create(Item, { name: 'a', owner: owners[0] as Owner, labels: labels.slice(0, 2) });
  maker.create(Item, { name: 'b', owner: owners[1] as Owner, labels: labels.slice(1, 2) });
  maker.create(Item, { name: 'c' });
  await maker.flush();
  const em = db.em();
  const order = { orderBy: { id: 'asc' } } as const;
  const world: World = {
    em,
    owners: await em.find(Owner, {}, loaded ? { ...order, populate: ['items'] } : order),
    labels: await em.find(Label, {}, loaded ? { ...order, populate: ['items'] } : order),
    items: await em.find(Item, {}, loaded ? { ...order, populate: ['labels'] } : order),
  };
  return { db, world, model: await stored(db) };
}

async function holds(loaded: boolean, steps: readonly Edit[]): Promise<void> {
  const { db, world, model } = await begin(loaded);
  let wanted = model;
  let written = copy(model);
  for (const step of steps) {
    await editEntities(world, step);
    editModel(wanted, step);
    if (step.kind === 'flush') written = copy(wanted);
    if (step.kind === 'revert') wanted = copy(written);
    expect(await stored(db), 'the database').toEqual(written);
  }
  const [fromItems, fromOthers] = await shown(world);
  expect(fromItems, 'memory, from the items').toEqual(wanted);
  expect(fromOthers, 'memory, from the other sides').toEqual(wanted);
  await world.em.flush();
  expect(await stored(db), 'the database after the last flush').toEqual(wanted);
  expect((await world.em.plan()).statements).toEqual([]);
  await db.close();
}

describe('any sequence of edits, loads, flushes, reverts and rollbacks', () => {
  it('leaves memory, database and model the same where relations are loaded', async () => {
    const steps = fc.array(edits, { maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(steps, (sequence) => holds(true, sequence)),
      { numRuns: 150 },
    );
  });

  it('leaves memory, database and model the same where relations are not loaded', async () => {
    const steps = fc.array(edits, { maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(steps, (sequence) => holds(false, sequence)),
      { numRuns: 150 },
    );
  });
});
