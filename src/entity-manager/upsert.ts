import { bindStatement } from '../compiler/bind-statement.ts';
import type { CompiledStatement } from '../compiler/compiled-statement.ts';
import { Reference } from '../criteria/reference.ts';
import { type PersistenceError, UniqueViolationError, UnsupportedByDriverError } from '../errors.ts';
import { type IdentityKey, identityKey } from '../identity/identity-key.ts';
import type { EntityClass } from '../metadata/entity-class.ts';
import { invalid } from '../metadata/entity-error.ts';
import { keyOfRow } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { FindPlan } from '../query/find-plan.ts';
import { planSelectByKey } from '../query/select-by-key.ts';
import type { Session } from '../session/session.ts';
import { detach } from '../unit-of-work/detach.ts';
import { encodeInsert, type RelatedRow, tieReferences } from '../unit-of-work/encode-insert.ts';
import { errorOf } from '../unit-of-work/find-problems.ts';
import type { InsertRecord, Undo } from '../unit-of-work/flush-plan.ts';
import { chunks, type LoweredStatement, parametersOf } from '../unit-of-work/lower-step.ts';
import { slotsOf } from '../unit-of-work/unique-slots.ts';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts';
import type { ValidationSupport } from '../unit-of-work/validation-support.ts';
import type { WrittenEntity } from '../unit-of-work/written-entities.ts';
import type { Limits } from '../wire/limits.ts';
import type { WireRow, WireValue } from '../wire/wire-value.ts';
import { bounded, signalOption } from './bounded.ts';
import { buildEntity } from './create-entity.ts';
import type { EntityScope } from './entity-scope.ts';
import type { Reader } from './reader.ts';
import { isEdited, renewRow } from './renew.ts';

/** What an upsert takes besides its rows, as it came from the application. */
export interface UpsertArguments {
  readonly by?: unknown;
  readonly update?: unknown;
}

const SHARED = { strength: 'share', onLocked: 'wait' } as const;

/** A row with the identity of what the upsert goes by. */
interface Keyed {
  readonly key: IdentityKey;
  readonly row: WireRow;
}

/** Rows that one statement writes: of the same columns, and with the same ones to update. */
interface Batch {
  readonly columns: readonly ColumnMetadata[];
  readonly update: readonly ColumnMetadata[];
  readonly rows: WireValue[][];
}

/** The handle that an upsert runs on, and where it notes what a rollback has to undo. */
export interface UpsertParts {
  readonly scope: EntityScope;
  readonly session: Session;
  readonly undos: Undo[] | undefined;
}

/** Upserts within the limits of the call, after the flush that is running: of a list the entities, else the one. */
export async function upsert(
  { scope, session, undos }: UpsertParts,
  target: EntityClass,
  data: unknown,
  options: UpsertArguments & Limits,
): Promise<object | object[] | undefined> {
  const meta = scope.unit.context.registry.get(target);
  if (scope.flushing !== null) await scope.flushing.catch(() => undefined);
  const many: readonly unknown[] = Array.isArray(data) ? data : [data];
  // By its own session: a transaction that ended meanwhile must not make it write outside of it.
  const own = { session, unit: scope.unit, limits: scope.limits };
  const { entities, undo } = await bounded(own, options, (reader) => upsertRows(reader, meta, many, options));
  undos?.push(undo);
  return Array.isArray(data) ? entities : entities[0];
}

/**
 * Inserts rows, or updates those that are there, in one transaction, and gives the entities in the order of the data. `undo`
 * takes back what was written into memory.
 */
async function upsertRows(
  reader: Reader,
  meta: EntityMetadata,
  data: readonly unknown[],
  options: UpsertArguments,
): Promise<{ entities: object[]; undo: Undo }> {
  const { unit } = reader;
  const by = conflictColumns(meta, options.by);
  const batches = new Map<string, Batch>();
  const keys = new Set<IdentityKey>();
  const written: WrittenEntity[] = [];
  const order = data.map((values) => {
    const entity = buildEntity(unit, meta, values as object);
    const { row, absent } = encodeRow(reader, meta, entity, values as object);
    written.push({ entity, meta, row: null, columns: unit.hydrator(meta).columns });
    const key = checkedKey(meta, by, row);
    if (keys.has(key)) throw invalid(meta.table, by[0]?.property ?? null, 'two rows of the upsert have the same value');
    keys.add(key);
    addToBatch(batches, meta, by, updateColumns(meta, by, values as object, options.update), row, absent);
    return { key, row };
  });
  if (order.length === 0) return { entities: [], undo: () => undefined };
  const support = unit.context.registry.validation as ValidationSupport | null;
  const problems = (await support?.judge(unit, written)) ?? [];
  if (problems.length > 0) throw errorOf(problems);
  refuseEdited(unit, meta, by, keys);
  const rows = await send(reader, meta, by, [...batches.values()], order);
  return takeIn(unit, meta, rows);
}

/** Writes the rows and reads them back: in a transaction, or in one request where the driver holds none open. */
async function send(
  { unit, session, limits }: Reader,
  meta: EntityMetadata,
  by: readonly ColumnMetadata[],
  batches: readonly Batch[],
  order: readonly Keyed[],
): Promise<WireRow[]> {
  const statements = batches.flatMap((batch) => lowerBatch(session, meta, by, batch));
  const select = planReadBack(session, meta, by, order);
  if (session.deferral !== undefined) {
    throw new UnsupportedByDriverError(
      `${session.driver.name}: an upsert writes at once, and the driver writes all of a transaction at its end; do it outside of one`,
    );
  }
  if (session.driver.capabilities.interactive === 'none') {
    const requests = [...statements.map(({ compiled, values }) => ({ compiled, values: values() })), select].map(
      ({ compiled, values }) => ({ ...bindStatement(compiled, values), writes: compiled.writes ?? [] }),
    );
    const results = await session.batch(requests, signalOption(limits));
    return found(meta, by, order, results.at(-1)?.rows ?? []);
  }
  return session.transact(async (inner) => {
    for (const { compiled, values } of statements) await write(inner, meta, by, compiled, values(), limits.signal);
    const { rows } = await inner.run(select.compiled, select.values, limits.signal);
    const matching = found(meta, by, order, rows);
    refuseUnfit(unit, meta, matching);
    return matching;
  }, signalOption(limits));
}

async function write(
  session: Session,
  meta: EntityMetadata,
  by: readonly ColumnMetadata[],
  compiled: CompiledStatement,
  values: readonly WireValue[],
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await session.run(compiled, values, signal);
  } catch (error) {
    if (session.dialect.hooks.isOtherConflict?.(error as PersistenceError) !== true) throw error;
    throw otherConflict(meta, by, error);
  }
}

/** The columns of some properties; a relation has those of its foreign key. */
function columnsOf(meta: EntityMetadata, option: string, properties: unknown): ColumnMetadata[] {
  if (!Array.isArray(properties)) throw invalid(meta.table, null, `${option} takes an array of properties`);
  return properties.flatMap((property) => {
    const column = meta.properties.get(property);
    const columns =
      column === undefined ? (meta.relations.get(property)?.columns ?? embeddedColumns(meta, property)) : [column];
    if (columns.length > 0) return columns;
    throw invalid(meta.table, null, `${option} names '${String(property).slice(0, 60)}', which has no column here`);
  });
}

function embeddedColumns({ properties }: EntityMetadata, property: unknown): ColumnMetadata[] {
  return [...properties.values()].filter((column) => column.property.startsWith(`${property}.`));
}

function conflictColumns(meta: EntityMetadata, by: unknown): readonly ColumnMetadata[] {
  const { root } = meta;
  if (by === undefined) return root.primaryKey;
  const columns = columnsOf(meta, 'by', by);
  const names = columns.map(({ name }) => name);
  const isSlot = slotsOf(root).some(
    (slot) => slot.columns.length === names.length && slot.columns.every(({ name }) => names.includes(name)),
  );
  if (isSlot) return columns;
  throw invalid(meta.table, null, `by: ${names.join(', ')} is neither the key nor declared unique`);
}

function updateColumns(
  meta: EntityMetadata,
  by: readonly ColumnMetadata[],
  values: object,
  update: unknown,
): readonly ColumnMetadata[] {
  if (update === 'nothing') return [];
  if (update !== undefined) {
    const columns = columnsOf(meta, 'update', update);
    const fixed = columns.find((column) => column.primary || column.version || by.includes(column));
    if (fixed === undefined) return columns;
    throw invalid(meta.table, fixed.property, 'an upsert cannot update a key, a version, or what it goes by');
  }
  const flat = meta.embedded?.spread(meta.table, values, 'values') ?? values;
  const given = Object.entries(flat).flatMap(([property, value]) => (value === undefined ? [] : [property]));
  return meta.ownColumns.filter(
    (column) => given.includes(column.property) && !column.primary && !column.version && !by.includes(column),
  );
}

function encodeRow({ unit, session }: Reader, meta: EntityMetadata, entity: object, values: object): InsertRecord {
  const hydrator = unit.hydrator(meta);
  for (const { kind, property } of hydrator.relations) {
    if (kind !== 'to-one' && Object.hasOwn(values, property))
      throw invalid(meta.table, property, 'an upsert takes columns, and relations that have the foreign key');
  }
  // A relation that may be empty and was left out is so.
  for (const relation of hydrator.relations) {
    const field: unknown = Reflect.get(entity, relation.property);
    if (relation.nullable && field instanceof Reference && Reference.stateOf(field) === 'unset')
      Reference.fill(field, 'entity', null);
  }
  const record = encodeInsert(hydrator, entity, () => session.driver.clock.now());
  tieReferences(hydrator, entity, record, (relation, related) => flushedRow(unit, relation, related));
  return record;
}

function flushedRow(unit: UnitOfWork, { owner, property }: RelationMetadata, related: object): RelatedRow {
  const row = unit.snapshot(related);
  if (row !== undefined) return { row, pending: false };
  throw invalid(owner.table, property, 'the related entity has no row yet; flush it before the upsert');
}

function checkedKey(meta: EntityMetadata, by: readonly ColumnMetadata[], row: WireRow): IdentityKey {
  const missing = by.find((column) => row[column.index] === null);
  if (missing !== undefined) throw invalid(meta.table, missing.property, 'an upsert needs every value that it goes by');
  return identityKey(by, keyOfRow(by, row));
}

function addToBatch(
  batches: Map<string, Batch>,
  meta: EntityMetadata,
  by: readonly ColumnMetadata[],
  update: readonly ColumnMetadata[],
  row: WireValue[],
  absent: readonly ColumnMetadata[],
): void {
  // What the database is to make is not among the columns.
  const columns = meta.ownColumns.filter(
    (column) => !absent.includes(column) && (!column.generated || row[column.index] !== null),
  );
  const shape = [columns, by, update].map((list) => list.map(({ index }) => index).join()).join(';');
  const batch = batches.get(shape) ?? { columns, update, rows: [] };
  batch.rows.push(row);
  batches.set(shape, batch);
}

function lowerBatch(
  session: Session,
  meta: EntityMetadata,
  by: readonly ColumnMetadata[],
  { columns, update, rows }: Batch,
): LoweredStatement[] {
  const { version } = meta;
  const counts = version !== null && update.length > 0;
  const isCounter = counts && (version.type.name === 'integer' || version.type.name === 'bigint');
  const stamped =
    update.length === 0 ? [] : meta.follows.filter((column) => column.onUpdateNow && !update.includes(column));
  const set = [...update, ...stamped, ...(counts && !isCounter ? [version] : [])];
  const clause = {
    by: by.map(({ name }) => name),
    update: set.map(({ name }) => name),
    counter: isCounter ? version.name : null,
  };
  const names = [columns, by, set].map((list) => list.map(({ index }) => index).join()).join(';');
  const written = columns.map(({ name, type }) => ({ name, type }));
  return chunks(session, 'insert', rows.length, columns.length, (from, to, count) => ({
    compiled: session.compile(`upsert ${meta.table}\0${names}\0${count}`, () => ({
      kind: 'insert',
      table: meta.table,
      columns: written,
      rows: count,
      key: null,
      ignoreConflicts: false,
      upsert: clause,
    })),
    from,
    to,
    values: () => {
      const values = rows.slice(from, to).flatMap((row) => columns.map(({ index }) => row[index] ?? null));
      return parametersOf(session.dialect, 'insert', count, columns, values);
    },
  }));
}

function otherConflict({ table }: EntityMetadata, by: readonly ColumnMetadata[], cause?: unknown): PersistenceError {
  const names = by.map(({ name }) => name);
  return new UniqueViolationError(
    `${table}: a row of the upsert meets another row elsewhere than in ${names.join(', ')}, in another unique column or the key`,
    { table, entity: table, cause },
  );
}

function planReadBack(
  session: Session,
  meta: EntityMetadata,
  by: readonly ColumnMetadata[],
  order: readonly Keyed[],
): FindPlan {
  const keys = order.map(({ row }) => keyOfRow(by, row));
  // A row that was left as it was may be newer than what an open transaction sees: a lock shows the newest one.
  const lock = session.dialect.hooks.lock === undefined ? undefined : SHARED;
  return planSelectByKey(session, meta, by, keys, lock);
}

/** The rows as they are now, in the order of the data. */
function found(
  meta: EntityMetadata,
  by: readonly ColumnMetadata[],
  order: readonly Keyed[],
  rows: readonly WireRow[],
): WireRow[] {
  const byKey = new Map(rows.map((row) => [identityKey(by, keyOfRow(by, row)), row]));
  return order.map(({ key }) => {
    const row = byKey.get(key);
    if (row === undefined) throw otherConflict(meta, by);
    return row;
  });
}

const UNFLUSHED = 'an entity of the upsert is in memory with unflushed edits; flush or revert them before';

// Before anything is sent.
function refuseEdited(
  unit: UnitOfWork,
  meta: EntityMetadata,
  by: readonly ColumnMetadata[],
  keys: ReadonlySet<IdentityKey>,
): void {
  const { entities, rows } = unit.store(meta);
  entities.forEach((entity, place) => {
    const key = identityKey(by, keyOfRow(by, rows[place] as WireRow));
    if (entity !== null && keys.has(key) && isEdited(unit, entity)) throw invalid(meta.table, null, UNFLUSHED);
  });
}

function refuseUnfit(unit: UnitOfWork, meta: EntityMetadata, rows: readonly WireRow[]): void {
  for (const row of rows) {
    const known = unit.find(meta, keyOfRow(meta.root.primaryKey, row));
    if (known !== undefined && isEdited(unit, known)) throw invalid(meta.table, null, UNFLUSHED);
    if (!meta.family.includes(unit.runtime(meta).hydratorOf(row, 0).meta))
      throw invalid(meta.table, null, 'a row of the upsert is there already, as one of another class');
  }
}

function takeIn(unit: UnitOfWork, meta: EntityMetadata, rows: readonly WireRow[]): { entities: object[]; undo: Undo } {
  const known = new Map(rows.map((row) => [row, unit.find(meta, keyOfRow(meta.root.primaryKey, row))]));
  const entities = unit.load(meta, rows) as object[];
  const fresh: object[] = [];
  const undos: Undo[] = [];
  entities.forEach((entity, index) => {
    const row = rows[index] as WireRow;
    if (known.get(row) === undefined) fresh.push(entity);
    else undos.push(show(unit, entity, row));
  });
  return {
    entities,
    undo() {
      for (const undo of undos) undo();
      // Together, because it walks over all that is in memory.
      detach(unit, fresh);
    },
  };
}

/** Shows a row; gives what shows the former one again. */
function show(unit: UnitOfWork, entity: object, row: WireRow): Undo {
  const managed = unit.managed(entity);
  if (managed === undefined) return () => undefined;
  const before = managed.store.rows[managed.place] as WireRow;
  renewRow(unit, entity, managed, row);
  return () => {
    const now = unit.managed(entity);
    if (now !== undefined) renewRow(unit, entity, now, before);
  };
}
