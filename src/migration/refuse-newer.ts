import type { Connection, Driver, StatementExecutor, Transaction } from '../driver/driver.ts';
import { UnsupportedByDriverError } from '../errors.ts';
import { after, type MaybePromise } from '../wire/maybe-promise.ts';
import type { ResultSet } from '../wire/result-set.ts';
import { type ArrangedMigration, arrangeMigrations } from './arrange-migrations.ts';
import { checkHistory } from './check-history.ts';
import { entriesOf, type Ledger, loadLedger } from './ledger.ts';
import type { Migration } from './migration.ts';

/**
 * A driver that refuses to write to a database which a newer program has migrated, with `migration` (`newer`): for a browser
 * tab, or a process, that still runs older code. Reads go on. The ledger is looked at inside of every transaction that writes:
 * on SQLite no write comes between the newer program and the refusal, on servers one that was open already may. A driver without transactions is `unsupported-by-driver`.
 *
 * @example
 * ```ts
 * import { createPersistence } from 'meshestra';
 * import { createMigrator, type Migration, refuseNewer } from 'meshestra/migrations';
 * import { indexedDb, sqljs } from 'meshestra/sqljs';
 *
 * declare const migrations: readonly Migration[];
 * const driver = refuseNewer(sqljs({ storage: indexedDb('app') }), migrations);
 * const db = await createPersistence({ driver, entities: [Author, Post, Tag] });
 * await createMigrator(db, migrations).up(); // this tab, or another one
 * ```
 */
export function refuseNewer<D extends Driver>(driver: D, migrations: readonly Migration[]): D {
  if (driver.capabilities.interactive === 'none') {
    throw new UnsupportedByDriverError(
      `${driver.name}: the driver has no transactions in which the version of the database could be looked at; call assertCurrent() when the program starts`,
    );
  }
  const arranged = arrangeMigrations(migrations, driver.dialect.name);
  const connect: Driver['connect'] = async (options) => {
    const ledger = await loadLedger(driver.dialect);
    return guarded(await driver.connect(options), new VersionCheck(ledger, arranged));
  };
  return new Proxy(driver, {
    get(target, key) {
      if (key === 'connect') return connect;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Looks whether the database is one of this program's; what was seen once is not verified again until another version is there. */
class VersionCheck {
  readonly #ledger: Ledger;
  readonly #migrations: readonly ArrangedMigration[];
  #seen: string | null = null;

  constructor(ledger: Ledger, migrations: readonly ArrangedMigration[]) {
    this.#ledger = ledger;
    this.#migrations = migrations;
  }

  run(executor: StatementExecutor): MaybePromise<void> {
    const read = { writes: [] };
    return after(executor.execute(this.#ledger.found, read), (found) => {
      if (found.rows.length === 0) return;
      return after(executor.execute(this.#ledger.versions, read), ({ rows }) => {
        const versions = JSON.stringify(rows);
        if (versions === this.#seen) return;
        return after(executor.execute(this.#ledger.all, read), (all) => this.#verify(versions, all));
      });
    });
  }

  #verify(versions: string, { rows }: ResultSet): void {
    const { problems } = checkHistory(this.#migrations, entriesOf(rows));
    const newer = problems.find(({ problem }) => problem === 'newer');
    if (newer !== undefined) throw newer;
    this.#seen = versions;
  }
}

function guarded(connection: Connection, check: VersionCheck): Connection {
  const transact = connection.transact?.bind(connection);
  const session = connection.session?.bind(connection);
  const stream = connection.stream?.bind(connection);
  return {
    execute(statement, options) {
      if (options?.writes?.length === 0) return connection.execute(statement, options);
      // What may be a pragma, or a definition, need not be one that a transaction takes.
      if (transact === undefined || options?.writes === undefined) {
        return after(check.run(connection), () => connection.execute(statement, options));
      }
      return transact((tx) => after(check.run(tx), () => tx.execute(statement, options)), signalOf(options));
    },
    ...(connection.batch === undefined || transact === undefined
      ? {}
      : {
          batch: (statements, options) =>
            options?.readOnly === true
              ? (connection.batch?.(statements, options) ?? [])
              : transact((tx) => after(check.run(tx), () => oneByOne(tx, statements, options)), signalOf(options)),
        }),
    ...(transact === undefined
      ? {}
      : {
          transact: (work, options) =>
            options?.readOnly === true
              ? transact(work, options)
              : transact((tx) => after(check.run(tx), () => work(tx)), options),
        }),
    ...(session === undefined ? {} : { session: () => guarded(session(), check) }),
    ...(stream === undefined ? {} : { stream }),
    release: () => connection.release(),
    destroy: (reason) => connection.destroy(reason),
  };
}

async function oneByOne(
  tx: Transaction,
  statements: Parameters<NonNullable<Transaction['batch']>>[0],
  options: Parameters<NonNullable<Transaction['batch']>>[1],
): Promise<readonly ResultSet[]> {
  const results: ResultSet[] = [];
  for (const statement of statements) results.push(await tx.execute(statement, options));
  return results;
}

function signalOf(options: { readonly signal?: AbortSignal } | undefined): { readonly signal?: AbortSignal } {
  return options?.signal === undefined ? {} : { signal: options.signal };
}
