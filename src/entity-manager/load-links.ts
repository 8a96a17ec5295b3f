import { EntityCollection } from '../criteria/entity-collection.ts';
import type { EntityStore } from '../identity/entity-store.ts';
import { type IdentityKey, identityKey } from '../identity/identity-key.ts';
import { keyOfRow } from '../metadata/entity-key.ts';
import type {
  ColumnMetadata,
  EntityMetadata,
  LinkMetadata,
  RelationMetadata,
  SoftDelete,
} from '../metadata/entity-metadata.ts';
import { planSelectByKey } from '../query/select-by-key.ts';
import { planSelectLinks } from '../query/select-links.ts';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts';
import type { WireKey, WireRow, WireValue } from '../wire/wire-value.ts';
import type { OwnerRow } from './load-relation.ts';
import { type Reader, readRows } from './reader.ts';

/** Pairs of keys of a link table, in two lists of the same length. */
interface Pairs {
  readonly own: readonly WireKey[];
  readonly target: readonly WireKey[];
}

/** Loads a many-to-many relation: the pairs of the link table first, then the targets that are not in memory. */
export async function loadLinks(
  reader: Reader,
  relation: RelationMetadata,
  link: LinkMetadata,
  owners: readonly OwnerRow[],
): Promise<void> {
  const keys = owners.map(({ row }) => keyOfRow(relation.owner.root.primaryKey, row));
  const pairs = readPairs(reader, link, await readRows(reader, planSelectLinks(reader.session, link, keys)));
  const { target } = relation;
  const ids = pairs.target.map((key) => identityKey(target.root.primaryKey, key));
  await loadMissing(reader, target, ids, pairs.target);
  givePairs(reader.unit, relation, owners, pairs, ids);
}

/** Hands each owner the targets of its pairs, all of which are in memory. */
function givePairs(
  unit: UnitOfWork,
  relation: RelationMetadata,
  owners: readonly OwnerRow[],
  pairs: Pairs,
  ids: readonly IdentityKey[],
): void {
  const ownColumns = relation.owner.root.primaryKey;
  const { target } = relation;
  const single = ownColumns.length === 1 && target.root.primaryKey.length === 1;
  const sorted = single ? null : ids.map((_, index) => index);
  const buckets = bucketTargets(ownColumns, unit.store(target), pairs.own, ids, target.root.softDelete, sorted);
  owners.forEach(({ owner, row }) => {
    const field: unknown = Reflect.get(owner, relation.property);
    const items = buckets.get(identityKey(ownColumns, keyOfRow(ownColumns, row)))?.items ?? [];
    if (field instanceof EntityCollection) EntityCollection.fill(field, items);
  });
}

/** Hands each owner the targets of the rows of a link table; the targets were read along. */
export function giveLinks(
  reader: Reader,
  relation: RelationMetadata,
  link: LinkMetadata,
  owners: readonly OwnerRow[],
  { pairs, targets }: { readonly pairs: readonly WireRow[]; readonly targets: readonly WireRow[] },
): void {
  reader.unit.load(relation.target, targets);
  const read = readPairs(reader, link, pairs);
  const ids = read.target.map((key) => identityKey(relation.target.root.primaryKey, key));
  givePairs(reader.unit, relation, owners, read, ids);
}

async function loadMissing(
  reader: Reader,
  target: EntityMetadata,
  ids: readonly IdentityKey[],
  keys: readonly WireKey[],
): Promise<void> {
  const { places } = reader.unit.store(target);
  const missing = new Map<IdentityKey, WireKey>();
  ids.forEach((id, index) => {
    if (places.get(id) === undefined) missing.set(id, keys[index] ?? null);
  });
  if (missing.size === 0) return;
  const plan = planSelectByKey(reader.session, target, target.root.primaryKey, [...missing.values()]);
  reader.unit.load(target, await readRows(reader, plan));
}

function readPairs({ session }: Reader, link: LinkMetadata, rows: readonly WireRow[]): Pairs {
  const own = link.ownColumns;
  const target = link.targetColumns;
  const [first, second] = [own[0], target[0]];
  if (own.length === 1 && target.length === 1 && first !== undefined && second !== undefined) {
    const [row] = rows;
    return {
      own: session.dialect.decodeList(row?.[0] ?? null, first.key.type),
      target: session.dialect.decodeList(row?.[1] ?? null, second.key.type),
    };
  }
  const part = (row: WireRow, from: number, length: number): WireKey =>
    length === 1 ? (row[from] as WireValue) : row.slice(from, from + length);
  return {
    own: rows.map((row) => part(row, 0, own.length)),
    target: rows.map((row) => part(row, own.length, target.length)),
  };
}

/** The items of one owner, and the identity of the last one. */
interface Bucket {
  readonly items: object[];
  last: IdentityKey;
}

/** The targets by owner, each list in the order of the keys. `order` gives the places of the pairs where it is not theirs. */
function bucketTargets(
  ownColumns: readonly ColumnMetadata[],
  store: EntityStore,
  own: readonly WireKey[],
  ids: readonly IdentityKey[],
  softDelete: SoftDelete | null,
  order: readonly number[] | null = null,
): ReadonlyMap<IdentityKey, Bucket> {
  const buckets = new Map<IdentityKey, Bucket>();
  let owner: IdentityKey = null;
  let bucket: Bucket | undefined;
  for (let index = 0; index < own.length; index += 1) {
    const place = order === null ? index : (order[index] as number);
    const id = ids[place] as IdentityKey;
    const item = store.find(id);
    if (item === undefined || isRemoved(softDelete, store, id)) continue;
    const key = identityKey(ownColumns, own[place] as WireKey);
    // Pairs mostly come in the order of the link table's key: owner by owner.
    if (bucket === undefined || key !== owner) bucket = buckets.get(key);
    owner = key;
    if (bucket === undefined) {
      bucket = { items: [], last: id };
      buckets.set(key, bucket);
    } else if (order === null && isBefore(id, bucket.last)) {
      return bucketTargets(ownColumns, store, own, ids, softDelete, placesInOrder(ids));
    }
    bucket.items.push(item);
    bucket.last = id;
  }
  return buckets;
}

// A link stays with the row that it leads to.
function isRemoved(softDelete: SoftDelete | null, store: EntityStore, id: IdentityKey): boolean {
  return softDelete !== null && store.rows[store.places.get(id) ?? -1]?.[softDelete.column.index] !== null;
}

function placesInOrder(ids: readonly IdentityKey[]): readonly number[] {
  const places = ids.map((_, index) => index);
  return places.sort((a, b) => (isBefore(ids[a] ?? null, ids[b] ?? null) ? -1 : 1));
}

function isBefore(a: IdentityKey, b: IdentityKey): boolean {
  return a !== null && b !== null && a < b;
}
