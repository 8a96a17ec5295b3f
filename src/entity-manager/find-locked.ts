import type { LockClause } from '../ast/query-node.ts';
import { TransactionScopeError, UnsupportedByDriverError } from '../errors.ts';
import { invalid } from '../metadata/entity-error.ts';
import { encodeKey, keyProperties } from '../metadata/entity-key.ts';
import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import { planFind } from '../query/find-plan.ts';
import type { TransactionOptions } from './entity-manager.ts';
import type { FindArguments } from './find.ts';
import { populate, populateTree } from './populate.ts';
import { type Reader, readRows } from './reader.ts';
import { renewLoaded } from './renew.ts';

/** What a find with locks takes, as it came from the application: criteria, or a key. */
export interface LockedFindArguments extends FindArguments {
  readonly key?: unknown;
  readonly lock?: unknown;
  readonly onLocked?: unknown;
}

/**
 * Reads the entities that criteria match and locks their rows until the transaction ends. Entities that are in memory take
 * over what the row says, but for their unflushed edits. `opened` is the transaction that the handle is inside of.
 */
export async function findLocked(
  reader: Reader,
  meta: EntityMetadata,
  request: LockedFindArguments,
  opened: TransactionOptions | undefined,
): Promise<object[]> {
  const { unit, session } = reader;
  const tree = populateTree(meta, request.populate);
  const lock = lockClause(reader, meta, request, opened);
  const where = 'key' in request ? whereKey(meta, request.key) : request.where;
  const rows = await readRows(reader, planFind(unit.context.registry, session, meta, { ...request, where, lock }));
  const entities = renewLoaded(unit, meta, rows);
  if (tree.size > 0 && entities.length > 0) await populate(reader, entities, tree);
  return entities;
}

function lockClause(
  { session }: Reader,
  { table }: EntityMetadata,
  { lock, onLocked = 'wait' }: LockedFindArguments,
  opened: TransactionOptions | undefined,
): LockClause {
  if (lock !== 'update' && lock !== 'share') throw invalid(table, null, "lock is neither 'update' nor 'share'");
  if (onLocked !== 'wait' && onLocked !== 'nowait' && onLocked !== 'skip')
    throw invalid(table, null, "onLocked is neither 'wait' nor 'nowait' nor 'skip'");
  const { dialect, driver } = session;
  if (dialect.hooks.lock === undefined) {
    throw new UnsupportedByDriverError(
      `${driver.name}: the engine has no row locks to read '${table}' with; read without lock, and let a version column protect what was read: integer().version()`,
      { entity: table, table },
    );
  }
  if (driver.capabilities.interactive === 'none') {
    throw new UnsupportedByDriverError(
      `${driver.name}: the driver holds no transaction open, and so no lock on '${table}'; let a version column protect what was read: integer().version()`,
      { entity: table, table },
    );
  }
  if (opened === undefined || !session.inTransaction) {
    throw new TransactionScopeError(
      `${table}: a lock lasts until the transaction ends, and none is open; read with it inside of em.transaction(…)`,
      { entity: table, table },
    );
  }
  if (opened.readOnly === true) {
    throw new TransactionScopeError(`${table}: rows cannot be locked in a read-only transaction`, {
      entity: table,
      table,
    });
  }
  return { strength: lock, onLocked };
}

function whereKey(meta: EntityMetadata, key: unknown): object {
  encodeKey(meta, key);
  const properties = keyProperties(meta);
  const [only = ''] = properties;
  if (properties.length === 1) return { [only]: key };
  return Object.fromEntries(properties.map((property) => [property, Reflect.get(key as object, property)]));
}
