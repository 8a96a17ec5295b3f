import { unlessAborted } from '../../driver/unless-aborted.ts';
import { HookError, TransactionScopeError } from '../../errors.ts';
import type { EntityScope } from '../entity-scope.ts';
import type { LifecycleEvents } from '../lifecycle-events.ts';

type Name = keyof LifecycleEvents;

/** Runs the hooks of one unit of work, one after the other. */
export class HookRunner {
  readonly #scope: EntityScope;
  readonly #errors: unknown[] = [];

  constructor(scope: EntityScope) {
    this.#scope = scope;
  }

  /** Whether there are hooks for an event. */
  has(name: Name): boolean {
    return this.#scope.unit.context.hooks.has(name);
  }

  /** Runs the hooks for an event. The first that throws ends it. */
  async run<N extends Name>(name: N, event: LifecycleEvents[N], signal?: AbortSignal): Promise<void> {
    for (const hook of this.#hooks(name)) await this.#call(name, () => hook(event as never), signal);
  }

  /** Runs all hooks for an event of what has happened already, and keeps what they throw. */
  async runAll<N extends Name>(name: N, event: LifecycleEvents[N]): Promise<void> {
    for (const hook of this.#hooks(name)) {
      try {
        await this.#call(name, () => hook(event as never));
      } catch (error) {
        this.#errors.push(error);
      }
    }
  }

  /** Leaves it to the end of the transaction to tell what hooks threw. */
  postpone(): void {
    this.#scope.hookErrors.push(...this.#errors.splice(0));
  }

  /** Throws `hook` where any hook of what had happened threw. */
  settle(outcome: 'committed' | 'rolled-back'): void {
    const errors = [...this.#scope.hookErrors.splice(0), ...this.#errors.splice(0)];
    if (errors.length === 0) return;
    const what = errors.length === 1 ? 'a hook' : `${errors.length} hooks`;
    const where =
      outcome === 'committed'
        ? 'all of it is committed; do what the hook does again, not the flush'
        : 'the transaction is still open, and is rolled back unless this error is caught';
    throw new HookError(`${what} failed after the rows had been written: ${where}`, {
      errors,
      outcome,
      cause: errors[0],
    });
  }

  /** Tells the listener of such errors what hooks threw that nobody else can be told. */
  report(): void {
    for (const error of this.#errors.splice(0)) this.#scope.unit.context.onHookError(error);
  }

  #hooks(name: Name): Iterable<(event: never) => unknown> {
    return this.#scope.unit.context.hooks.get(name) ?? [];
  }

  async #call(name: Name, call: () => unknown, signal?: AbortSignal): Promise<void> {
    const scope = this.#scope;
    scope.refuse = (action) => {
      throw new TransactionScopeError(
        `${action} while the hook ${name} runs: it would wait for what waits for the hook. What a before-hook changes or schedules is written by the same flush; do anything else when it has ended, or on another EntityManager`,
      );
    };
    try {
      const answer = call();
      if (answer instanceof Promise) await (signal === undefined ? answer : unlessAborted(answer, signal));
      else await answer;
    } finally {
      scope.refuse = null;
    }
  }
}
