import { createPool, type LogEvent, type Pool, type PoolOptions, type PoolParts } from '../../../../src/port.ts';
import { type ScriptedClock, scriptedClock } from '../../../support/scripted-clock.ts';
import { type ScriptedConnection, type ScriptedSource, scriptedSource } from '../../../support/scripted-source.ts';

/** A pool with everything under it scripted. */
export interface OpenedPool {
  readonly pool: Pool<ScriptedConnection>;
  readonly source: ScriptedSource;
  readonly clock: ScriptedClock;
  readonly events: LogEvent[];
}

/** Makes a pool over a scripted source and clock; nothing in it is left to chance. */
export function openPool(
  options: PoolOptions = {},
  parts: Partial<Omit<PoolParts<ScriptedConnection>, 'options' | 'clock' | 'open'>> = {},
): OpenedPool {
  const source = scriptedSource();
  const clock = scriptedClock();
  const events: LogEvent[] = [];
  const pool = createPool({
    driver: 'scripted',
    options,
    clock,
    open: () => source,
    onLog: (event) => events.push(event),
    random: () => 0.5,
    ...parts,
  });
  return { pool, source, clock, events };
}

/** The error that a promise rejects with; fails where it resolves. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`resolved with ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}

/** A signal that never fires, and those who listen to it. */
export function watchedSignal(): { readonly signal: AbortSignal; readonly listeners: ReadonlySet<unknown> } {
  const listeners = new Set<unknown>();
  const signal = {
    aborted: false,
    addEventListener: (_: string, listener: unknown) => listeners.add(listener),
    removeEventListener: (_: string, listener: unknown) => listeners.delete(listener),
  };
  return { signal: signal as unknown as AbortSignal, listeners };
}
