import type { MigrationError } from '../errors.ts';
import type { RowsAtStake } from '../schema/migration-step.ts';
import type { Session } from '../session/session.ts';
import { failure, migrationError, type Passage } from './passage.ts';
import { runText } from './run-text.ts';
import { titleOf } from './title-of.ts';

/** Which migrations may lose rows: all, none, or those of the versions. */
export type AllowLoss = boolean | readonly string[];

/** How many keys an error shows. */
const SHOWN = 5;

/** What a migration must not find: all that it adds and does not hold, and the rows that it may not lose. */
export function forbiddenStakes({ migration, side }: Passage, allowLoss: AllowLoss): readonly RowsAtStake[] {
  const mayLose = typeof allowLoss === 'boolean' ? allowLoss : allowLoss.includes(migration.version);
  return (side.atStake ?? []).filter(({ kind }) => kind === 'violation' || !mayLose);
}

/** Asks the database before the first statement. Throws `migration` with all that is at stake and may not be. */
export async function askStakes(
  session: Session,
  passage: Passage,
  allowLoss: AllowLoss,
  signal: AbortSignal | undefined,
): Promise<void> {
  const found: { readonly stake: RowsAtStake; readonly count: number; readonly keys: string }[] = [];
  for (const stake of forbiddenStakes(passage, allowLoss)) {
    try {
      const { rows } = await runText(session, { sql: stake.count, params: [] }, [], signal);
      const count = Number(rows[0]?.[0] ?? 0);
      if (count > 0) found.push({ stake, count, keys: await keysOf(session, stake, signal) });
    } catch (cause) {
      const fate = `It asked what it would mean (${stake.what}), and nothing was changed`;
      throw failure(passage, cause, { sql: stake.count, fate, outcome: 'rolled-back' });
    }
  }
  if (found.length > 0) throw atStake(passage, found);
}

async function keysOf(session: Session, { sample }: RowsAtStake, signal: AbortSignal | undefined): Promise<string> {
  if (sample === null) return '';
  const { rows } = await runText(session, { sql: sample, params: [] }, [], signal);
  const keys = rows
    .slice(0, SHOWN)
    .map((row) => row.map((value) => (value instanceof Uint8Array ? '(bytes)' : String(value))).join('/'));
  return keys.length === 0 ? '' : `: ${keys.join(', ')}${rows.length > SHOWN ? ', …' : ''}`;
}

function atStake(
  passage: Passage,
  found: readonly { readonly stake: RowsAtStake; readonly count: number; readonly keys: string }[],
): MigrationError {
  const list = found.map(({ stake, count, keys }) => {
    const rows = count === 1 ? '1 row' : `${count} rows`;
    return stake.kind === 'loss'
      ? `${stake.what} would lose ${rows}${keys}`
      : `${stake.what} does not hold for ${rows}${keys}`;
  });
  const hasViolation = found.some(({ stake }) => stake.kind === 'violation');
  const advice = hasViolation
    ? 'correct these rows first, by a migration before it'
    : `save what is needed, then allow it by \`allowLoss: ['${passage.migration.version}']\``;
  return migrationError(
    passage,
    'rows-at-stake',
    `${titleOf(passage.migration)} was not begun: ${list.join('; ')}. Nothing was changed; ${advice}`,
  );
}
