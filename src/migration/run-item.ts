import { compile } from '../compiler/compile.ts';
import type { LedgerDialect } from '../compiler/ledger-dialect.ts';
import { ForeignKeyViolationError, ValidationError } from '../errors.ts';
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
    if (typeof item === 'function') return await item(contextOf(run, session));
    const { statements, dangling } = await statementsOf(run, session, item, []);
    for (const statement of statements) {
      sql = statement.sql;
      await runText(session, statement, null, signal);
    }
    if (dangling !== null) await refuseDangling(session, dangling);
  } catch (cause) {
    throw failure(passage, cause, { step: place + 1, ...(sql === undefined ? {} : { sql }), ...end });
  }
}

/** The statements of a step; those of a rebuild keep the rows that refer to the table where foreign keys cannot be off. */
export async function statementsOf(
  { ledger }: MigrationRun,
  session: Session,
  item: MigrationStep | MigrationStatementWithParams,
  before: readonly string[],
): Promise<ItemStatements> {
  if (typeof item === 'string') return { statements: [{ sql: item, params: [] }], dangling: null };
  if ('sql' in item) return { statements: [item], dangling: null };
  if ('outside' in item) return { statements: [{ sql: item.outside, params: [] }], dangling: null };
  const { keepRows } = ledger.dialect;
  const keeps = keepRows !== null && session.driver.capabilities.foreignKeysOff !== true;
  const kept = keeps
    ? await keepRows(item, before, async (sql, params = []) => (await runText(session, { sql, params }, [])).rows)
    : { statements: item.statements, dangling: null };
  return { ...kept, statements: kept.statements.map((sql) => ({ sql, params: [] })) };
}

/** The statements of a step. */
interface ItemStatements {
  readonly statements: readonly Statement[];
  /** A SELECT that has rows where a transaction must not commit; a batch fails by itself then. */
  readonly dangling: string | null;
}

// A transaction of a Durable Object that fails at its COMMIT breaks the object.
async function refuseDangling(session: Session, sql: string): Promise<void> {
  const { rows } = await runText(session, { sql, params: [] }, []);
  const [table, parent] = rows[0] ?? [];
  if (table === undefined) return;
  throw new ForeignKeyViolationError(
    `rows of ${String(table)} would refer to rows of ${String(parent)} that are not there`,
    {
      table: String(table),
    },
  );
}

function contextOf({ ledger, options: { signal } }: MigrationRun, session: Session): MigrationContext {
  return {
    dialect: session.dialect.name,
    signal,
    async execute(query) {
      const node = nodeOf(query, session);
      refuseCommitting(compile(node, session.dialect).sql, ledger.dialect);
      return session.execute(node, undefined, signal);
    },
  };
}

// The note that the piece is done would be committed before the piece is, and what failed then would be left out.
function refuseCommitting(sql: string, { commitsByItself }: LedgerDialect): void {
  if (!commitsByItself(sql)) return;
  throw new ValidationError(
    `a function of a migration is in a transaction, which the server would commit at this statement; make it a step of its own. SQL: ${sql}`,
  );
}

/** The statement of raw SQL; a string is none. */
export function nodeOf(query: RawQuery, { dialect }: Session): ReturnType<typeof RawQuery.toNode> {
  if (!(query instanceof RawQuery)) throw new ValidationError('execute() takes sql`…`, never a string');
  return RawQuery.toNode(query, dialect, null);
}
