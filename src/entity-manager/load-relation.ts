import type { ExpressionNode, SelectNode } from '../ast/query-node.ts';
import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import { createKeyReader, type IdentityKey, identityKey } from '../identity/identity-key.ts';
import { keyOfRow } from '../metadata/entity-key.ts';
import type { LinkMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import { planSelectByKey } from '../query/select-by-key.ts';
import { referredTo } from '../unit-of-work/other-side.ts';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts';
import type { WireKey, WireRow } from '../wire/wire-value.ts';
import { type Reader, readRows } from './reader.ts';

/** An owner of a relation with its row. */
export interface OwnerRow {
  readonly owner: object;
  readonly row: WireRow;
}

/** The part of a `LinkSupport` that loads a relation over a link table. */
export interface LinkLoading {
  load(reader: Reader, relation: RelationMetadata, link: LinkMetadata, owners: readonly OwnerRow[]): Promise<void>;
  /** The SELECT of the pairs that a condition holds for. */
  select(link: LinkMetadata, where: ExpressionNode): SelectNode;
  /** Hands each owner the targets of the rows of a link table; the targets were read along. */
  give(
    reader: Reader,
    relation: RelationMetadata,
    link: LinkMetadata,
    owners: readonly OwnerRow[],
    rows: { readonly pairs: readonly WireRow[]; readonly targets: readonly WireRow[] },
  ): void;
}

/**
 * Loads one relation for many owners with as few statements as there are kinds of rows: one, or two over a link table.
 * Owners that have it in memory, or that have no row yet, are passed over.
 */
export async function loadRelation(
  reader: Reader,
  relation: RelationMetadata,
  owners: readonly object[],
): Promise<void> {
  if (relation.kind === 'to-one') return loadReferences(reader, relation, owners);
  const open = openOwners(reader.unit, relation, owners);
  if (open.length === 0) return;
  const { link } = relation;
  await (link === null
    ? loadInverse(reader, relation, open)
    : (relation.support as LinkLoading).load(reader, relation, link, open));
}

/** The owners that do not have a to-many relation in memory, and have a row. */
export function openOwners(unit: UnitOfWork, { property }: RelationMetadata, owners: readonly object[]): OwnerRow[] {
  const open: OwnerRow[] = [];
  for (const owner of owners) {
    if (isFilled(Reflect.get(owner, property))) continue;
    const row = unit.snapshot(owner);
    if (row !== undefined) open.push({ owner, row });
  }
  return open;
}

function isFilled(field: unknown): boolean {
  return field instanceof EntityCollection ? field.isLoaded : field instanceof Reference && field.isLoaded;
}

/** The entities that loaded relations hold, each once. */
export function relatedEntities(relation: RelationMetadata, owners: readonly object[]): object[] {
  const found = new Set<object>();
  for (const owner of owners) {
    const field: unknown = Reflect.get(owner, relation.property);
    if (field instanceof EntityCollection) for (const item of EntityCollection.itemsOf(field) ?? []) found.add(item);
    else if (field instanceof Reference && field.isLoaded) {
      const target = Reference.valueOf(field);
      if (target !== null) found.add(target as object);
    }
  }
  return [...found];
}

async function loadReferences(reader: Reader, relation: RelationMetadata, owners: readonly object[]): Promise<void> {
  const { target } = relation;
  const columns = target.root.primaryKey;
  const missing = new Map<IdentityKey, WireKey>();
  for (const owner of owners) {
    const field: unknown = Reflect.get(owner, relation.property);
    if (!(field instanceof Reference) || field.isLoaded || Reference.stateOf(field) !== 'key') continue;
    const key = Reference.valueOf(field) as WireKey;
    missing.set(identityKey(columns, key), key);
  }
  if (missing.size === 0) return;
  const plan = planSelectByKey(reader.session, target, columns, [...missing.values()]);
  reader.unit.load(target, await readRows(reader, plan));
}

async function loadInverse(reader: Reader, relation: RelationMetadata, owners: readonly OwnerRow[]): Promise<void> {
  const { target, inverse } = relation;
  if (inverse === null) return;
  const ownKey = relation.owner.root.primaryKey;
  const keys = owners.map(({ row }) => keyOfRow(ownKey, row));
  const rows = await readRows(reader, planSelectByKey(reader.session, target, inverse.columns, keys));
  giveRows(reader.unit, relation, owners, rows);
}

/** Hands each owner the rows that refer to it; the rows come ordered by the foreign key. */
export function giveRows(
  unit: UnitOfWork,
  relation: RelationMetadata,
  owners: readonly OwnerRow[],
  rows: readonly WireRow[],
): void {
  const ownKey = relation.owner.root.primaryKey;
  const keys = owners.map(({ row }) => keyOfRow(ownKey, row));
  const entities = unit.load(relation.target, rows);
  const buckets: Buckets = new Map(keys.map((key) => [identityKey(ownKey, key), []]));
  fillBuckets(unit, relation, rows, entities, buckets);
  addMoved(unit, relation, owners, buckets);
  owners.forEach(({ owner }, index) => {
    const items = buckets.get(identityKey(ownKey, keys[index] ?? null)) ?? [];
    fillInverse(Reflect.get(owner, relation.property), items);
  });
}

type Buckets = Map<IdentityKey, object[]>;

function fillBuckets(
  unit: UnitOfWork,
  { inverse, target }: RelationMetadata,
  rows: readonly WireRow[],
  entities: readonly (object | null)[],
  buckets: Buckets,
): void {
  if (inverse === null) return;
  const keyOf = createKeyReader(inverse.columns);
  const edited = unit.touched.size > 0 ? unit.touched : null;
  let last: IdentityKey = null;
  let bucket: object[] | undefined;
  for (let index = 0; index < rows.length; index += 1) {
    const entity = entities[index] as object;
    // The table may hold rows of other classes that refer to the owner.
    if (target.parent !== null && !(entity instanceof target.target)) continue;
    // Rows come ordered by the key, so that the owner is mostly the last one's.
    const key = keyOf(rows[index] as WireRow, 0);
    // An unflushed edit counts more than the row.
    if (edited?.has(entity) && presentKey(unit, inverse, entity) !== key) continue;
    if (bucket === undefined || key !== last) bucket = buckets.get(key);
    last = key;
    bucket?.push(entity);
  }
}

/** The identity of the row that a to-one relation refers to now. */
function presentKey(unit: UnitOfWork, { property, target }: RelationMetadata, entity: object): IdentityKey | undefined {
  const owner = referredTo(Reflect.get(entity, property));
  const row = owner === null ? undefined : unit.snapshot(owner);
  return row === undefined ? undefined : unit.keyOfRow(target, row);
}

function fillInverse(field: unknown, items: object[]): void {
  if (field instanceof EntityCollection) EntityCollection.fill(field, items);
  else if (field instanceof Reference) Reference.fill(field, 'entity', items[0] ?? null);
}

const NOTHING: ReadonlyMap<object, unknown> = new Map();

/**
 * What was moved here, but has its row elsewhere still. The one holder of a one-to-one may have no row at all: a
 * collection keeps its own list of new items, a reference has no place for one.
 */
function addMoved(
  unit: UnitOfWork,
  { kind, inverse, target }: RelationMetadata,
  owners: readonly OwnerRow[],
  buckets: Buckets,
): void {
  const fresh = kind === 'inverse-one' ? unit.pending : NOTHING;
  if (inverse === null || unit.touched.size + fresh.size === 0) return;
  const known = new Set(owners.map(({ owner }) => owner));
  const keyOf = createKeyReader(inverse.columns);
  for (const entity of [...unit.touched, ...fresh.keys()]) {
    if (unit.context.registry.of(entity)?.root !== target.root) continue;
    const owner = referredTo(Reflect.get(entity, inverse.property));
    const key = owner === null || !known.has(owner) ? undefined : presentKey(unit, inverse, entity);
    if (key === undefined) continue;
    const row = unit.snapshot(entity);
    const isElsewhere = row === undefined ? fresh.has(entity) : keyOf(row, 0) !== key;
    if (isElsewhere) buckets.get(key)?.push(entity);
  }
}

/** The key of a persistent owner. */
export function ownerKey(unit: UnitOfWork, relation: RelationMetadata, owner: object): WireKey {
  return keyOfRow(relation.owner.root.primaryKey, unit.snapshot(owner) ?? []);
}
