/**
 * A driver for tests: it records every statement, answers from scripts or from the driver behind it, and injects faults.
 *
 * @module
 */
import { sqlite } from '../../src/dialect/sqlite/index.ts';
import {
  type Capabilities,
  type Clock,
  ConfigurationError,
  createClock,
  type Dialect,
  type Driver,
  suggestName,
} from '../../src/port.ts';
import { reduced, standAlone } from './capabilities.ts';
import { type MemoryDriver, RecordingDriver } from './memory-driver.ts';
import { NoDatabase } from './no-database.ts';

export type { Answer, ScriptedAnswer } from './answers/scripted-answer.ts';
export type { FaultPlace, InjectedFault } from './faults/faults.ts';
export type { Match } from './match.ts';
export type { Failure, MemoryDriver } from './memory-driver.ts';
export type { LoggedStatement, StatementKind } from './record/logged-statement.ts';
export type { RecordedTransaction } from './record/recorded-transaction.ts';

/** What the driver stands on. */
export interface MemoryOptions<B extends Driver = Driver> {
  /** The driver that answers what is not scripted. Without one, only scripts answer. */
  readonly backing?: B;
  /** Which SQL is made where no backing driver says it: `sqlite` unless given. */
  readonly dialect?: Dialect;
  /** Replaces capabilities. Of a backing driver they can be taken away only. */
  readonly capabilities?: Partial<Capabilities>;
  /** Replaces the clock, or parts of it: `{ now: () => 0 }` makes every default of the instant the same one. */
  readonly clock?: Partial<Clock>;
}

/**
 * A driver that records every statement, answers from scripts or from the driver behind it, and injects faults. It never
 * evaluates SQL: without a backing driver, a statement that no script answers is a `configuration` error with its text.
 *
 * @example
 * ```ts
 * import { memory } from 'meshestra/memory';
 * import { sqljs } from 'meshestra/sqljs';
 *
 * const driver = memory({ backing: sqljs() }); // a real database that can be watched and made to fail
 * const db = await createPersistence({ driver, entities: [Author, Post, Tag] });
 * driver.fail({ match: /^INSERT/, at: 2 });
 * driver.loseAnswer(); // to the next COMMIT
 * const unit = memory({ clock: { now: () => 0 } }); // no database: scripts alone answer
 * ```
 */
export function memory<B extends Driver>(options: MemoryOptions<B> & { readonly backing: B }): MemoryDriver<B>;
export function memory(options?: Omit<MemoryOptions, 'backing'>): MemoryDriver<null>;
export function memory(options: MemoryOptions = {}): MemoryDriver {
  checkNames(options);
  const { backing, dialect, capabilities = {} } = options;
  if (backing === undefined) {
    const clock = { ...createClock(globalThis), ...options.clock };
    const own = Object.freeze({ ...standAlone, ...capabilities });
    return new RecordingDriver(null, new NoDatabase(dialect ?? sqlite, own, clock), own, clock);
  }
  if (dialect !== undefined) {
    throw new ConfigurationError('memory: the backing driver brings its own dialect; hand in one of the two');
  }
  const { clock: own } = backing;
  const clock: Clock = {
    now: () => own.now(),
    monotonic: () => own.monotonic(),
    sleep: (ms, signal) => own.sleep(ms, signal),
    ...options.clock,
  };
  return new RecordingDriver(backing, backing, reduced(backing.capabilities, capabilities), clock);
}

const OPTIONS = ['backing', 'dialect', 'capabilities', 'clock'];

function checkNames(options: MemoryOptions): void {
  for (const name of Object.keys(options)) {
    if (!OPTIONS.includes(name)) {
      throw new ConfigurationError(`memory: there is no option '${name}'; ${suggestName(name, OPTIONS)}`);
    }
  }
}
