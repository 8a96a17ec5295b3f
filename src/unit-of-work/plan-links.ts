import { EntityCollection } from '../criteria/entity-collection.ts';
import type { LinkMetadata, LinkSupport, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow } from '../wire/wire-value.ts';
import type { FlushStep, LinkPair } from './flush-plan.ts';
import type { PendingRows } from './pending-rows.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** The link rows that edited many-to-many collections add and remove. */
export function planLinks(unit: UnitOfWork, rows: PendingRows): { added: FlushStep[]; removed: FlushStep[] } {
  const added = new LinkSteps('link-insert');
  const removed = new LinkSteps('link-delete');
  for (const [collection, { relation, owner }] of unit.editedLinks) {
    if (unit.removed.has(owner)) continue;
    const edits = EntityCollection.editsOf(collection);
    const pair = (item: object): LinkPair => ({
      own: rows.ownRow(owner),
      target: rows.rowOf(relation, item).row,
    });
    // Whichever end is removed, there is no link, as there would be none had the other side been edited.
    for (const item of edits.added) if (!unit.removed.has(item)) added.add(relation, pair(item));
    // The link of a removed entity goes, or went, with its row (ON DELETE CASCADE).
    for (const item of edits.removed) {
      if (!unit.removed.has(item) && unit.knows(item)) removed.add(relation, asStored(unit, owner, item, pair(item)));
    }
  }
  return { added: added.steps(), removed: removed.steps() };
}

// A key that changes is still the old one when links go.
function asStored(unit: UnitOfWork, owner: object, item: object, { own, target }: LinkPair): LinkPair {
  return { own: unit.snapshot(owner) ?? own, target: unit.snapshot(item) ?? target };
}

type LinkKind = 'link-insert' | 'link-delete';

interface LinkEntry {
  readonly link: LinkMetadata;
  readonly support: LinkSupport | null;
  readonly pairs: LinkPair[];
  readonly known: Map<WireRow, Set<WireRow>>;
}

/** Pairs by link table, each once, whichever side was edited. */
class LinkSteps {
  readonly #kind: LinkKind;
  readonly #pairs = new Map<string, LinkEntry>();

  constructor(kind: LinkKind) {
    this.#kind = kind;
  }

  add(relation: RelationMetadata, pair: LinkPair): void {
    const owning = relation.owning ? relation : relation.inverse;
    const link = owning?.link;
    if (link == null) return;
    const { own, target } = relation.owning ? pair : { own: pair.target, target: pair.own };
    let entry = this.#pairs.get(link.table);
    if (entry === undefined) {
      entry = { link, support: relation.support, pairs: [], known: new Map() };
      this.#pairs.set(link.table, entry);
    }
    const targets = entry.known.get(own) ?? new Set();
    if (targets.has(target)) return;
    entry.known.set(own, targets.add(target));
    entry.pairs.push({ own, target });
  }

  steps(): FlushStep[] {
    return [...this.#pairs.values()].map(({ link, support, pairs }) => ({ kind: this.#kind, link, support, pairs }));
  }
}
