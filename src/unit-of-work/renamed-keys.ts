import { createKeyReader, type IdentityKey } from '../identity/identity-key.ts';
import type { ColumnMetadata, EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow, WireValue } from '../wire/wire-value.ts';
import type { UpdateRecord } from './flush-plan.ts';

/**
 * What foreign keys become when the keys that they hold change in the same flush and the database carries the change over
 * (`onUpdate: 'cascade'`). Values before and after are only comparable when both speak of the keys after the flush.
 */
export class RenamedKeys {
  readonly #rows = new Map<EntityMetadata, Map<IdentityKey, WireRow>>();
  readonly #relations = new Map<ColumnMetadata, RelationMetadata | null>();

  constructor(updates: readonly UpdateRecord[]) {
    for (const { meta, before, row, columns } of updates) {
      if (!columns.some(({ primary }) => primary)) continue;
      const ofTable = this.#rows.get(meta.root) ?? new Map<IdentityKey, WireRow>();
      this.#rows.set(meta.root, ofTable.set(createKeyReader(meta.root.primaryKey)(before, 0), row));
    }
  }

  /** The value that a column of a row has after the flush, where the flush does not set it. */
  valueOf(root: EntityMetadata, column: ColumnMetadata, row: WireRow): WireValue {
    let meta = root;
    let at = column;
    let values = row;
    // A key may contain a key that contains another one.
    while (this.#rows.size > 0 && at.role === 'reference') {
      const relation = this.#relationOf(meta, at);
      if (relation?.onUpdate !== 'cascade') break;
      const key = relation.target.root.primaryKey;
      const part = key[relation.columns.findIndex(({ index }) => index === at.index)];
      const target: WireValue[] = [];
      for (const [place, { index }] of key.entries())
        target[index] = values[relation.columns[place]?.index ?? -1] ?? null;
      const renamed = this.#rows.get(relation.target.root)?.get(createKeyReader(key)(target, 0));
      if (part === undefined || renamed !== undefined) return renamed?.[part?.index ?? -1] ?? null;
      [meta, at, values] = [relation.target.root, part, target];
    }
    return values[at.index] ?? null;
  }

  #relationOf({ family }: EntityMetadata, column: ColumnMetadata): RelationMetadata | null {
    let relation = this.#relations.get(column);
    if (relation === undefined) {
      const relations = family.flatMap((member) => [...member.relations.values()]);
      relation = relations.find(({ columns }) => columns.some(({ index }) => index === column.index)) ?? null;
      this.#relations.set(column, relation);
    }
    return relation;
  }
}
