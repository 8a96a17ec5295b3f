import type { Session } from '../session/session.ts';
import type { ResultSet } from '../wire/result-set.ts';
import type { Statement } from '../wire/statement.ts';

/** Runs a finished text. `writes` are the tables it writes; null where that is not known, as of a definition. */
export async function runText(
  session: Session,
  { sql, params }: Statement,
  writes: readonly string[] | null,
  signal?: AbortSignal,
): Promise<ResultSet> {
  const bindings = params.map((_, place) => place);
  return session.run({ sql, bindings, direct: true, reads: [], writes }, params, signal);
}
