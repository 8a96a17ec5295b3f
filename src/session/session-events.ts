import type { LogEvent } from '../driver/log-event.ts';
import { type Listeners, subscribe } from './hook-listeners.ts';

/** A statement that ran, successfully or not. Parameter values are never part of it. */
export interface StatementEvent {
  readonly sql: string;
  /** How long it took; of the statements of one batch, how long the batch did. */
  readonly durationMs: number;
  /** Rows returned, or written where none were returned. */
  readonly rows: number;
  /** The error, where the statement failed. */
  readonly error: unknown;
}

/** A commit that touched tables. */
export interface ChangeEvent {
  /** The tables by database name; every table of the registry where raw SQL may have written any. */
  readonly tables: readonly string[];
  readonly origin: 'local' | 'other-tab';
}

/** The events of a persistence object by name. */
export interface PersistenceEvents {
  readonly statement: StatementEvent;
  readonly change: ChangeEvent;
  readonly log: LogEvent;
}

/** Listeners by event. What a listener throws is the listener's own affair: it never reaches the work that raised it. */
export interface EventHub {
  on<E extends keyof PersistenceEvents>(event: E, listener: (event: PersistenceEvents[E]) => void): () => void;
  emit<E extends keyof PersistenceEvents>(event: E, value: PersistenceEvents[E]): void;
  /** Whether anybody listens, so that an event nobody wants is not even made. */
  has(event: keyof PersistenceEvents): boolean;
}

/** Makes an empty hub; `onListenerError` is told what a listener threw. */
export function createEventHub(onListenerError: (error: unknown) => void): EventHub {
  const listeners: Listeners = new Map();
  return {
    on: (event, listener) => subscribe(listeners, event, listener),
    emit(event, value) {
      for (const listener of listeners.get(event) ?? []) {
        try {
          listener(value as never);
        } catch (error) {
          onListenerError(error);
        }
      }
    },
    has: (event) => listeners.has(event),
  };
}
