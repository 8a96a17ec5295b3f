import { toHex } from '../codec/hex.ts';
import { LEASE_TABLE, LEDGER_TABLE } from '../compiler/ledger-dialect.ts';
import { MigrationError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import type { Statement } from '../wire/statement.ts';
import type { HeldLease, MigrationRun } from './migration-run.ts';
import { patience } from './patience.ts';
import { runText } from './run-text.ts';

const LEASE_TIME = 30_000;

/** The turn of one runner, for as long as it goes on with it. */
export class Lease implements HeldLease {
  readonly #run: MigrationRun;
  readonly #holder: string;
  readonly #time: number;
  readonly #stop = new AbortController();
  #renewed: number;
  #lost = false;

  private constructor(run: MigrationRun, holder: string, time: number) {
    this.#run = run;
    this.#holder = holder;
    this.#time = time;
    this.#renewed = this.#session.driver.clock.monotonic();
    void this.#goOn();
  }

  /** Takes it, or waits for whoever has it. Throws `migration` where that takes too long. */
  static async take(run: MigrationRun): Promise<Lease> {
    const { session } = run.target;
    const { lease } = run.ledger.dialect;
    const { signal, leaseTime = LEASE_TIME } = run.options;
    await createTables(run);
    const holder = toHex(crypto.getRandomValues(new Uint8Array(12)));
    const wait = patience(run);
    for (;;) {
      await runText(session, { sql: lease.take, params: [holder, leaseTime] }, [LEASE_TABLE], signal);
      const { rows } = await runText(session, { sql: lease.read, params: [] }, [], signal);
      if (rows[0]?.[0] === holder) return new Lease(run, holder, leaseTime);
      await wait(`the runner ${String(rows[0]?.[0])} has the lease in ${LEASE_TABLE}`);
    }
  }

  assertHeld(): void {
    const { clock } = this.#session.driver;
    if (!this.#lost && clock.monotonic() - this.#renewed < this.#time) return;
    throw new MigrationError(
      `the lease of this runner ended while it worked (${this.#time} ms without an answer); run it again, it goes on where it is`,
      { problem: 'locked' },
    );
  }

  async release(): Promise<void> {
    this.#stop.abort();
    const { release } = this.#run.ledger.dialect.lease;
    await this.#send({ sql: release, params: [this.#holder] }).catch(() => {});
  }

  get #session(): Session {
    return this.#run.target.session;
  }

  async #goOn(): Promise<void> {
    const { clock } = this.#session.driver;
    const { renew } = this.#run.ledger.dialect.lease;
    while (!this.#lost) {
      const stopped = await clock.sleep(this.#time / 3, this.#stop.signal).then(
        () => false,
        () => true,
      );
      if (stopped) return;
      const asked = clock.monotonic();
      // One that failed is tried again; the time that is left goes on to count down.
      const held = await this.#send({ sql: renew, params: [this.#time, this.#holder] }).catch(() => null);
      if (held === 0) this.#lost = true;
      else if (held !== null) this.#renewed = asked;
    }
  }

  async #send(statement: Statement): Promise<number> {
    return (await runText(this.#session, statement, [LEASE_TABLE])).affectedRows;
  }
}

async function createTables({ target: { session }, ledger: { dialect } }: MigrationRun): Promise<void> {
  const tables = [
    { kind: 'definition', table: LEDGER_TABLE, sql: dialect.create },
    { kind: 'definition', table: LEASE_TABLE, sql: dialect.lease.create },
  ] as const;
  if (dialect.commitsByItself(dialect.create)) {
    for (const table of tables) await session.execute(table);
    return;
  }
  const lock =
    dialect.lock === null ? [] : [{ kind: 'raw-statement', texts: [dialect.lock], holes: [], writes: [] } as const];
  await session.executeAll([...lock, ...tables]);
}
