import { invalid } from '../metadata/entity-error.ts';
import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
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

  /** Encodes all pending entities, except those that the flush is to forget. */
  encodeAll(forgotten: ReadonlySet<object>): void {
    // A Map's iteration also reaches what is added while it runs, so that no recursion follows a chain of new entities.
    for (const [entity, meta] of this.#unit.pending) if (!forgotten.has(entity)) this.#encode(entity, meta);
    for (const record of this.#records.values()) {
      tieReferences(this.#unit.hydrator(record.meta), record.entity, record, this.rowOf);
    }
  }

  records(): InsertRecord[] {
    return [...this.#records.values()];
  }

  /** The row of a persistent or pending entity at the other end of a relation. */
  readonly rowOf = ({ owner, property, target }: RelationMetadata, related: object): RelatedRow => {
    const record = this.#records.get(related);
    const meta = record?.meta ?? this.#unit.context.registry.of(related);
    const row = record?.row ?? this.#unit.snapshot(related);
    if (meta?.root === target.root && row !== undefined && !this.#unit.removed.has(related)) {
      return { row, pending: record !== undefined };
    }
    const problem =
      meta?.root !== target.root
        ? `object is no entity of '${target.table}'`
        : row === undefined
          ? "entity is not persisted; persist it, or add cascade: ['persist']"
          : 'entity is to be removed';
    throw invalid(owner.table, property, `the related ${problem}`);
  };

  /** The row of an entity that is persistent or pending for sure. */
  ownRow(entity: object): WireRow {
    return this.#records.get(entity)?.row ?? this.#unit.snapshot(entity) ?? [];
  }

  #encode(entity: object, meta: EntityMetadata): void {
    if (!this.#records.has(entity))
      this.#records.set(entity, encodeInsert(this.#unit.hydrator(meta), entity, this.#now));
  }
}
