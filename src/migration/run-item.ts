import { ValidationError } from '../errors.ts';
import { RawQuery } from '../query/raw-query.ts';
import type { MigrationStep } from '../schema/migration-step.ts';
import type { Session } from '../session/session.ts';
import type { Statement } from '../wire/statement.ts';
import type { MigrationContext, MigrationItem, MigrationStatementWithParams } from './migration.ts';
import type { MigrationRun } from './migration-run.ts';
import { type FailedAt, failure, type Passage } from './passage.ts';
import { runText } from './run-text.ts';

/** Runs one step in the session, which is the migration's transaction where there is one. */
export async function runItem(
  run: MigrationRun,
  session: Session,
  passage: Passage,
  place: number,
  end: Pick<FailedAt, 'fate' | 'outcome'>,
): Promise<void> {
  const item = passage.side.steps[place] as MigrationItem;
  const { signal } = run.options;
  let sql: string | undefined;
  try {
    if (typeof item === 'function') return await item(contextOf(session, signal));
    for (const statement of await statementsOf(run, session, item, [])) {
      sql = statement.sql;
      await runText(session, statement, null, signal);
    }
  } catch (cause) {
    throw failure(passage, cause, { statement: place + 1, ...(sql === undefined ? {} : { sql }), ...end });
  }
}

/** The statements of a step; those of a rebuild keep the rows that refer to the table where foreign keys cannot be off. */
export async function statementsOf(
  { ledger }: MigrationRun,
  session: Session,
  item: MigrationStep | MigrationStatementWithParams,
  before: readonly string[],
): Promise<readonly Statement[]> {
  if (typeof item === 'string') return [{ sql: item, params: [] }];
  if ('sql' in item) return [item];
  if ('outside' in item) return [{ sql: item.outside, params: [] }];
  const { keepRows } = ledger.dialect;
  const keeps = keepRows !== null && session.driver.capabilities.foreignKeysOff !== true;
  const texts = keeps
    ? await keepRows(item, before, async (sql, params = []) => (await runText(session, { sql, params }, [])).rows)
    : item.statements;
  return texts.map((sql) => ({ sql, params: [] }));
}

function contextOf(session: Session, signal: AbortSignal | undefined): MigrationContext {
  return {
    dialect: session.dialect.name,
    signal,
    execute: async (query) => session.execute(nodeOf(query, session), undefined, signal),
  };
}

/** The statement of raw SQL; a string is none. */
export function nodeOf(query: RawQuery, { dialect }: Session): ReturnType<typeof RawQuery.toNode> {
  if (!(query instanceof RawQuery)) throw new ValidationError('execute() takes sql`…`, never a string');
  return RawQuery.toNode(query, dialect, null);
}
