import type { CollectionEdits, EntityCollection } from '../criteria/entity-collection.ts';
import type {
  ColumnMetadata,
  EntityMetadata,
  LinkMetadata,
  LinkSupport,
  RelationMetadata,
} from '../metadata/entity-metadata.ts';
import type { WireRow, WireValue } from '../wire/wire-value.ts';

/**
 * A column of a row that is to hold the key of another row of the same flush. It is filled when that row's key is known,
 * just before the statement that needs it.
 */
export interface KeyReference {
  readonly index: number;
  readonly target: WireRow;
  readonly source: number;
}

/** A row whose foreign keys may wait for the keys of other rows. */
export interface ReferringRow {
  readonly row: WireValue[];
  references: KeyReference[];
}

/** What most rows have: nothing to wait for. Replaced, never changed. */
export const NO_REFERENCES: KeyReference[] = [];

/** No columns at all. */
export const NO_COLUMNS: readonly ColumnMetadata[] = [];

/** A row to insert; it becomes the entity's snapshot. */
export interface InsertRecord {
  readonly entity: object;
  readonly meta: EntityMetadata;
  readonly row: WireValue[];
  /** The columns that the database fills; the row has NULL there until they are read back. */
  readonly absent: readonly ColumnMetadata[];
  references: KeyReference[];
}

/** A row to change. */
export interface UpdateRecord {
  readonly entity: object;
  readonly meta: EntityMetadata;
  /** The entity's place in its store; -1 for a row that this flush inserts first. */
  readonly place: number;
  readonly before: WireRow;
  readonly row: WireValue[];
  /** The columns that differ, in the order of the row. */
  readonly columns: readonly ColumnMetadata[];
  /** The columns that the application did not set and that are the row's afterwards; left out where there are none. */
  readonly follows?: readonly ColumnMetadata[];
  references: KeyReference[];
  /** See {@link UpdateReason}. */
  readonly reason?: UpdateReason;
}

/** A row to delete. */
export interface DeleteRecord {
  readonly entity: object;
  readonly meta: EntityMetadata;
  readonly place: number;
  readonly row: WireRow;
}

/** A pair of a link table, by the rows at its ends. */
export interface LinkPair {
  readonly own: WireRow;
  readonly target: WireRow;
}

/**
 * One kind of change to one table. `keys` of an insert: `given` by the application, `generated` by the database in the
 * statement, or `allocated` before it, because rows of the same statement refer to each other.
 */
export type FlushStep = InsertStep | UpdateStep | DeleteStep | LinkStep;

/** Rows of one class to insert. */
export interface InsertStep {
  readonly kind: 'insert';
  readonly meta: EntityMetadata;
  readonly columns: readonly ColumnMetadata[];
  readonly keys: 'given' | 'generated' | 'allocated';
  readonly records: readonly InsertRecord[];
}

/** Rows of one table to change in the same columns. */
export interface UpdateStep {
  readonly kind: 'update';
  readonly meta: EntityMetadata;
  readonly columns: readonly ColumnMetadata[];
  readonly records: readonly UpdateRecord[];
  /** The tables whose rows change along. */
  readonly writes?: readonly string[];
  /** Why there is a statement that only makes way for others; left out for what the application asked for. */
  readonly reason?: UpdateReason;
}

/**
 * Why an update is there: `closes-circle`, new rows refer to each other and one had to be there first; `opens-circle`, rows
 * that refer to each other are deleted; `parks`, a value that another row takes is given up before; `replaces`, a removed
 * and a new entity have one key.
 */
export type UpdateReason = 'closes-circle' | 'opens-circle' | 'parks' | 'replaces';

/** Rows of one table to delete. */
export interface DeleteStep {
  readonly kind: 'delete';
  readonly meta: EntityMetadata;
  readonly records: readonly DeleteRecord[];
  /** The tables whose rows go, or change, along. */
  readonly writes: readonly string[];
}

/** The pairs that go into a link table or out of it. */
export interface LinkStep {
  readonly kind: 'link-insert' | 'link-delete';
  readonly link: LinkMetadata;
  readonly support: LinkSupport | null;
  readonly pairs: readonly LinkPair[];
}

/** The edits of a collection at the time of the plan. */
export interface PlannedEdits {
  readonly collection: EntityCollection;
  readonly edits: CollectionEdits;
  /** The entry of a many-to-many collection among the edited ones; null for one that shows edits of the other side. */
  readonly link: LinkEdit | null;
}

/** A many-to-many collection with unflushed edits. */
export interface LinkEdit {
  readonly relation: RelationMetadata;
  readonly owner: object;
}

/** The link rows that a flush puts in and takes out. */
export interface LinkSteps {
  readonly added: readonly FlushStep[];
  readonly removed: readonly FlushStep[];
}

/** What a flush is to write, in no order yet. */
export interface FlushDraft {
  readonly inserts: readonly InsertRecord[];
  readonly updates: readonly UpdateRecord[];
  readonly deletes: readonly DeleteRecord[];
  /** Removed entities whose rows stay; {@link updates} say so of the rows. */
  readonly softened: readonly DeleteRecord[];
  readonly links: LinkSteps;
  /** Entities that are not to be inserted any more, because their owner is removed. */
  readonly forgotten: readonly object[];
  readonly collections: readonly PlannedEdits[];
  /** How many edits of relations there had been when the plan was made. */
  readonly edits: number;
}

/** Takes back what was written into memory; the user's own edits stay. */
export type Undo = () => void;

/** One that takes back what several did, the last first. */
export function undoAll(undos: readonly Undo[]): Undo {
  return () => {
    for (const undo of undos.toReversed()) undo();
  };
}

/** All that one flush does, in order. A pure value: making it speaks to no database and changes no entity. */
export interface FlushPlan extends FlushDraft {
  readonly steps: readonly FlushStep[];
  /**
   * Shows in memory what the database did along by `onDelete` and `onUpdate`, and gives what takes it back; null where
   * nothing of the kind can happen.
   */
  readonly follow: (() => Undo) | null;
}
