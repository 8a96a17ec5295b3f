import { createKeyReader, type IdentityKey } from '../identity/identity-key.ts';
import type { ColumnMetadata, EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow, WireValue } from '../wire/wire-value.ts';
import type { DeleteRecord, InsertRecord, ReferringRow, UpdateRecord } from './flush-plan.ts';
import { generatedKey } from './group-steps.ts';
import { change, deletion, insertion, type Operation, type Wait, waitFor } from './operation.ts';
import { canPark } from './parked-value.ts';
import { RenamedKeys } from './renamed-keys.ts';
import { slotsOf, slotValue, type UniqueSlot } from './unique-slots.ts';

/** What a flush does, row by row, and what the engine can do. */
export interface OperationSource {
  /** In an order in which each refers to earlier ones only. */
  readonly inserts: readonly InsertRecord[];
  readonly updates: readonly UpdateRecord[];
  readonly deletes: readonly DeleteRecord[];
  /** Whether rows of one INSERT can refer to each other where the database makes their keys. */
  readonly allocates: boolean;
  /** Whether a DELETE of several rows checks foreign keys after each. */
  readonly perRow: boolean;
  /** Whether two tables refer to each other, directly or through others. */
  isCircle(one: EntityMetadata, other: EntityMetadata): boolean;
}

/** What each change of a row has to wait for: keys that others make, references and unique values that others give up. */
export function buildOperations(source: OperationSource): readonly Operation[] {
  const operations = [
    ...source.inserts.map((record) => insertion(record, generatedKey(record) !== null)),
    ...source.updates.map(change),
    ...source.deletes.map(deletion),
  ];
  const vanishing = vanishingKeys(operations);
  const makers = makersOf(operations);
  const opened = new Map<WireRow, Operation & { kind: 'update' }>();
  for (const operation of operations) {
    if (operation.kind === 'update' && operation.record.reason === 'opens-circle')
      opened.set(operation.record.before, operation);
  }
  for (const operation of operations) {
    if (operation.kind !== 'delete') waitForKeys(operation, operation.record, makers, source.allocates);
    if (operation.kind !== 'insert') {
      leaveBefore(operation, vanishing, opened, source);
      changeBeforeKey(operation, vanishing);
    }
  }
  const renamed = new RenamedKeys(source.updates);
  for (const root of new Set(operations.map(({ record }) => record.meta.root))) {
    const own = operations.filter(({ record }) => record.meta.root === root);
    for (const slot of slotsOf(root)) waitForSlot(slot, own, renamed);
  }
  return operations;
}

type Makers = ReadonlyMap<WireRow, Operation>;

/** The operations after which a row has the key that others are to refer to. */
function makersOf(operations: readonly Operation[]): Makers {
  const makers = new Map<WireRow, Operation>();
  for (const operation of operations) {
    if (operation.kind !== 'delete' && !makers.has(operation.record.row)) makers.set(operation.record.row, operation);
  }
  return makers;
}

function waitForKeys(operation: Operation, record: ReferringRow, makers: Makers, allocates: boolean): void {
  const own = makers.get(record.row);
  // The update that closes a circle changes a row that is inserted first.
  const { table } = operation.record.meta;
  if (own !== undefined) waitFor(operation, own, hard(table, false));
  for (const { target, source } of record.references) {
    const maker = makers.get(target);
    const soft = allocates || target[source] != null;
    if (maker !== undefined) waitFor(operation, maker, { ...hard(table, maker.kind === 'update'), soft });
  }
}

function hard(path: string, special: boolean): Wait {
  return { soft: false, special, parks: null, path };
}

type Keys = ReadonlyMap<EntityMetadata, ReadonlyMap<IdentityKey, Operation>>;

/** The operations after which a key is not there any more, by table. */
function vanishingKeys(operations: readonly Operation[]): Keys {
  const keys = new Map<EntityMetadata, Map<IdentityKey, Operation>>();
  for (const operation of operations) {
    const { meta } = operation.record;
    const row = vanishingRow(operation);
    if (row === null) continue;
    const ofTable = keys.get(meta.root) ?? new Map<IdentityKey, Operation>();
    keys.set(meta.root, ofTable.set(createKeyReader(meta.root.primaryKey)(row, 0), operation));
  }
  return keys;
}

function vanishingRow(operation: Operation): WireRow | null {
  if (operation.kind === 'delete') return operation.record.row;
  if (operation.kind === 'insert' || !operation.record.columns.some(({ primary }) => primary)) return null;
  return operation.record.before;
}

/** A row that refers to another one goes, or turns away from it, before the other one goes or changes its key. */
function leaveBefore(
  operation: Exclude<Operation, { kind: 'insert' }>,
  vanishing: Keys,
  opened: Opened,
  source: OperationSource,
): void {
  const { meta } = operation.record;
  const row = operation.kind === 'delete' ? operation.record.row : operation.record.before;
  const opening = operation.kind === 'delete' ? opened.get(row) : undefined;
  if (opening !== undefined) waitFor(operation, opening, hard(meta.table, false));
  for (const relation of meta.relations.values()) {
    if (relation.kind !== 'to-one' || !isLeft(operation, relation)) continue;
    const key = opening !== undefined && isLeft(opening, relation) ? null : createKeyReader(relation.columns)(row, 0);
    const other = key === null ? undefined : vanishing.get(relation.target.root)?.get(key);
    if (other !== undefined) waitFor(other, operation, waitOf(operation, relation, other, source));
  }
}

/** How the row that a reference is to waits for the row that has it. */
function waitOf(
  { kind, record }: Operation,
  { columns, property, target }: RelationMetadata,
  other: Operation,
  { perRow, isCircle }: OperationSource,
): Wait {
  const { root } = record.meta;
  const together = target.root === root && !perRow;
  return {
    soft: together,
    special: other.kind === 'update' || (kind === 'delete' && !together && isCircle(root, target.root)),
    parks: kind === 'update' && columns.every(({ nullable }) => nullable) ? columns : null,
    path: `${record.meta.table}.${property}`,
  };
}

type Opened = ReadonlyMap<WireRow, Operation>;

/** Whether an operation takes a reference away. */
function isLeft(operation: Operation, { columns }: RelationMetadata): boolean {
  if (operation.kind !== 'update') return true;
  const changed = new Set(operation.record.columns.map(({ index }) => index));
  return operation.record.before !== operation.record.row && columns.some(({ index }) => changed.has(index));
}

/**
 * The database carries a changed key into the keys that contain it (ON UPDATE CASCADE), however deep: rows that are found
 * by such a key are changed before.
 */
function changeBeforeKey(operation: Exclude<Operation, { kind: 'insert' }>, vanishing: Keys): void {
  const { meta } = operation.record;
  const row = operation.kind === 'delete' ? operation.record.row : operation.record.before;
  for (const [root, ancestor] of keyAncestors(meta.root, row)) {
    const other = vanishing.get(root)?.get(createKeyReader(root.primaryKey)(ancestor, 0));
    const waits = other === undefined || operation.waits.has(other);
    if (!waits && other.kind === 'update') waitFor(other, operation, hard(`${meta.table}.${root.table}`, true));
  }
}

/** The rows whose keys are parts of a row's key, directly or through others; of each only the key is filled. */
function keyAncestors(root: EntityMetadata, row: WireRow): (readonly [EntityMetadata, WireRow])[] {
  const found: (readonly [EntityMetadata, WireRow])[] = [];
  const queue: (readonly [EntityMetadata, WireRow])[] = [[root, row]];
  for (const [meta, values] of queue) {
    for (const { columns, target } of meta.relations.values()) {
      if (columns.length === 0 || !columns.every(({ primary }) => primary)) continue;
      const ancestor: WireValue[] = [];
      for (const [place, { index }] of target.root.primaryKey.entries()) {
        ancestor[index] = values[columns[place]?.index ?? -1] ?? null;
      }
      found.push([target.root, ancestor]);
      queue.push([target.root, ancestor]);
    }
  }
  return found;
}

/** What takes a unique value waits for what gives it up. */
function waitForSlot(slot: UniqueSlot, operations: readonly Operation[], renamed: RenamedKeys): void {
  const released = new Map<string, Operation>();
  for (const operation of operations) {
    const value = releasedBy(slot, operation, renamed);
    if (value !== null) released.set(value, operation);
  }
  if (released.size === 0) return;
  for (const operation of operations) {
    const value = occupiedBy(slot, operation, renamed);
    const earlier = value === null ? undefined : released.get(value);
    if (earlier === undefined) continue;
    const column = slot.columns.find((candidate) => isParkable(candidate, earlier));
    waitFor(operation, earlier, {
      soft: false,
      special: true,
      parks: column === undefined ? null : [column],
      path: slot.path,
    });
  }
}

// Only a column that the operation writes anyway has its value in the end; of a row that goes every one will do but its key.
function isParkable(column: ColumnMetadata, operation: Operation): boolean {
  const free = operation.kind === 'delete' ? !column.primary : operation.kind === 'update' && sets(operation, column);
  return free && canPark(column);
}

function sets({ record }: Operation & { readonly kind: 'update' }, { index }: ColumnMetadata): boolean {
  return record.columns.some((column) => column.index === index);
}

function releasedBy(slot: UniqueSlot, operation: Operation, renamed: RenamedKeys): string | null {
  if (operation.kind === 'insert') return null;
  const { root } = operation.record.meta;
  if (operation.kind === 'delete') {
    return slotValue(slot, (column) => renamed.valueOf(root, column, operation.record.row));
  }
  const { before, row } = operation.record;
  if (before === row || !slot.columns.some((column) => sets(operation, column))) return null;
  const value = slotValue(slot, (column) => renamed.valueOf(root, column, before));
  return value === occupiedBy(slot, operation, renamed) ? null : value;
}

function occupiedBy(slot: UniqueSlot, operation: Operation, renamed: RenamedKeys): string | null {
  if (operation.kind === 'delete') return null;
  if (operation.kind === 'update' && !slot.columns.some((column) => sets(operation, column))) return null;
  const { row, references, meta } = operation.record;
  return slotValue(slot, (column) => {
    if (operation.kind === 'update' && !sets(operation, column)) return renamed.valueOf(meta.root, column, row);
    const reference = references.find(({ index }) => index === column.index);
    return (reference === undefined ? row[column.index] : reference.target[reference.source]) ?? null;
  });
}
