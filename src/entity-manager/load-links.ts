import { EntityCollection } from '../criteria/entity-collection.ts';
import { type IdentityKey, identityKey } from '../identity/identity-key.ts';
import { keyOfRow } from '../metadata/entity-key.ts';
import type { ColumnMetadata, LinkMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import { planSelectByKey, planSelectLinks } from '../query/select-by-key.ts';
import type { WireKey, WireRow, WireValue } from '../wire/wire-value.ts';
import { type Reader, readRows } from './reader.ts';

/** An owner of a relation with its row. */
export interface OwnerRow {
  readonly owner: object;
  readonly row: WireRow;
}

/** Pairs of keys of a link table, in two lists of the same length. */
interface Pairs {
  readonly own: readonly WireKey[];
  readonly target: readonly WireKey[];
}

/** Loads a many-to-many relation: the pairs of the link table first, then the targets that are not in memory. */
export async function loadLinks(
  reader: Reader,
  relation: RelationMetadata,
  owners: readonly OwnerRow[],
): Promise<void> {
  const { link, target } = relation;
  if (link === null) return;
  const { unit, session } = reader;
  const ownColumns = relation.owner.root.primaryKey;
  const targetColumns = target.root.primaryKey;
  const keys = owners.map(({ row }) => keyOfRow(ownColumns, row));
  const pairs = readPairs(reader, link, await readRows(reader, planSelectLinks(session, link, keys)));
  const missing = new Map<IdentityKey, WireKey>();
  const ids = pairs.target.map((key) => identityKey(targetColumns, key));
  const store = unit.store(target);
  ids.forEach((id, index) => {
    if (store.places.get(id) === undefined) missing.set(id, pairs.target[index] ?? null);
  });
  if (missing.size > 0) {
    const plan = planSelectByKey(session, target, targetColumns, [...missing.values()]);
    unit.load(target, await readRows(reader, plan));
  }
  const buckets = bucketIds(ownColumns, pairs.own, ids);
  owners.forEach(({ owner }, index) => {
    const field: unknown = Reflect.get(owner, relation.property);
    if (!(field instanceof EntityCollection)) return;
    const found = buckets.get(identityKey(ownColumns, keys[index] ?? null)) ?? [];
    const items: object[] = [];
    for (const id of found) {
      const item = store.find(id);
      if (item !== undefined) items.push(item);
    }
    EntityCollection.fill(field, items);
  });
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

/** The targets' identities by owner, each list in the order of the keys. */
function bucketIds(
  ownColumns: readonly ColumnMetadata[],
  own: readonly WireKey[],
  ids: readonly IdentityKey[],
): ReadonlyMap<IdentityKey, IdentityKey[]> {
  const buckets = new Map<IdentityKey, IdentityKey[]>();
  own.forEach((key, index) => {
    const owner = identityKey(ownColumns, key);
    const id = ids[index] ?? null;
    const bucket = buckets.get(owner);
    if (bucket === undefined) buckets.set(owner, [id]);
    else bucket.push(id);
  });
  for (const bucket of buckets.values()) if (!isSorted(bucket)) bucket.sort(compareKeys);
  return buckets;
}

// The link table is mostly read in the order of its key, so that there is mostly nothing to sort.
function isSorted(keys: readonly IdentityKey[]): boolean {
  for (let index = 1; index < keys.length; index += 1) {
    if (compareKeys(keys[index - 1] ?? null, keys[index] ?? null) > 0) return false;
  }
  return true;
}

function compareKeys(a: IdentityKey, b: IdentityKey): number {
  if (a === b || a === null || b === null) return 0;
  return a < b ? -1 : 1;
}
