import { LEDGER_TABLE } from '../compiler/ledger-dialect.ts';
import type { Statement } from '../wire/statement.ts';
import { addGuards, addItems, guardOf, MigrationBatch, send } from './apply-in-batch.ts';
import { askStakes } from './ask-stakes.ts';
import type { LedgerEntry } from './ledger.ts';
import { allTables, announceStep, appliedEntry, type HeldLease, type MigrationRun } from './migration-run.ts';
import { failure, overtaken, type Passage } from './passage.ts';
import { resumeAt } from './resume-at.ts';
import { runItem } from './run-item.ts';
import { runText } from './run-text.ts';
import { type Segment, segmentsOf } from './segments.ts';

/**
 * Applies a migration that no transaction can hold, under the lease: the ledger says before each piece which one it is, and
 * a piece that is a transaction says so itself. A run that was killed goes on at that piece.
 */
export async function applyInPieces(
  run: MigrationRun,
  passage: Passage,
  lease: HeldLease,
  entries: readonly LedgerEntry[],
): Promise<void> {
  const began = run.target.session.driver.clock.monotonic();
  const pieces = new Pieces(run, passage, lease, entries);
  const from = await pieces.begin();
  for (const segment of segmentsOf(passage, run.ledger.dialect)) {
    if (segment.to <= from) continue;
    lease.assertHeld();
    const rest = { ...segment, from: Math.max(segment.from, from) };
    await (segment.kind === 'atomic' ? pieces.together(rest) : pieces.alone(rest.from));
  }
  await pieces.end(appliedEntry(run, passage, began));
}

class Pieces {
  readonly #run: MigrationRun;
  readonly #passage: Passage;
  readonly #lease: HeldLease;
  readonly #others: readonly LedgerEntry[];
  #entry: LedgerEntry | undefined;

  constructor(run: MigrationRun, passage: Passage, lease: HeldLease, entries: readonly LedgerEntry[]) {
    this.#run = run;
    this.#passage = passage;
    this.#lease = lease;
    this.#entry = entries.find(({ version }) => version === passage.migration.version);
    this.#others = entries.filter((entry) => entry !== this.#entry);
  }

  /** Notes that the migration begins, or finds out where it was left. Gives the place that is next. */
  async begin(): Promise<number> {
    const { direction } = this.#passage;
    const { options } = this.#run;
    if (this.#entry !== undefined && this.#entry.state !== 'applied') {
      return (await resumeAt(this.#run, this.#passage, this.#entry)) - 1;
    }
    await askStakes(this.#run.target.session, this.#passage, options.allowLoss ?? false, options.signal);
    const begun = appliedEntry(this.#run, this.#passage, this.#run.target.session.driver.clock.monotonic());
    const entry: LedgerEntry = { ...begun, ...this.#working(1, '') };
    if (direction === 'up') await this.#write(this.#run.ledger.insert(entry));
    else await this.#change(entry);
    this.#entry = entry;
    return 0;
  }

  /** A piece that is one transaction, or one batch, with the note that it is done. */
  async together({ from, to }: Segment): Promise<void> {
    const after: LedgerEntry = { ...this.#known, ...this.#working(to + 1, '') };
    const { target, ledger } = this.#run;
    const update = ledger.update(this.#known, after);
    if (target.session.driver.capabilities.interactive === 'none') await this.#batch(from, to, update);
    else await this.#transaction(from, to, update);
    this.#entry = after;
  }

  /** A step that commits by itself. */
  async alone(place: number): Promise<void> {
    const { session } = this.#run.target;
    const mark = await this.#fingerprint();
    await this.#change({ ...this.#known, ...this.#working(place + 1, mark) });
    announceStep(this.#run, this.#passage, place);
    this.#lease.assertHeld();
    const done = place === 0 ? 'Nothing was done' : `The ${place} steps before it stay done`;
    const end = {
      fate: `${done}, and the next run goes on here`,
      outcome: place === 0 ? 'rolled-back' : 'committed',
    } as const;
    try {
      await runItem(this.#run, session, this.#passage, place, end);
    } catch (error) {
      await this.#noteFailure(place, mark, error);
      throw error;
    }
    // What no catalog tells of, such as a CALL, would be run again where the next piece fails.
    await this.#change({ ...this.#known, ...this.#working(place + 2, '') });
  }

  /** Notes that all is done. */
  async end(applied: LedgerEntry): Promise<void> {
    if (this.#passage.direction === 'up') await this.#change(applied);
    else if ((await this.#write(this.#run.ledger.delete(this.#known))) !== 1) throw this.#overtaken();
  }

  get #known(): LedgerEntry {
    return this.#entry as LedgerEntry;
  }

  #working(step: number, mark: string): Pick<LedgerEntry, 'step' | 'state' | 'mark'> {
    return { step, state: this.#passage.direction === 'up' ? 'started' : 'reverting', mark };
  }

  async #fingerprint(): Promise<string> {
    const { fingerprint } = this.#run.ledger.dialect;
    if (fingerprint === null) return '';
    const { rows } = await runText(this.#run.target.session, { sql: fingerprint, params: [] }, []);
    return String(rows[0]?.[0]);
  }

  async #change(after: LedgerEntry): Promise<void> {
    if ((await this.#write(this.#run.ledger.update(this.#known, after))) !== 1) throw this.#overtaken();
    this.#entry = after;
  }

  async #write(statement: Statement): Promise<number> {
    return (await runText(this.#run.target.session, statement, [LEDGER_TABLE])).affectedRows;
  }

  // Where even this fails, the mark is still there, and the next run finds out.
  async #noteFailure(place: number, mark: string, error: unknown): Promise<void> {
    if ((error as { readonly outcome?: unknown }).outcome === 'unknown') return;
    const state = this.#passage.direction === 'up' ? 'failed' : 'revert-failed';
    const note = async () => {
      const isUnchanged = (await this.#fingerprint()) === mark;
      await this.#change({ ...this.#known, step: place + 1, state, mark: isUnchanged ? '' : mark });
    };
    await note().catch(() => {});
  }

  async #transaction(from: number, to: number, update: Statement): Promise<void> {
    const { target, ledger, options } = this.#run;
    const end = { fate: this.#fateOf(from), outcome: from === 0 ? 'rolled-back' : 'committed' } as const;
    await target.session.transact(
      async (inside) => {
        if (ledger.dialect.lock !== null) await runText(inside, { sql: ledger.dialect.lock, params: [] }, []);
        // First, so that it waits for a transaction of a runner whose connection was lost.
        const { affectedRows } = await runText(inside, update, [LEDGER_TABLE]);
        if (affectedRows !== 1) throw this.#overtaken();
        for (let place = from; place < to; place += 1) {
          announceStep(this.#run, this.#passage, place);
          await runItem(this.#run, inside, this.#passage, place, end);
        }
      },
      options.signal === undefined ? {} : { signal: options.signal },
    );
  }

  async #batch(from: number, to: number, update: Statement): Promise<void> {
    const { target, ledger, options } = this.#run;
    const batch = new MigrationBatch(allTables(target));
    if (ledger.dialect.lock !== null) batch.add({ sql: ledger.dialect.lock, params: [] }, []);
    addGuards(this.#run, batch, [ledger.unchanged([...this.#others, this.#known])]);
    batch.add(update, [LEDGER_TABLE]);
    await addItems(this.#run, batch, this.#passage, from, to);
    try {
      await send(target.session, batch, options.signal);
    } catch (cause) {
      if (guardOf(cause) === 0) throw this.#overtaken();
      const outcome = from === 0 ? 'rolled-back' : 'committed';
      throw failure(this.#passage, cause, { fate: this.#fateOf(from), outcome });
    }
  }

  #fateOf(from: number): string {
    const done = from === 0 ? '' : `; the ${from} steps before stay done`;
    return `What goes together from step ${from + 1} on was rolled back${done}, and the next run goes on there`;
  }

  #overtaken(): Error {
    return overtaken(this.#passage.migration, 'look at its status and run again');
  }
}
