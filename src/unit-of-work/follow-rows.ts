import { Reference } from '../criteria/reference.ts';
import type { EntityStore } from '../identity/entity-store.ts';
import { createKeyReader, type IdentityKey } from '../identity/identity-key.ts';
import { keyOfRow, keyParts } from '../metadata/entity-key.ts';
import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow, WireValue } from '../wire/wire-value.ts';
import { type FlushDraft, type Undo, type UpdateRecord, undoAll } from './flush-plan.ts';
import { byRoot } from './group-steps.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * Shows in memory what the database did along: entities whose keys changed are found by their new keys, rows that referred
 * to them (`onUpdate`) refer to these, and rows that referred to deleted ones (`onDelete`) are gone or refer to nothing.
 * Gives what takes all of it back.
 */
export function follow(unit: UnitOfWork, draft: FlushDraft): Undo {
  const undos: Undo[] = [];
  // What this flush wrote itself refers to what is there after it.
  const written = new Set<WireRow>(draft.inserts.map(({ row }) => row));
  const follower = new Follower(unit, undos, written, writtenReferences(draft.updates));
  follower.deleted(byRoot(draft.deletes));
  follower.rekeyed(draft.updates.filter(({ columns }) => columns.some(({ primary }) => primary)));
  return undoAll(undos);
}

/** The foreign keys that updates have set, by row. */
function writtenReferences(updates: readonly UpdateRecord[]): ReadonlyMap<WireRow, ReadonlySet<number>> {
  const written = new Map<WireRow, ReadonlySet<number>>();
  for (const { row, columns } of updates) {
    const references = columns.filter(({ role }) => role === 'reference');
    if (references.length > 0) written.set(row, new Set(references.map(({ index }) => index)));
  }
  return written;
}

/** What became of the key of a row: the parts of the new one, or null where the row is gone. */
type Fate = readonly WireValue[] | null;
type Fates = Map<IdentityKey, Fate>;

class Follower {
  readonly #unit: UnitOfWork;
  readonly #undos: Undo[];
  readonly #inserted: ReadonlySet<WireRow>;
  readonly #written: ReadonlyMap<WireRow, ReadonlySet<number>>;
  readonly #relations: ReadonlySet<RelationMetadata>;

  constructor(
    unit: UnitOfWork,
    undos: Undo[],
    inserted: ReadonlySet<WireRow>,
    written: ReadonlyMap<WireRow, ReadonlySet<number>>,
  ) {
    this.#unit = unit;
    this.#undos = undos;
    this.#inserted = inserted;
    this.#written = written;
    const relations = unit.context.registry.entities.flatMap((meta) => [...meta.relations.values()]);
    this.#relations = new Set(relations.filter(({ kind }) => kind === 'to-one'));
  }

  /** Follows the deletion of rows, level by level. */
  deleted(records: ReadonlyMap<EntityMetadata, readonly { readonly row: WireRow }[]>): void {
    let level = new Map<EntityMetadata, Fates>();
    for (const [root, rows] of records) {
      const keyOf = createKeyReader(root.primaryKey);
      level.set(root, new Map(rows.map(({ row }) => [keyOf(row, 0), null])));
    }
    while (level.size > 0) level = this.#follow(level, 'onDelete');
  }

  /** Follows the change of keys, level by level: a key may be part of another one. */
  rekeyed(records: readonly UpdateRecord[]): void {
    let level = new Map<EntityMetadata, Fates>();
    const moves = records.map(({ meta, place, before, row }) => ({ meta, place, before, row }));
    for (const [root, moved] of byRoot(moves)) level.set(root, this.#move(root, moved));
    while (level.size > 0) level = this.#follow(level, 'onUpdate');
  }

  /** Shows what became of the rows that refer to some keys; gives what became of their own keys by it. */
  #follow(level: ReadonlyMap<EntityMetadata, Fates>, option: 'onDelete' | 'onUpdate'): Map<EntityMetadata, Fates> {
    const next = new Map<EntityMetadata, Fates>();
    for (const relation of this.#relations) {
      const fates = level.get(relation.target.root);
      const action = relation[option];
      if (fates === undefined || action === 'no action') continue;
      const own = this.#followRelation(relation, fates, action);
      if (own.size > 0) {
        next.set(relation.owner.root, new Map([...(next.get(relation.owner.root) ?? []), ...own]));
      }
    }
    return next;
  }

  #followRelation(relation: RelationMetadata, fates: Fates, action: 'cascade' | 'set null'): Fates {
    const { root } = relation.owner;
    const store = this.#unit.store(root);
    const moved: Move[] = [];
    const gone: Fates = new Map();
    const ownKeyOf = createKeyReader(root.primaryKey);
    for (const [place, fate] of this.#referring(relation, store, fates)) {
      const before = store.rows[place] as WireRow;
      const entity = store.entities[place] as object;
      if (fate === null && action === 'cascade') {
        gone.set(ownKeyOf(before, 0), null);
        this.#detach(store, ownKeyOf(before, 0), place, entity);
      } else {
        const row = this.#refer(store, place, relation, action === 'cascade' ? fate : null);
        moved.push({ meta: root, place, before, row });
      }
    }
    const changesKey = relation.columns.some(({ primary }) => primary);
    return changesKey && moved.length > 0 ? this.#move(root, moved) : gone;
  }

  /** The places of the rows that refer to one of the keys, with what became of it. */
  #referring(relation: RelationMetadata, { entities, rows }: EntityStore, fates: Fates): [number, Fate][] {
    const keyOf = createKeyReader(relation.columns);
    return entities.flatMap((entity, place) => {
      const row = rows[place] as WireRow;
      if (entity === null || this.#isWritten(row, relation)) return [];
      const key = keyOf(row, 0);
      const fate = key === null ? undefined : fates.get(key);
      return fate === undefined ? [] : [[place, fate] as [number, Fate]];
    });
  }

  #isWritten(row: WireRow, { columns }: RelationMetadata): boolean {
    const written = this.#written.get(row);
    return this.#inserted.has(row) || (written !== undefined && columns.some(({ index }) => written.has(index)));
  }

  #detach(store: EntityStore, key: IdentityKey, place: number, entity: object): void {
    const { removed, touched, detached } = this.#unit;
    store.drop(key, place);
    const [wasRemoved, wasTouched] = [removed.delete(entity), touched.delete(entity)];
    detached.add(entity);
    this.#undos.push(() => {
      store.restore(key, place, entity);
      detached.delete(entity);
      if (wasRemoved) removed.add(entity);
      if (wasTouched) touched.add(entity);
    });
  }

  /** Gives a row the foreign key that it has now, and its entity the relation. */
  #refer(
    store: EntityStore,
    place: number,
    relation: RelationMetadata,
    key: readonly WireValue[] | null,
  ): readonly WireValue[] {
    const before = store.rows[place] as WireRow;
    const row = before.slice();
    for (const [part, { index }] of relation.columns.entries()) row[index] = key?.[part] ?? null;
    store.rows[place] = row;
    const entity = store.entities[place] as object;
    const field: unknown = Reflect.get(entity, relation.property);
    if (!(field instanceof Reference)) return row;
    const [state, value] = [Reference.stateOf(field), Reference.valueOf(field)];
    // An entity stays what it is; a relation that was set meanwhile is the application's.
    if (key === null && !this.#unit.touched.has(entity)) Reference.fill(field, 'entity', null);
    else if (key !== null && state === 'key') Reference.fill(field, 'key', keyOfRow(relation.columns, row));
    const now = Reference.valueOf(field);
    this.#undos.push(() => {
      if (store.entities[place] !== entity) return;
      store.rows[place] = before;
      if (Reference.valueOf(field) === now) Reference.fill(field, state, value);
    });
    return row;
  }

  /** Finds entities by their new keys; gives what became of the old ones. All at once, because keys may be exchanged. */
  #move(root: EntityMetadata, moved: readonly Move[]): Fates {
    const store = this.#unit.store(root);
    const keyOf = createKeyReader(root.primaryKey);
    const exchange = (from: 'before' | 'row', to: 'before' | 'row'): void => {
      const present = moved.filter(({ place, [from]: row }) => store.places.get(keyOf(row, 0)) === place);
      for (const move of present) store.places.delete(keyOf(move[from], 0));
      for (const move of present) store.places.set(keyOf(move[to], 0), move.place);
    };
    exchange('before', 'row');
    this.#undos.push(() => exchange('row', 'before'));
    return new Map(moved.map(({ before, row }) => [keyOf(before, 0), keyParts(keyOfRow(root.primaryKey, row))]));
  }
}

/** A row whose key changed. */
interface Move {
  readonly meta: EntityMetadata;
  readonly place: number;
  readonly before: WireRow;
  readonly row: WireRow;
}
