import { DriverError } from '../errors.ts';
import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import type { Session } from '../session/session.ts';
import type { ResultSet } from '../wire/result-set.ts';
import type { WireValue } from '../wire/wire-value.ts';
import type { DeleteRecord, FlushPlan, FlushStep, InsertRecord, ReferringRow, UpdateRecord } from './flush-plan.ts';
import { keyAllocation, type LoweredStatement, lowerStep } from './lower-step.ts';
import { StaleCandidates } from './stale-rows.ts';

type Versioned = Extract<FlushStep, { readonly kind: 'update' | 'delete' }>;

/**
 * Runs a plan inside an open transaction. Keys that the database generates go into the plan's rows, never into an
 * entity. Throws {@link StaleCandidates} where a row is no longer what it was when it was loaded.
 */
export async function executePlan(session: Session, plan: FlushPlan): Promise<void> {
  for (const step of plan.steps) {
    if (step.kind === 'insert' && step.keys === 'allocated') await allocateKeys(session, step.meta, step.records);
    for (const statement of lowerStep(session, step)) await executeStatement(session, step, statement);
  }
}

async function executeStatement(session: Session, step: FlushStep, statement: LoweredStatement): Promise<void> {
  if (step.kind === 'insert' || step.kind === 'update') resolve(step.records, statement);
  const pending = session.run(statement.compiled, statement.values());
  // Waiting for an answer that is there costs more than the statement.
  const result = pending instanceof Promise ? await pending : pending;
  if (step.kind === 'insert') takeKeys(step, statement, result);
  else if (step.kind === 'update') checkAffected(step, statement, result);
  else if (step.kind === 'delete' && step.meta.version !== null) checkAffected(step, statement, result);
}

function resolve(records: readonly ReferringRow[], { from, to }: LoweredStatement): void {
  for (let place = from; place < to; place += 1) {
    const record = records[place];
    if (record === undefined) continue;
    for (const { index, target, source } of record.references) record.row[index] = target[source] ?? null;
  }
}

async function allocateKeys(session: Session, meta: EntityMetadata, records: readonly InsertRecord[]): Promise<void> {
  const [key] = meta.root.primaryKey;
  if (key === undefined) return;
  const compiled = keyAllocation(session, meta.table, key.name);
  const { rows } = await session.run(compiled, [records.length]);
  records.forEach((record, place) => {
    record.row[key.index] = rows[place]?.[0] ?? missingKey(meta);
  });
}

function takeKeys(step: Extract<FlushStep, { kind: 'insert' }>, statement: LoweredStatement, result: ResultSet): void {
  const { meta, keys, records } = step;
  const count = statement.to - statement.from;
  const inserted = result.rows.length === 0 ? result.affectedRows : result.rows.length;
  if (inserted !== count) {
    throw new DriverError(`${meta.table}: ${inserted} of ${count} rows were inserted; does a trigger ignore rows?`, {
      table: meta.table,
    });
  }
  if (keys !== 'generated') return;
  const [key] = meta.root.primaryKey;
  if (key === undefined) return;
  const set = (place: number, value: WireValue): void => {
    const record = records[statement.from + place];
    if (record !== undefined) record.row[key.index] = value;
  };
  if (result.rows.length > 0) {
    for (const [place, value = null] of result.rows) set(Number(place) - 1, value);
  } else {
    const { lastInsertId = missingKey(meta), generatedKeyStep = 1 } = result;
    for (let place = 0; place < count; place += 1)
      set(place, addToKey(lastInsertId, (place + 1 - count) * generatedKeyStep));
  }
}

function missingKey({ table }: EntityMetadata): never {
  throw new DriverError(`${table}: the driver did not tell the generated key`, { table });
}

function addToKey(key: WireValue, difference: number): number | bigint {
  if (typeof key === 'bigint') return key + BigInt(difference);
  return Number(key ?? 0) + difference;
}

function checkAffected(step: Versioned, { from, to }: LoweredStatement, result: ResultSet): void {
  if (result.affectedRows === to - from) return;
  const records: readonly (UpdateRecord | DeleteRecord)[] = step.records.slice(from, to);
  throw new StaleCandidates(
    step.meta,
    records.map((record) => ('before' in record ? record.before : record.row)),
  );
}
