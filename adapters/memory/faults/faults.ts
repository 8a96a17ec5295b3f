import { ConfigurationError, type Statement } from '../../../src/port.ts';
import { type Match, matches } from '../match.ts';

/** Where a fault strikes. Every statement counts, transaction control included, from the moment the fault is injected. */
export interface FaultPlace {
  /** Counts these statements only. */
  readonly match?: Match;
  /** Strikes at the n-th of them, from 1, which is the default. */
  readonly at?: number;
  /** Strikes at each one from the n-th on, until it is cancelled. */
  readonly always?: boolean;
}

/** A fault that was injected. */
export interface InjectedFault {
  /** Whether it has struck. */
  readonly raised: boolean;
  /** Takes it back. */
  cancel(): void;
}

/** What a fault does to a statement. */
export type Effect =
  | { readonly kind: 'error'; readonly error: (statement: Statement) => Error }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'lost-answer' };

class PendingFault implements InjectedFault {
  readonly effect: Effect;
  raised = false;
  readonly #place: FaultPlace;
  readonly #cancel: (fault: PendingFault) => void;
  #seen = 0;

  constructor(place: FaultPlace, effect: Effect, cancel: (fault: PendingFault) => void) {
    this.#place = place;
    this.effect = effect;
    this.#cancel = cancel;
  }

  cancel(): void {
    this.#cancel(this);
  }

  /** Counts a statement, and tells whether this is the one. */
  strikes(statement: Statement): boolean {
    const { match, at = 1, always = false } = this.#place;
    if (match !== undefined && !matches(match, statement)) return false;
    this.#seen += 1;
    if (this.#seen < at) return false;
    this.raised = true;
    if (!always) this.cancel();
    return true;
  }
}

/** The faults that wait for their statement. */
export class Faults {
  readonly #pending = new Set<PendingFault>();

  /** Injects a fault. Throws `configuration` where it could never strike. */
  inject(place: FaultPlace, effect: Effect): InjectedFault {
    const { at = 1 } = place;
    if (!(Number.isSafeInteger(at) && at > 0)) {
      throw new ConfigurationError(`memory: at counts statements from 1, and cannot be ${at}`);
    }
    const fault = new PendingFault(place, effect, (one) => this.#pending.delete(one));
    this.#pending.add(fault);
    return fault;
  }

  /** The effects that strike a statement, in the order they were injected. */
  strike(statement: Statement): readonly Effect[] {
    if (this.#pending.size === 0) return [];
    return [...this.#pending].filter((fault) => fault.strikes(statement)).map(({ effect }) => effect);
  }

  forget(): void {
    this.#pending.clear();
  }
}
