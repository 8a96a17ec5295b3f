import type { Dialect } from '../compiler/dialect.ts';
import { LEDGER_TABLE, type LedgerDialect } from '../compiler/ledger-dialect.ts';
import { loadLedgerDialect } from '../dialect/ledger-dialects.ts';
import type { Session } from '../session/session.ts';
import type { Statement } from '../wire/statement.ts';
import type { WireRow } from '../wire/wire-value.ts';
import { compareVersions } from './compare-versions.ts';
import { runText } from './run-text.ts';

/**
 * How far a migration is. Of those that are not `applied`, {@link LedgerEntry.step} is the one that is next: it was about
 * to run (`started`, `reverting`), or the database refused it (`failed`, `revert-failed`).
 */
export type LedgerState = (typeof STATES)[number];

const STATES = ['applied', 'started', 'failed', 'reverting', 'revert-failed'] as const;

/** What the database knows of a migration. */
export interface LedgerEntry {
  readonly version: string;
  readonly name: string;
  readonly checksum: string;
  /** When it was applied, or began. */
  readonly appliedAt: string;
  readonly durationMs: number;
  readonly step: number;
  readonly state: LedgerState;
  /**
   * What the definitions of the database were before the statement ran that commits by itself; empty where it is known that
   * nothing of it was done.
   */
  readonly mark: string;
}

const COLUMNS = ['version', 'name', 'checksum', 'applied_at', 'duration', 'statement', 'state', 'mark'] as const;

/** What a run changes of an entry. */
const CHANGED = ['checksum', 'applied_at', 'duration', 'statement', 'state', 'mark'] as const;

/** What tells whether an entry is still as it was read. */
const READ = ['version', 'statement', 'state'] as const;

/** The ledger of one dialect: reads it, and makes the statements that write it. */
export class Ledger {
  readonly dialect: LedgerDialect;
  readonly #table: string;
  readonly #quote: (name: string) => string;
  readonly #placeholder: (position: number) => string;

  constructor(dialect: Dialect, ledger: LedgerDialect) {
    this.dialect = ledger;
    this.#table = dialect.quote(LEDGER_TABLE);
    this.#quote = (name) => dialect.quote(name);
    this.#placeholder = (position) => dialect.placeholder(position);
  }

  /** A SELECT that has a row where the ledger is there. */
  get found(): Statement {
    return { sql: this.dialect.exists, params: [LEDGER_TABLE] };
  }

  /** A SELECT of all entries. */
  get all(): Statement {
    return { sql: `SELECT ${COLUMNS.map(this.#quote).join(', ')} FROM ${this.#table}`, params: [] };
  }

  /** A SELECT of the versions alone, whose rows differ where another migration was begun or taken back. */
  get versions(): Statement {
    const version = this.#quote('version');
    return { sql: `SELECT ${version} FROM ${this.#table} ORDER BY ${version}`, params: [] };
  }

  /** All entries in the order of their versions; none where there is no ledger yet. */
  async read(session: Session): Promise<readonly LedgerEntry[]> {
    const { rows } = await runText(session, this.found, []);
    return rows.length === 0 ? [] : this.readAll(session);
  }

  /** The same where the ledger is there. */
  async readAll(session: Session): Promise<readonly LedgerEntry[]> {
    return entriesOf((await runText(session, this.all, [])).rows);
  }

  insert(entry: LedgerEntry): Statement {
    const { version, name, checksum, appliedAt, durationMs, step, state, mark } = entry;
    const places = COLUMNS.map((_, place) => this.#placeholder(place + 1)).join(', ');
    return {
      sql: `INSERT INTO ${this.#table} (${COLUMNS.map(this.#quote).join(', ')}) VALUES (${places})`,
      params: [version, name, checksum, appliedAt, Math.round(durationMs), step, state, mark],
    };
  }

  /** Changes an entry, if it is still as it was read: otherwise it affects no row. */
  update(before: LedgerEntry, after: LedgerEntry): Statement {
    const sets = this.#equal(CHANGED, 0).join(', ');
    return {
      sql: `UPDATE ${this.#table} SET ${sets} WHERE ${this.#isAsRead(CHANGED.length)}`,
      params: [
        after.checksum,
        after.appliedAt,
        Math.round(after.durationMs),
        after.step,
        after.state,
        after.mark,
        ...keyOf(before),
      ],
    };
  }

  /** Takes an entry out, if it is still as it was read: otherwise it affects no row. */
  delete(before: LedgerEntry): Statement {
    return { sql: `DELETE FROM ${this.#table} WHERE ${this.#isAsRead(0)}`, params: keyOf(before) };
  }

  #isAsRead(before: number): string {
    return this.#equal(READ, before).join(' AND ');
  }

  /** Columns beside their parameters, of which some come before. */
  #equal(columns: readonly (typeof COLUMNS)[number][], before: number): string[] {
    return columns.map((name, place) => `${this.#quote(name)} = ${this.#placeholder(before + place + 1)}`);
  }

  /** A condition that holds as long as the ledger is as it was read. */
  unchanged(entries: readonly LedgerEntry[]): string {
    const [version, statement, state] = READ.map(this.#quote);
    const rows = `(SELECT COUNT(*) FROM ${this.#table}`;
    const conditions = [`${rows}) = ${entries.length}`];
    // Versions are made of letters that need no escape: others were refused before.
    const applied = entries.filter((one) => one.state === 'applied').map((one) => `'${one.version}'`);
    if (applied.length > 0) {
      conditions.push(
        `${rows} WHERE ${state} = 'applied' AND ${version} IN (${applied.join(', ')})) = ${applied.length}`,
      );
    }
    for (const one of entries.filter((entry) => entry.state !== 'applied')) {
      conditions.push(
        `${rows} WHERE ${version} = '${one.version}' AND ${statement} = ${one.step} AND ${state} = '${one.state}') = 1`,
      );
    }
    return conditions.join(' AND ');
  }
}

function keyOf({ version, step, state }: LedgerEntry): [string, number, string] {
  return [version, step, state];
}

/** The ledger of a dialect. Throws `unsupported-by-driver` where the dialect has none. */
export async function loadLedger(dialect: Dialect): Promise<Ledger> {
  return new Ledger(dialect, await loadLedgerDialect(dialect));
}

/** The entries of the rows of {@link Ledger.all}, in the order of their versions. */
export function entriesOf(rows: readonly WireRow[]): readonly LedgerEntry[] {
  return rows.map(entryOf).sort((a, b) => compareVersions(a.version, b.version));
}

function entryOf(row: WireRow): LedgerEntry {
  const [version, name, checksum, appliedAt, durationMs, step, state, mark] = row;
  return {
    version: String(version),
    name: String(name),
    checksum: String(checksum),
    appliedAt: String(appliedAt),
    durationMs: Number(durationMs),
    step: Number(step),
    // Whatever else somebody wrote there, it is not applied.
    state: STATES.find((known) => known === state) ?? 'failed',
    mark: String(mark ?? ''),
  };
}
