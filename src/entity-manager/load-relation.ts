import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import { type IdentityKey, identityKey } from '../identity/identity-key.ts';
import { keyOfRow } from '../metadata/entity-key.ts';
import type { ColumnMetadata } from '../metadata/entity-metadata.ts';
import type { RelationMetadata } from '../metadata/relation-metadata.ts';
import { planSelectByKey } from '../query/select-by-key.ts';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts';
import type { WireKey, WireRow } from '../wire/wire-value.ts';
import { loadLinks } from './load-links.ts';
import { type Reader, readRows } from './reader.ts';

/**
 * Loads one relation for many owners with as few statements as there are kinds of rows: one, or two over a link table.
 * Gives the entities at the other end, each once.
 */
export async function loadRelation(
  reader: Reader,
  relation: RelationMetadata,
  owners: readonly object[],
): Promise<readonly object[]> {
  if (relation.kind === 'to-one') return loadReferences(reader, relation, owners);
  const stored = owners.filter((owner) => reader.unit.snapshot(owner) !== undefined);
  const open = stored.filter((owner) => !isFilled(Reflect.get(owner, relation.property)));
  if (open.length > 0) {
    if (relation.kind === 'link') await loadLinks(reader, relation, open);
    else await loadInverse(reader, relation, open);
  }
  return relatedEntities(relation, owners);
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

async function loadReferences(
  reader: Reader,
  relation: RelationMetadata,
  owners: readonly object[],
): Promise<readonly object[]> {
  const { target } = relation;
  const columns = target.root.primaryKey;
  const missing = new Map<IdentityKey, WireKey>();
  for (const owner of owners) {
    const field: unknown = Reflect.get(owner, relation.property);
    if (!(field instanceof Reference) || field.isLoaded || Reference.stateOf(field) !== 'key') continue;
    const key = Reference.valueOf(field) as WireKey;
    missing.set(identityKey(columns, key), key);
  }
  if (missing.size > 0) {
    const plan = planSelectByKey(reader.session, target, columns, [...missing.values()]);
    reader.unit.load(target, await readRows(reader, plan));
  }
  return relatedEntities(relation, owners);
}

/** Loads the rows that refer to the owners, and hands each owner its own. */
async function loadInverse(reader: Reader, relation: RelationMetadata, owners: readonly object[]): Promise<void> {
  const { unit } = reader;
  const { target, inverse } = relation;
  if (inverse === null) return;
  const keys = owners.map((owner) => ownerKey(unit, relation, owner));
  const plan = planSelectByKey(reader.session, target, inverse.columns, keys);
  const rows = await readRows(reader, plan);
  const entities = unit.load(target, rows);
  const buckets = new Map<IdentityKey, object[]>(keys.map((key) => [identityKey(inverse.columns, key), []]));
  const keyOf = foreignKeyReader(inverse.columns);
  for (let index = 0; index < rows.length; index += 1) {
    const entity = entities[index];
    // An unflushed edit of the other side counts more than the row.
    if (entity == null || (unit.touched.size > 0 && unit.touched.has(entity))) continue;
    buckets.get(keyOf(rows[index] as WireRow))?.push(entity);
  }
  addTouched(unit, relation, owners, keys, buckets);
  owners.forEach((owner, index) => {
    fillInverse(
      Reflect.get(owner, relation.property),
      buckets.get(identityKey(inverse.columns, keys[index] ?? null)) ?? [],
    );
  });
}

function fillInverse(field: unknown, items: object[]): void {
  if (field instanceof EntityCollection) EntityCollection.fill(field, items);
  else if (field instanceof Reference) Reference.fill(field, 'entity', items[0] ?? null);
}

function addTouched(
  unit: UnitOfWork,
  { inverse, target }: RelationMetadata,
  owners: readonly object[],
  keys: readonly WireKey[],
  buckets: ReadonlyMap<IdentityKey, object[]>,
): void {
  if (inverse === null || unit.touched.size === 0) return;
  const places = new Map(owners.map((owner, index) => [owner, keys[index] ?? null]));
  for (const entity of unit.touched) {
    if (unit.context.registry.of(entity)?.root !== target.root) continue;
    const field: unknown = Reflect.get(entity, inverse.property);
    const owner = field instanceof Reference && field.isLoaded ? (Reference.valueOf(field) as object | null) : null;
    const key = owner === null ? undefined : places.get(owner);
    if (key !== undefined) buckets.get(identityKey(inverse.columns, key))?.push(entity);
  }
}

function foreignKeyReader(columns: readonly ColumnMetadata[]): (row: WireRow) => IdentityKey {
  return (row) => identityKey(columns, keyOfRow(columns, row));
}

/** The key of a persistent owner. */
export function ownerKey(unit: UnitOfWork, relation: RelationMetadata, owner: object): WireKey {
  return keyOfRow(relation.owner.root.primaryKey, unit.snapshot(owner) ?? []);
}
