import type { BatchStatement } from '../compiler/batch-dialect.ts';
import { bindStatement } from '../compiler/bind-statement.ts';
import { compile } from '../compiler/compile.ts';
import { LEDGER_TABLE } from '../compiler/ledger-dialect.ts';
import { type PersistenceError, UnsupportedByDriverError } from '../errors.ts';
import type { RowsAtStake } from '../schema/migration-step.ts';
import type { Session } from '../session/session.ts';
import type { Statement } from '../wire/statement.ts';
import { askStakes, forbiddenStakes } from './ask-stakes.ts';
import type { LedgerEntry } from './ledger.ts';
import type { MigrationContext } from './migration.ts';
import { allTables, announceStep, entryChange, type MigrationRun } from './migration-run.ts';
import { failure, type Passage, textsOf } from './passage.ts';
import { nodeOf, statementsOf } from './run-item.ts';

const UNDONE = { fate: 'It was one batch, and nothing of it was done', outcome: 'rolled-back' } as const;

/** The statements that go together, as they come. */
export class MigrationBatch {
  readonly statements: BatchStatement[] = [];
  readonly #tables: readonly string[];

  constructor(tables: readonly string[]) {
    this.#tables = tables;
  }

  add(statement: Statement, writes: readonly string[] = this.#tables): void {
    this.statements.push({ ...statement, writes });
  }
}

/**
 * Applies a whole migration as one atomic batch, which fails where the ledger is not as it was read, and where rows are at
 * stake that were not when they were counted. Gives false where somebody else was there first.
 */
export async function applyInBatch(
  run: MigrationRun,
  passage: Passage,
  entries: readonly LedgerEntry[],
): Promise<boolean> {
  const { target, options, ledger } = run;
  const { session } = target;
  const began = session.driver.clock.monotonic();
  const allowLoss = options.allowLoss ?? false;
  await askStakes(session, passage, allowLoss, options.signal);
  const stakes = forbiddenStakes(passage, allowLoss);
  const batch = new MigrationBatch(allTables(target));
  if (ledger.dialect.lock !== null) batch.add({ sql: ledger.dialect.lock, params: [] }, []);
  batch.add({ sql: ledger.dialect.create, params: [] }, [LEDGER_TABLE]);
  addGuards(run, batch, [ledger.unchanged(entries), ...stakes.map(countsNone)]);
  await addItems(run, batch, passage, 0, passage.side.steps.length);
  batch.add(entryChange(run, passage, entries, began), [LEDGER_TABLE]);
  try {
    await send(session, batch, options.signal);
    return true;
  } catch (cause) {
    const guard = guardOf(cause);
    if (guard === 0) return false;
    if (guard === null) throw failure(passage, cause, UNDONE);
    // Rows came since they were counted; the answer now says which.
    await askStakes(session, passage, allowLoss, options.signal);
    return false;
  }
}

/** Adds what fails unless each condition holds; {@link guardOf} says which did not. */
export function addGuards({ ledger }: MigrationRun, batch: MigrationBatch, conditions: readonly string[]): void {
  conditions.forEach((condition, place) => {
    batch.add(ledger.dialect.guard(condition, `meshestra guard ${place};`), []);
  });
}

/** Which guard made a batch fail; null where it was something else. */
export function guardOf(error: unknown): number | null {
  const place = /meshestra guard (\d+);/.exec(String((error as PersistenceError | undefined)?.message))?.[1];
  return place === undefined ? null : Number(place);
}

/** Adds the steps of a migration from one place to another. */
export async function addItems(
  run: MigrationRun,
  batch: MigrationBatch,
  passage: Passage,
  from: number,
  to: number,
): Promise<void> {
  const { session } = run.target;
  const { steps } = passage.side;
  const before: string[] = [];
  for (let place = from; place < to; place += 1) {
    const item = steps[place];
    if (item === undefined) continue;
    announceStep(run, passage, place);
    if (typeof item === 'function') {
      await item(deferredContext(run, batch, place > from)).catch((cause: unknown) => {
        throw failure(passage, cause, { step: place + 1, ...UNDONE });
      });
    } else {
      const { statements } = await statementsOf(run, session, item, before);
      for (const statement of statements) batch.add(statement);
    }
    before.push(...textsOf(item));
  }
}

/** Sends the batch, and raises `change` for all that it may have written. */
export async function send(session: Session, { statements }: MigrationBatch, signal?: AbortSignal): Promise<void> {
  await session.batch(statements, signal === undefined ? {} : { signal });
}

function countsNone({ count }: RowsAtStake): string {
  return `(${count.trim().replace(/;$/, '')}) = 0`;
}

/** `hasWritten` where statements stand before it in the batch already, whose result nobody can read yet. */
function deferredContext(run: MigrationRun, batch: MigrationBatch, hasWritten: boolean): MigrationContext {
  const { session } = run.target;
  const { signal } = run.options;
  let written = hasWritten;
  return {
    dialect: session.dialect.name,
    signal,
    async execute(query) {
      const node = nodeOf(query, session);
      const compiled = compile(node, session.dialect);
      if (compiled.writes?.length !== 0) {
        written = true;
        batch.add(bindStatement(compiled, []));
        return { columns: [], rows: [], affectedRows: 0 };
      }
      if (!written) return session.execute(node, undefined, signal);
      throw new UnsupportedByDriverError(
        `${session.driver.name}: the driver sends a migration as one batch, so that a function of it cannot read what a step before it wrote; read first, or make two migrations of it`,
      );
    },
  };
}
