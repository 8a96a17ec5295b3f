import { ValidationError } from '../errors.ts';
import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow } from '../wire/wire-value.ts';
import { encodeInsert, type RelatedRow, tieReferences } from './encode-insert.ts';
import type { InsertRecord } from './flush-plan.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** The rows of new entities, by entity. Entities that are found through `cascade: ['persist']` join on the way. */
export class PendingRows {
  readonly #unit: UnitOfWork;
  readonly #now: () => number;
  readonly #records = new Map<object, InsertRecord>();

  constructor(unit: UnitOfWork, now: () => number) {
    this.#unit = unit;
    // One instant for the whole flush.
    let instant: number | undefined;
    this.#now = () => {
      instant ??= now();
      return instant;
    };
  }

  encodeAll(): void {
    // A Map's iteration also reaches what is added while it runs, so that no recursion follows a chain of new entities.
    for (const [entity, meta] of this.#unit.pending) this.#encode(entity, meta);
    for (const { entity, meta, row, references } of this.#records.values()) {
      tieReferences(meta, entity, row, references, (related, property) => this.rowOf(meta, related, property));
    }
  }

  records(): InsertRecord[] {
    return [...this.#records.values()];
  }

  /** The row of a persistent or pending entity. */
  rowOf(meta: EntityMetadata, related: object, property: string): RelatedRow {
    const target = meta.relations.get(property)?.target;
    if (target !== undefined && this.#unit.context.registry.of(related)?.root !== target.root) {
      throw new ValidationError(`${meta.table}.${property}: the related object is no entity of '${target.table}'`, {
        entity: meta.table,
        property,
      });
    }
    const record = this.#records.get(related);
    if (record !== undefined) return { row: record.row, pending: true };
    const row = this.#unit.snapshot(related);
    if (row !== undefined && !this.#unit.removed.has(related)) return { row, pending: false };
    const problem =
      row === undefined ? 'is not persisted; persist it, or add cascade: ["persist"]' : 'is to be removed';
    throw new ValidationError(`${meta.table}.${property}: the related entity ${problem}`, {
      entity: meta.table,
      property,
    });
  }

  /** The row of an entity that is persistent or pending for sure. */
  ownRow(entity: object): WireRow {
    return this.#records.get(entity)?.row ?? this.#unit.snapshot(entity) ?? [];
  }

  #encode(entity: object, meta: EntityMetadata): void {
    if (!this.#records.has(entity)) this.#records.set(entity, encodeInsert(meta, entity, this.#now));
  }
}
