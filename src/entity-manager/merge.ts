import type { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import { NotFoundError, StaleEntityError, type StaleRow, ValidationError } from '../errors.ts';
import { type IdentityKey, identityKey } from '../identity/identity-key.ts';
import type { EntityClass } from '../metadata/entity-class.ts';
import { invalid } from '../metadata/entity-error.ts';
import { decodeKey, encodeKey } from '../metadata/entity-key.ts';
import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import { initialValue } from '../metadata/initial-values.ts';
import { entityKey } from '../query/lower-relation.ts';
import { planSelectByKey } from '../query/select-by-key.ts';
import type { Limits } from '../wire/limits.ts';
import type { WireKey } from '../wire/wire-value.ts';
import { bounded } from './bounded.ts';
import { loadRelation } from './load-relation.ts';
import { type MergeParent, type MergeSource, type MergeTarget, readMergeSource } from './read-merge-source.ts';
import { type Reader, readRows } from './reader.ts';

/** One entity of the graph. Sources with the same key are one; the later one's values count. */
interface MergeNode {
  readonly meta: EntityMetadata;
  readonly key: WireKey;
  readonly sources: MergeSource[];
  /** Whether something refers to it by its key only, so that its row must be there. */
  mustExist: boolean;
  /** What it is merged onto: an entity in memory, or null for a new one. */
  entity: object | null;
}

/** What a relation of a node is to refer to, once every node has its entity. */
type Resolved = MergeNode | { readonly key: WireKey } | { readonly entity: object | null };

/** The graph as far as it is read. */
interface MergeGraph {
  readonly reader: Reader;
  readonly bySource: Map<object, MergeNode>;
  readonly byKey: Map<EntityMetadata, Map<IdentityKey, MergeNode>>;
  readonly pending: Map<EntityMetadata, Map<IdentityKey, object>>;
  readonly ones: { readonly node: MergeNode; readonly relation: RelationMetadata; readonly target: Resolved }[];
  readonly many: {
    readonly node: MergeNode;
    readonly relation: RelationMetadata;
    readonly targets: readonly Resolved[];
  }[];
  /** The nodes that are not looked at yet. */
  open: MergeNode[];
}

/** What `merge` was called with: a class and data, or an entity; then the limits. */
type MergeArguments = readonly [unknown, ...unknown[]];

/** Merges within the limits of the call. */
export function merge(scope: Reader, [source, ...rest]: MergeArguments): Promise<object> {
  const ofClass = typeof source === 'function';
  const limits = (rest[ofClass ? 1 : 0] ?? {}) as Limits;
  return bounded(scope, limits, (reader) => mergeGraph(reader, source, ofClass ? rest[0] : undefined));
}

/**
 * Merges an entity that is not known here, or plain data of a class, into the identity map: reads the graph level by level,
 * checks all of it, and only then changes anything.
 */
async function mergeGraph(reader: Reader, source: unknown, data: unknown): Promise<object> {
  const { unit } = reader;
  const { registry } = unit.context;
  const meta = typeof source === 'function' ? registry.get(source as EntityClass) : unit.metadataOf(source);
  const given = typeof source === 'function' ? data : source;
  if (typeof given !== 'object' || given === null) throw new ValidationError(`${meta.table}: merge() takes an object`);
  const own = registry.of(given);
  if (own !== undefined && own.root !== meta.root) throw invalid(meta.table, null, 'the entity is of another class');
  if (unit.knows(given)) return given;
  const graph: MergeGraph = {
    reader,
    bySource: new Map(),
    byKey: new Map(),
    pending: new Map(),
    ones: [],
    many: [],
    open: [],
  };
  const root = nodeOf(graph, own ?? meta, given, null);
  const nodes: MergeNode[] = [];
  while (graph.open.length > 0) {
    const level = graph.open;
    graph.open = [];
    nodes.push(...level);
    await loadLevel(graph, level);
    for (const node of level) expand(graph, node);
  }
  check(graph, nodes);
  for (const node of nodes) write(graph, node);
  relate(graph);
  return root.entity as object;
}

function nodeOf(graph: MergeGraph, meta: EntityMetadata, source: object, parent: MergeParent | null): MergeNode {
  const known = graph.bySource.get(source);
  if (known !== undefined) return known;
  const read = readMergeSource(graph.reader.unit, meta, source, parent);
  const node = nodeByKey(graph, meta, read.key);
  node.sources.push(read);
  graph.bySource.set(source, node);
  return node;
}

function nodeByKey(graph: MergeGraph, meta: EntityMetadata, key: WireKey): MergeNode {
  const node: MergeNode = { meta, key, sources: [], mustExist: false, entity: null };
  if (key !== null) {
    const id = identityKey(meta.root.primaryKey, key);
    const nodes = graph.byKey.get(meta.root) ?? new Map<IdentityKey, MergeNode>();
    graph.byKey.set(meta.root, nodes);
    const known = nodes.get(id);
    if (known !== undefined) return known;
    nodes.set(id, node);
  }
  graph.open.push(node);
  return node;
}

/** Finds the entities of a level: in memory, else by one statement for each table; then what their relations hold. */
async function loadLevel(graph: MergeGraph, level: readonly MergeNode[]): Promise<void> {
  const { reader } = graph;
  const { unit, session } = reader;
  const keyed = level.filter(({ key }) => key !== null);
  for (const root of new Set(keyed.map(({ meta }) => meta.root))) {
    const missing = keyed.filter(({ meta, key }) => meta.root === root && unit.find(meta, key) === undefined);
    if (missing.length === 0) continue;
    const keys = missing.map(({ key }) => key);
    unit.load(root, await readRows(reader, planSelectByKey(session, root, root.primaryKey, keys)));
  }
  for (const node of keyed) node.entity = unit.find(node.meta, node.key) ?? pendingWith(graph, node) ?? null;
  await loadRelations(reader, level);
}

/** Loads the items of relations that are to be replaced, and the partners that are to be exchanged. */
async function loadRelations(reader: Reader, level: readonly MergeNode[]): Promise<void> {
  const owners = new Map<RelationMetadata, object[]>();
  for (const { entity, sources } of level) {
    const relations = entity === null ? [] : sources.flatMap(({ ones, many }) => [...ones.keys(), ...many.keys()]);
    for (const relation of relations) {
      if (entity === null || relation.kind === 'to-one') continue;
      const list = owners.get(relation);
      if (list === undefined) owners.set(relation, [entity]);
      else list.push(entity);
    }
  }
  for (const [relation, entities] of owners) await loadRelation(reader, relation, entities);
}

// The application may have given a key to an entity that is not written yet.
function pendingWith(graph: MergeGraph, { meta, key }: MergeNode): object | undefined {
  const { unit } = graph.reader;
  const { root } = meta;
  let pending = graph.pending.get(root);
  if (pending === undefined) {
    pending = new Map();
    graph.pending.set(root, pending);
    for (const [entity, own] of unit.pending) {
      const known = own.root === root ? pendingKey(own, entity) : null;
      if (known !== null) pending.set(identityKey(root.primaryKey, known), entity);
    }
  }
  return pending.get(identityKey(root.primaryKey, key));
}

function pendingKey(meta: EntityMetadata, entity: object): WireKey {
  try {
    const key = entityKey(meta, entity);
    return key === undefined || key === null ? null : encodeKey(meta, key);
  } catch {
    // A key that is not complete yet, or that the flush will refuse.
    return null;
  }
}

function expand(graph: MergeGraph, node: MergeNode): void {
  for (const { ones, many } of node.sources) {
    for (const [relation, target] of ones) {
      graph.ones.push({ node, relation, target: resolve(graph, node, relation, target) });
    }
    for (const [relation, targets] of many) {
      const items = targets.map((target) => resolve(graph, node, relation, target));
      graph.many.push({ node, relation, targets: items });
    }
  }
}

function resolve(graph: MergeGraph, node: MergeNode, relation: RelationMetadata, target: MergeTarget): Resolved {
  switch (target.kind) {
    case 'none':
      return { entity: null };
    case 'known':
      return { entity: target.entity };
    case 'source': {
      const key = node.key === null ? null : decodeKey(node.meta, node.key);
      const { inverse, kind } = relation;
      const parent = inverse === null || kind === 'link' || key === null ? null : { property: inverse.property, key };
      return nodeOf(graph, target.meta, target.source, parent);
    }
    case 'key': {
      // A foreign key needs no row in memory; an item of a collection, and the other side of a one-to-one, do.
      if (relation.kind === 'to-one') return { key: target.key };
      const item = nodeByKey(graph, relation.target, target.key);
      item.mustExist = true;
      return item;
    }
  }
}

/** Refuses what cannot be merged, before anything is changed. */
function check({ reader }: MergeGraph, nodes: readonly MergeNode[]): void {
  const { unit } = reader;
  const stale: StaleRow[] = [];
  let table = '';
  for (const node of nodes) {
    const { meta, key, entity } = node;
    if (entity !== null && !meta.family.includes(unit.metadataOf(entity)))
      throw invalid(meta.table, null, 'the row of the data is one of another class');
    if (entity !== null && unit.removed.has(entity))
      throw invalid(meta.table, null, 'the entity is to be removed; persist it to keep it, then merge');
    if (entity === null && node.mustExist && node.sources.length === 0)
      throw new NotFoundError(`${meta.table}: a row that the data refers to is not there`, { entity: meta.table });
    const expectedVersion = node.sources.map(({ version }) => version).find((version) => isStale(node, version));
    if (expectedVersion === undefined) continue;
    table = meta.table;
    stale.push({ key: decodeKey(meta, key), expectedVersion });
  }
  if (stale.length === 0) return;
  throw new StaleEntityError(
    `${table}: the data is older than the row, or the row was deleted; load it and decide anew`,
    { entity: table, table, rows: stale },
  );

  function isStale({ meta, key, entity }: MergeNode, version: unknown): boolean {
    if (version === undefined || key === null || meta.version === null) return false;
    const row = entity === null ? undefined : unit.snapshot(entity);
    return row === undefined || !meta.version.codec.equals(version, row[meta.version.index] ?? null);
  }
}

/** Gives a node's entity its columns; makes it where there is none. */
function write({ reader }: MergeGraph, node: MergeNode): void {
  const { unit } = reader;
  const { meta } = node;
  const isNew = node.entity === null;
  const entity = (node.entity ?? new meta.target()) as Record<string, unknown>;
  node.entity = entity;
  const values = new Map(node.sources.flatMap((source) => [...source.values]));
  for (const column of unit.hydrator(meta).columns) {
    const { property, codec } = column;
    const value = values.get(column);
    if (isNew) entity[property] = value === undefined ? initialValue(column.default, column.nullable) : value;
    else if (value !== undefined && !isSame(codec, entity[property], value)) entity[property] = value;
  }
  if (isNew) unit.schedule(meta, entity);
}

function isSame(
  codec: { equals(value: unknown, wire: never): boolean; encode(value: unknown): unknown },
  own: unknown,
  value: unknown,
): boolean {
  if (own === value) return true;
  if (own === null || own === undefined || value === null) return false;
  return codec.equals(own, codec.encode(value) as never);
}

function relate(graph: MergeGraph): void {
  for (const { node, relation, target } of graph.ones) {
    const field = Reflect.get(node.entity as object, relation.property) as Reference;
    if ('entity' in target) {
      if (!field.isLoaded || Reference.valueOf(field) !== target.entity) field.set(target.entity);
    } else Reference.point(field, target.key);
  }
  for (const { node, relation, targets } of graph.many) {
    const field = Reflect.get(node.entity as object, relation.property) as EntityCollection;
    field.set(targets.flatMap((target) => ('entity' in target && target.entity !== null ? [target.entity] : [])));
  }
}
