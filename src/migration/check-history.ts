import { MigrationError, type MigrationProblem } from '../errors.ts';
import type { ArrangedMigration } from './arrange-migrations.ts';
import { compareVersions } from './compare-versions.ts';
import type { LedgerEntry } from './ledger.ts';
import { titleOf } from './title-of.ts';

/** What the program and the database say of each other. */
export interface History {
  readonly entries: readonly LedgerEntry[];
  /** The migrations that are not applied, in order; the first may have begun. */
  readonly pending: readonly ArrangedMigration[];
  /** What is wrong, by name, in the order of the versions. */
  readonly problems: readonly MigrationError[];
}

/** Compares the migrations of the program with the ledger of the database. */
export function checkHistory(
  migrations: readonly ArrangedMigration[],
  entries: readonly LedgerEntry[],
  { allowOutOfOrder = false }: { readonly allowOutOfOrder?: boolean | undefined } = {},
): History {
  const known = new Map(migrations.map((migration) => [migration.version, migration]));
  const recorded = new Map(entries.map((entry) => [entry.version, entry]));
  const newest = migrations.at(-1)?.version;
  const problems = entries.flatMap((entry) => problemsOf(entry, known.get(entry.version), newest));
  const pending = migrations.filter(({ version }) => recorded.get(version)?.state !== 'applied');
  const last = entries.at(-1);
  if (!allowOutOfOrder && last !== undefined) {
    const late = pending.filter(({ version }) => !recorded.has(version) && compareVersions(version, last.version) < 0);
    problems.push(...late.map((migration) => outOfOrder(migration, last)));
  }
  problems.sort((a, b) => compareVersions(a.version ?? '', b.version ?? ''));
  return { entries, pending, problems };
}

function problemsOf(
  entry: LedgerEntry,
  migration: ArrangedMigration | undefined,
  newest: string | undefined,
): readonly MigrationError[] {
  const title = titleOf(entry);
  if (migration === undefined) {
    const isNewer = newest === undefined || compareVersions(entry.version, newest) > 0;
    return [
      isNewer
        ? problem(
            'newer',
            entry,
            `${title} was applied by a newer program; this one must not change the database: load the newer program`,
          )
        : problem('missing', entry, `${title} was applied, and is not among the migrations any more; bring it back`),
    ];
  }
  const found: MigrationError[] = [];
  if (migration.name !== entry.name) {
    found.push(
      problem('renamed', entry, `${title} was applied, and is called "${migration.name}" now; give it its name back`),
    );
  }
  if (migration.checksum !== entry.checksum) {
    found.push(problem('edited', entry, `${title} was edited after it was ${editAdvice(entry)}`));
  }
  return found;
}

function editAdvice({ version, state, step }: LedgerEntry): string {
  return state === 'started' || state === 'failed'
    ? `begun, and its step ${step} is next; take the edit back, or, where the steps before are what they were, go on with it as it is now by resolve('${version}', ${step})`
    : 'applied; take the edit back, and put it into a new migration';
}

function outOfOrder(migration: ArrangedMigration, last: LedgerEntry): MigrationError {
  const { version, name } = migration;
  return new MigrationError(
    `${titleOf(migration)} is older than ${last.version} "${last.name}", which was applied already; give it a later version, or allow it by \`allowOutOfOrder\``,
    { problem: 'out-of-order', version, migration: name },
  );
}

function problem(kind: MigrationProblem, { version, name }: LedgerEntry, message: string): MigrationError {
  return new MigrationError(message, { problem: kind, version, migration: name });
}
