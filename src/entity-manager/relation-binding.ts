import { EntityCollection } from '../criteria/entity-collection.ts';
import type { Operator } from '../criteria/operator.ts';
import { Reference } from '../criteria/reference.ts';
import type { RelationLoader } from '../criteria/relation-loader.ts';
import { NotFoundError, type ValidationError } from '../errors.ts';
import { invalid } from '../metadata/entity-error.ts';
import { decodeKey } from '../metadata/entity-key.ts';
import type { RelationMetadata } from '../metadata/entity-metadata.ts';
import { type FindRequest, planFind } from '../query/find-plan.ts';
import { entityKey } from '../query/lower-relation.ts';
import type { WireKey, WireRow } from '../wire/wire-value.ts';
import { bounded } from './bounded.ts';
import { keepInStep } from './keep-in-step.ts';
import { loadRelation, ownerKey } from './load-relation.ts';
import { type Reader, readRows } from './reader.ts';

/** The loader of one relation in one unit of work. Loads that begin in the same tick become one. */
export class RelationBinding implements RelationLoader {
  readonly #reader: Reader;
  readonly #relation: RelationMetadata;
  #queue: Set<object> | null = null;
  #batch: Promise<unknown> | null = null;

  constructor(reader: Reader, relation: RelationMetadata) {
    this.#reader = reader;
    this.#relation = relation;
  }

  get path(): string {
    return `${this.#relation.owner.table}.${this.#relation.property}`;
  }

  get isLink(): boolean {
    return this.#relation.kind === 'link';
  }

  check(item: object): void {
    const { owner, property, target } = this.#relation;
    if (this.#reader.unit.context.registry.of(item)?.root === target.root) return;
    throw invalid(owner.table, property, `takes an entity of '${target.table}'`);
  }

  decodeKey(wire: WireKey): unknown {
    return decodeKey(this.#relation.target, wire);
  }

  keyOf(entity: object): unknown {
    const meta = this.#reader.unit.context.registry.of(entity);
    return meta === undefined ? undefined : entityKey(meta, entity);
  }

  find(wire: WireKey): object | undefined {
    return this.#reader.unit.find(this.#relation.target, wire);
  }

  async loadOne(owner: object): Promise<object | null> {
    await this.#load(owner);
    const field = Reflect.get(owner, this.#relation.property) as Reference;
    if (field.isLoaded) return Reference.valueOf(field) as object | null;
    throw new NotFoundError(`${this.path}: the row that the foreign key refers to is not there`, {
      entity: this.#relation.target.table,
      property: this.#relation.property,
    });
  }

  async loadMany(owner: object): Promise<readonly object[]> {
    await this.#load(owner);
    const field = Reflect.get(owner, this.#relation.property) as EntityCollection;
    const items = EntityCollection.itemsOf(field);
    if (items === null) throw this.#detached();
    return items;
  }

  async count(owner: object): Promise<number> {
    if (!this.#isStored(owner)) return 0;
    const rows = await this.#readRelated(owner, { count: true });
    return Number(rows[0]?.[0] ?? 0);
  }

  async matching(owner: object, where: Operator | object): Promise<readonly object[]> {
    if (!this.#isStored(owner)) return [];
    const rows = await this.#readRelated(owner, { where });
    return this.#reader.unit.load(this.#relation.target, rows).filter((entity) => entity !== null);
  }

  /** Reads of the rows at the other end of one owner's relation. */
  #readRelated(owner: object, request: FindRequest): Promise<readonly WireRow[]> {
    return bounded(this.#reader, {}, async (reader) => {
      const { unit, session } = reader;
      const relatedTo = { relation: this.#relation, key: ownerKey(unit, this.#relation, owner) };
      return readRows(
        reader,
        planFind(unit.context.registry, session, this.#relation.target, { ...request, relatedTo }),
      );
    });
  }

  changed(owner: object, previous: object | null, next: object | null): void {
    if (this.#tracks(owner)) keepInStep.changed(this.#reader.unit, this.#relation, owner, previous, next);
  }

  added(owner: object, item: object): void {
    if (this.#tracks(owner)) keepInStep.added(this.#reader.unit, this.#relation, owner, item);
  }

  removed(owner: object, item: object): void {
    if (this.#tracks(owner)) keepInStep.removed(this.#reader.unit, this.#relation, owner, item);
  }

  // What is done to a detached entity is nobody else's affair until it is merged.
  #tracks(owner: object): boolean {
    return !this.#reader.unit.detached.has(owner);
  }

  /** Whether the owner has a row; what was cleared away or deleted has neither a row nor an empty relation. */
  #isStored(owner: object): boolean {
    const { unit } = this.#reader;
    if (unit.snapshot(owner) !== undefined) return true;
    if (unit.pending.has(owner)) return false;
    throw this.#detached();
  }

  #detached(): ValidationError {
    const { owner, property } = this.#relation;
    return invalid(owner.table, property, 'the entity is detached; load its row again to read its relations');
  }

  #load(owner: object): Promise<unknown> {
    if (this.#queue === null || this.#batch === null) {
      const queue = new Set<object>();
      this.#queue = queue;
      this.#batch = Promise.resolve().then(() => {
        this.#queue = null;
        return bounded(this.#reader, {}, (reader) => loadRelation(reader, this.#relation, [...queue]));
      });
    }
    this.#queue.add(owner);
    return this.#batch;
  }
}
