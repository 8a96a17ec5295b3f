import { type BatchColumn, type BatchValue, type KeyGroup, PendingKey } from '../../compiler/batch-dialect.ts';
import type { ColumnMetadata, EntityMetadata } from '../../metadata/entity-metadata.ts';
import type { WireRow, WireValue } from '../../wire/wire-value.ts';
import type { FlushPlan, FlushStep, KeyReference, ReferringRow } from '../flush-plan.ts';

type Growing = { -readonly [P in keyof KeyGroup]: KeyGroup[P] } & { besides: WireValue[]; starts: number[] };

/** The keys of a plan that the database makes while the batch runs, and what refers to them. */
export class PendingKeys {
  readonly #groups = new Map<EntityMetadata, Growing>();
  readonly #places = new Map<WireRow, { readonly pending: PendingKey; readonly index: number }>();
  readonly #references = new Map<WireRow, readonly KeyReference[]>();

  constructor(plan: Pick<FlushPlan, 'steps'>) {
    for (const step of plan.steps) if (step.kind === 'insert') this.#note(step);
  }

  /** The groups, in the order in which their first rows are inserted. */
  get groups(): readonly KeyGroup[] {
    return [...this.#groups.values()];
  }

  /** What stands in the batch for the value of a column. */
  valueOf(row: WireRow, index: number, references = this.#references.get(row)): BatchValue {
    const place = this.#places.get(row);
    if (place?.index === index) return place.pending;
    const reference = references?.find((candidate) => candidate.index === index);
    if (reference !== undefined) return this.valueOf(reference.target, reference.source);
    return row[index] ?? null;
  }

  /** A column with the group that one of its values is a key of. */
  column({ name, type }: Pick<ColumnMetadata, 'name' | 'type'>, values: readonly BatchValue[]): BatchColumn {
    const pending = values.find((value) => value instanceof PendingKey);
    return { name, type, group: pending?.group ?? null };
  }

  /** Counts rows as inserted by one more statement. */
  inserted(rows: readonly WireRow[]): void {
    const group = rows[0] && (this.#places.get(rows[0])?.pending.group as Growing | undefined);
    if (group === undefined) return;
    group.starts.push(group.inserted + 1);
    group.inserted += rows.length;
  }

  /** Puts the keys into the rows, and then into those that refer to them. */
  settle(keysOf: (group: KeyGroup) => readonly WireValue[], rows: readonly ReferringRow[]): void {
    const keys = new Map(this.groups.map((group) => [group, keysOf(group)]));
    for (const [row, { pending, index }] of this.#places) {
      (row as WireValue[])[index] = keys.get(pending.group)?.[pending.place - 1] ?? null;
    }
    for (const { row, references } of rows) {
      for (const { index, target, source } of references) row[index] = target[source] ?? null;
    }
  }

  #note({ meta: { root }, keys, records }: Extract<FlushStep, { kind: 'insert' }>): void {
    const [key] = root.primaryKey;
    for (const { row, references } of records) {
      if (references.length > 0) this.#references.set(row, references);
      if (key === undefined) continue;
      if (keys === 'given') this.#groups.get(root)?.besides.push(row[key.index] ?? null);
      else this.#add(root, key, row);
    }
  }

  #add(root: EntityMetadata, key: ColumnMetadata, row: WireRow): void {
    let group = this.#groups.get(root);
    if (group === undefined) {
      const { name, type } = key;
      group = {
        index: this.#groups.size,
        table: root.table,
        key: { name, type },
        count: 0,
        inserted: 0,
        starts: [],
        besides: [],
      };
      this.#groups.set(root, group);
    }
    group.count += 1;
    this.#places.set(row, { pending: new PendingKey(group, group.count), index: key.index });
  }
}
