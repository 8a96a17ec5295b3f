import type { RunStatement } from '../compiler/schema-dialect.ts';
import type { Session } from '../session/session.ts';
import { runText } from './run-text.ts';

/** Runs statements that read, or write what is temporary only. */
export function runOn(session: Session): RunStatement {
  return async (sql, params = []) => (await runText(session, { sql, params }, [])).rows;
}

/** Ends a transaction whose work is done without keeping it. */
class Undone extends Error {}

/** Runs `work` such that what it creates to look at leaves no trace: in a transaction that is rolled back, where one is needed. */
export async function withScratch<R>(
  session: Session,
  isNeeded: boolean,
  work: (run: RunStatement) => Promise<R>,
): Promise<R> {
  if (!isNeeded) return work(runOn(session));
  let result: { readonly value: R } | null = null;
  const attempt = session.transact(async (inside) => {
    result = { value: await work(runOn(inside)) };
    throw new Undone('the transaction is rolled back on purpose');
  });
  await attempt.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
  return (result as unknown as { readonly value: R }).value;
}
