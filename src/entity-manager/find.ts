import { bindStatement } from '../compiler/bind-statement.ts';
import { encodeKey } from '../metadata/entity-key.ts';
import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import { type FindRequest, planFind } from '../query/find-plan.ts';
import { planSelectOne, selectRows } from '../query/select-by-key.ts';
import type { WireRow } from '../wire/wire-value.ts';
import type { GraphRequest, LoadingParts } from './load-in-batch.ts';
import { giveRows, openOwners, relatedEntities } from './load-relation.ts';
import { type PopulateTree, populate, populateTree } from './populate.ts';
import { prefersBatches, type Reader, readRows } from './reader.ts';

/** What a find takes, as it came from the application. */
export interface FindArguments extends Pick<FindRequest, 'where' | 'orderBy' | 'limit' | 'offset' | 'withDeleted'> {
  readonly populate?: unknown;
}

/** What a read by key takes. */
export type FindByKeyArguments = Pick<FindArguments, 'populate' | 'withDeleted'>;

// Up to here a repeated join costs less than a further statement.
const JOIN_LIMIT = 200;

/** Reads the entities that criteria match, with the relations to populate. */
export async function find(reader: Reader, meta: EntityMetadata, request: FindArguments): Promise<object[]> {
  const tree = populateTree(meta, request.populate);
  const joined = joinedRelations(meta, tree, request.limit);
  const alone = joined.length === tree.size && joined.every((relation) => tree.get(relation)?.size === 0);
  if (!alone && prefersBatches(reader.session)) return findGraph(reader, meta, request, tree);
  const { unit, session } = reader;
  const plan = planFind(unit.context.registry, session, meta, joined.length === 0 ? request : { ...request, joined });
  const pending = readRows(reader, plan);
  const rows = pending instanceof Promise ? await pending : pending;
  const entities = loadJoined(reader, meta, joined, rows);
  if (tree.size > 0 && entities.length > 0) await populate(reader, entities, tree);
  return entities;
}

async function findGraph(
  reader: Reader,
  meta: EntityMetadata,
  request: FindArguments,
  tree: PopulateTree,
): Promise<object[]> {
  const { registry } = reader.unit.context;
  const root = planFind(registry, reader.session, meta, request);
  const bounded = request.limit !== undefined || request.offset !== undefined;
  const rows = bounded
    ? root
    : planFind(registry, reader.session, meta, { where: request.where, withDeleted: request.withDeleted });
  return loadGraph(reader, { meta, root, rows, tree });
}

async function loadGraph(reader: Reader, request: GraphRequest): Promise<object[]> {
  const { loadInBatch } = await import('./load-in-batch.ts');
  const entities = await loadInBatch(reader, request, LOADING_PARTS);
  // What unflushed edits refer to is in no row of the batch.
  await populate(reader, entities, request.tree);
  return entities;
}

const LOADING_PARTS: LoadingParts = { bindStatement, selectRows, openOwners, giveRows, relatedEntities };

// A few rows bring their to-one relations along instead of asking for them with a further statement.
function joinedRelations(meta: EntityMetadata, tree: PopulateTree, limit: unknown): readonly RelationMetadata[] {
  if (tree.size === 0 || typeof limit !== 'number' || limit > JOIN_LIMIT) return [];
  return [...tree.keys()].filter(
    ({ kind, owner }) => kind === 'to-one' && (owner === meta || meta.family.length === 1),
  );
}

function loadJoined(
  { unit }: Reader,
  meta: EntityMetadata,
  joined: readonly RelationMetadata[],
  rows: readonly WireRow[],
): object[] {
  let offset = meta.root.eager.length;
  for (const { target } of joined) {
    unit.load(target, rows, offset);
    offset += target.root.eager.length;
  }
  // The key of the entity itself is never NULL.
  return unit.load(meta, rows) as object[];
}

/** Reads an entity by its key, from memory where it is there. */
export async function findById(
  reader: Reader,
  meta: EntityMetadata,
  key: unknown,
  options: FindByKeyArguments,
): Promise<object | null> {
  const entity = await findAny(reader, meta, key, options.populate);
  const { softDelete } = meta.root;
  if (entity === null || softDelete === null || options.withDeleted === true) return entity;
  return reader.unit.snapshot(entity)?.[softDelete.column.index] === null ? entity : null;
}

async function findAny(reader: Reader, meta: EntityMetadata, key: unknown, paths: unknown): Promise<object | null> {
  const wire = encodeKey(meta, key);
  const { unit, session } = reader;
  let entity: object | null = unit.find(meta, wire) ?? null;
  if (entity === null && paths !== undefined && prefersBatches(session)) {
    const rows = planSelectOne(session, meta, wire);
    [entity = null] = await loadGraph(reader, { meta, root: rows, rows, tree: populateTree(meta, paths) });
    return entity !== null && isInstance(reader, meta, entity) ? entity : null;
  }
  if (entity === null) {
    const pending = readRows(reader, planSelectOne(session, meta, wire));
    const rows = pending instanceof Promise ? await pending : pending;
    entity = unit.load(meta, rows)[0] ?? null;
  }
  if (entity === null || !isInstance(reader, meta, entity)) return null;
  if (paths !== undefined) await populate(reader, [entity], populateTree(meta, paths));
  return entity;
}

function isInstance({ unit }: Reader, meta: EntityMetadata, entity: object): boolean {
  if (meta.root === meta) return true;
  const found = unit.context.registry.of(entity);
  return found !== undefined && meta.family.includes(found);
}

/** Counts the rows that criteria match. */
export async function count(
  reader: Reader,
  meta: EntityMetadata,
  where: unknown,
  withDeleted: unknown,
): Promise<number> {
  const { unit, session } = reader;
  const request = { where, withDeleted, count: true };
  const rows = await readRows(reader, planFind(unit.context.registry, session, meta, request));
  return Number(rows[0]?.[0] ?? 0);
}
