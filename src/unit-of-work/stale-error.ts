import { StaleEntityError, type StaleRow } from '../errors.ts';
import { createKeyReader } from '../identity/identity-key.ts';
import { decodeKey, keyOfRow } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import { planSelectByKey } from '../query/select-by-key.ts';
import type { Session } from '../session/session.ts';
import type { WireRow } from '../wire/wire-value.ts';
import { StaleCandidates } from './stale-rows.ts';
import type { UnitOfWork } from './unit-of-work.ts';

const NAMED = 5;

/** The candidates as they were loaded, after what a transaction wrote into memory was undone. */
export function asLoaded(unit: UnitOfWork, { meta, rows }: StaleCandidates): StaleCandidates {
  const loaded = rows.map((row) => {
    const entity = unit.find(meta, keyOfRow(meta.root.primaryKey, row));
    return (entity && unit.snapshot(entity)) ?? row;
  });
  return new StaleCandidates(meta, loaded);
}

/** Finds out, after the rollback, which rows are stale, and makes the error that names them. */
export async function staleError(session: Session, { meta, rows }: StaleCandidates): Promise<StaleEntityError> {
  const stale = await findStale(session, meta, rows);
  const keys = stale.slice(0, NAMED).map(({ key }) => (typeof key === 'bigint' ? String(key) : JSON.stringify(key)));
  const more = stale.length > NAMED ? ` and ${stale.length - NAMED} more` : '';
  return new StaleEntityError(
    `${meta.table}: changed or deleted by somebody else since it was loaded: ${keys.join(', ')}${more}; refresh and decide anew`,
    { entity: meta.table, table: meta.table, rows: stale },
  );
}

async function findStale(session: Session, meta: EntityMetadata, rows: readonly WireRow[]): Promise<StaleRow[]> {
  const { primaryKey } = meta.root;
  const keyOf = createKeyReader(primaryKey);
  const keys = rows.map((row) => keyOfRow(primaryKey, row));
  const plan = planSelectByKey(session, meta, primaryKey, keys);
  const found = await session.run(plan.compiled, plan.values);
  const current = new Map(found.rows.map((row) => [keyOf(row, 0), row]));
  const stale = rows.filter((row) => isStale(meta, row, current.get(keyOf(row, 0))));
  return (stale.length > 0 ? stale : rows).map((row) => staleRow(meta, row));
}

/** A row as it was loaded, for an error: its key, and the version that it had. */
export function staleRow(meta: EntityMetadata, row: WireRow): StaleRow {
  return {
    key: decodeKey(meta, keyOfRow(meta.root.primaryKey, row)),
    expectedVersion: meta.version === null ? undefined : versionOf(meta.version, row),
  };
}

function isStale({ version }: EntityMetadata, loaded: WireRow, current: WireRow | undefined): boolean {
  if (current === undefined) return true;
  return version !== null && !version.codec.equals(versionOf(version, loaded), current[version.index] ?? null);
}

function versionOf({ codec, index }: ColumnMetadata, row: WireRow): unknown {
  return codec.decode(row[index] ?? null);
}
