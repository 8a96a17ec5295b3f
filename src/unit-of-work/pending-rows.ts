import { invalid } from '../metadata/entity-error.ts';
import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow } from '../wire/wire-value.ts';
import { encodeInsert, type RelatedRow, tieReferences } from './encode-insert.ts';
import type { InsertRecord, UpdateRecord } from './flush-plan.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** The rows of new entities, by entity. Entities that are found through `cascade: ['persist']` join on the way. */
export class PendingRows {
  readonly #unit: UnitOfWork;
  readonly #now: () => number;
  readonly #records = new Map<object, InsertRecord>();
  /** Rows whose keys change. */
  #rekeyed: Map<object, WireRow> | null = null;

  constructor(unit: UnitOfWork, now: () => number) {
    this.#unit = unit;
    this.#now = now;
  }

  /** Encodes all pending entities, except those that the flush is to forget. */
  encodeAll(forgotten: ReadonlySet<object>): void {
    // A Map's iteration also reaches what is added while it runs, so that no recursion follows a chain of new entities.
    for (const [entity, meta] of this.#unit.pending) if (!forgotten.has(entity)) this.#encode(entity, meta);
  }

  /** Notes a persistent row whose key changes: what is set to refer to it has to refer to it by its new key. */
  rekey({ entity, row }: UpdateRecord): void {
    this.#rekeyed ??= new Map();
    this.#rekeyed.set(entity, row);
  }

  /** Ties the foreign keys of new rows to the rows that they refer to. */
  tieAll(): void {
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
    const written = record?.row ?? this.#rekeyed?.get(related);
    const row = written ?? this.#unit.snapshot(related);
    if (meta?.root === target.root && row !== undefined && !this.#unit.removed.has(related)) {
      return { row, pending: written !== undefined };
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
    return this.#records.get(entity)?.row ?? this.#rekeyed?.get(entity) ?? this.#unit.snapshot(entity) ?? [];
  }

  #encode(entity: object, meta: EntityMetadata): void {
    if (!this.#records.has(entity))
      this.#records.set(entity, encodeInsert(this.#unit.hydrator(meta), entity, this.#now));
  }
}
