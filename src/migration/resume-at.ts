import type { LedgerEntry } from './ledger.ts';
import type { MigrationRun } from './migration-run.ts';
import { migrationError, type Passage, textsOf } from './passage.ts';
import { patience } from './patience.ts';
import { runText } from './run-text.ts';
import { titleOf } from './title-of.ts';

/**
 * The step, counted from 1, at which a migration goes on that was begun and not ended. Throws `migration` where nobody can
 * tell whether the last one was done, with what to look at and what to say then.
 */
export async function resumeAt(run: MigrationRun, passage: Passage, entry: LedgerEntry): Promise<number> {
  const { migration, direction } = passage;
  const wasUp = entry.state === 'started' || entry.state === 'failed';
  if (wasUp !== (direction === 'up')) {
    throw migrationError(
      passage,
      'unfinished',
      `${titleOf(migration)} was left at step ${entry.step} of its ${wasUp ? 'up' : 'down'}; end that first by ${wasUp ? 'up()' : 'down()'}, or say what it is by resolve()`,
    );
  }
  const hasFailed = entry.state === 'failed' || entry.state === 'revert-failed';
  if (hasFailed) await refuseLeftovers(run, passage, entry, 'failed');
  // Nothing was under way, or the piece was a transaction.
  if (entry.mark === '') return entry.step;
  if (hasFailed) throw unclear(passage, entry, 'failed, and changed something all the same');
  const sql = textsOf(passage.side.steps[entry.step - 1] ?? '').join('; ');
  await untilNobodyRuns(run, sql);
  const now = await ask(run, run.ledger.dialect.fingerprint);
  if (now === null) throw unclear(passage, entry, 'was under way when the runner ended');
  if (now !== entry.mark) return entry.step + 1;
  if (WRITES.test(sql))
    throw unclear(passage, entry, 'was under way when the runner ended, and no catalog tells whether it was done');
  await refuseLeftovers(run, passage, entry, 'was not done');
  return entry.step;
}

/** What may have changed rows: to run it again may write them twice. */
const WRITES = /^\s*(?:INSERT|UPDATE|DELETE|REPLACE|MERGE|WITH|CALL|DO|EXECUTE|COPY|LOAD|SELECT)\b/i;

/** What a definition left that was not done would be in the way of the next try. */
async function refuseLeftovers(run: MigrationRun, passage: Passage, entry: LedgerEntry, what: string): Promise<void> {
  const leftovers = await ask(run, run.ledger.dialect.leftovers);
  if (leftovers !== null) throw unclear(passage, entry, `${what}, and left behind: ${leftovers}`);
}

/** What a dead runner had sent may still be running on the server. */
async function untilNobodyRuns(run: MigrationRun, sql: string): Promise<void> {
  const { running } = run.ledger.dialect;
  if (running === null) return;
  const wait = patience(run);
  for (;;) {
    const { rows } = await runText(run.target.session, { sql: running, params: [sql] }, []);
    if (Number(rows[0]?.[0] ?? 0) === 0) return;
    await wait('a statement of a runner that is gone still runs on the server');
  }
}

async function ask(run: MigrationRun, sql: string | null): Promise<string | null> {
  if (sql === null) return null;
  const { rows } = await runText(run.target.session, { sql, params: [] }, []);
  const value = rows[0]?.[0];
  return value === null || value === undefined ? null : String(value);
}

function unclear(passage: Passage, { step }: LedgerEntry, what: string): Error {
  const { migration, side } = passage;
  const sql = textsOf(side.steps[step - 1] ?? '').join('; ');
  return migrationError(
    passage,
    'unfinished',
    `${titleOf(migration)} cannot go on by itself: its step ${step} of ${side.steps.length} ${what}. ${step > 1 ? `The ${step - 1} steps before it are done. ` : ''}` +
      `Look at the database. If the step is done, call resolve('${migration.version}', ${step + 1}); if it is to be done (again), undo what it left and call resolve('${migration.version}', ${step}); ` +
      `if all of the migration is there, resolve('${migration.version}', 'applied'); if nothing of it is, resolve('${migration.version}', 'rolled-back'). SQL: ${sql}`,
    { step, sql },
  );
}
