import type { Session } from '../../session/session.ts';
import { type FlushPlan, type Undo, undoAll } from '../../unit-of-work/flush-plan.ts';
import type { EntityManager } from '../entity-manager.ts';
import type { EntityScope } from '../entity-scope.ts';
import type { FlushParts } from '../flush-parts.ts';
import type { PlannedFlushEvent } from '../lifecycle-events.ts';
import { previewPlan } from '../plan-preview.ts';
import type { Reader } from '../reader.ts';
import { runBeforeHooks } from './before-hooks.ts';
import { hookHandle } from './hook-handle.ts';
import { HookRunner } from './hook-runner.ts';

/** A flush that was written, whose after-hooks are still to run. */
interface Written {
  readonly plan: FlushPlan;
  readonly event: PlannedFlushEvent | null;
  /** Whether the flush opened a transaction for itself. */
  readonly own: boolean;
  readonly session: Session;
}

/** Makes a flush that runs hooks. */
export function hookFlush(em: EntityManager, scope: EntityScope, parts: FlushParts): HookedFlush {
  return new HookedFlush(em, scope, parts);
}

/** One flush with its hooks. */
class HookedFlush {
  readonly #em: EntityManager;
  readonly #parts: FlushParts;
  readonly #hooks: HookRunner;
  /** What the hooks did that is to be taken back when the flush fails. */
  readonly #undos: Undo[] = [];
  #written: Written | null = null;

  constructor(em: EntityManager, scope: EntityScope, parts: FlushParts) {
    this.#em = em;
    this.#parts = parts;
    this.#hooks = new HookRunner(scope);
  }

  /** Does what {@link flush} without hooks does, and runs those that come before; also gives what takes it back. */
  readonly flush = async (reader: Reader): Promise<Undo | null> => {
    let began = false;
    try {
      const { unit, limits } = reader;
      const em = hookHandle(this.#em, unit, this.#undos);
      await this.#hooks.run('beforeFlush', { em }, limits.signal);
      const cascadedRemovals = () => this.#parts.cascadedRemovals(reader);
      await runBeforeHooks({ reader, hooks: this.#hooks, em, undos: this.#undos, cascadedRemovals });
      const plan = await this.#parts.planScope(reader);
      const event = await this.#eventOf(reader, plan);
      if (event !== null) await this.#hooks.run('onFlush', event, limits.signal);
      const { session } = reader;
      const own = !session.inTransaction && plan.steps.length > 0;
      if (own) await this.#hooks.run('transactionBegin', { em: this.#em, level: 0 }, limits.signal);
      began = own;
      const undo = await this.#parts.writePlan(reader, plan);
      this.#written = { plan, event, own, session };
      return this.#takeBackAfter(undo);
    } catch (error) {
      this.#takeBack();
      if (began) await this.#hooks.runAll('transactionRollback', { em: this.#em, level: 0, error });
      this.#hooks.report();
      throw error;
    }
  };

  /** Runs the hooks that come after. Throws `hook` where any of them did. */
  async after(): Promise<void> {
    if (this.#written === null) return;
    const { plan, event, own, session } = this.#written;
    await this.#tell('afterInsert', plan.inserts);
    await this.#tell('afterUpdate', updatesOf(plan));
    await this.#tell('afterRemove', removesOf(plan));
    if (event !== null) await this.#hooks.runAll('afterFlush', event);
    if (own) await this.#hooks.runAll('transactionCommit', { em: this.#em, level: 0 });
    // The batch at the end of such a transaction is committed: failing now would say that it is not.
    if (session.deferral !== undefined) this.#hooks.postpone();
    else this.#hooks.settle(session.inTransaction ? 'rolled-back' : 'committed');
  }

  async #tell(
    name: 'afterInsert' | 'afterUpdate' | 'afterRemove',
    records: FlushPlan['inserts' | 'updates' | 'deletes'],
  ): Promise<void> {
    if (!this.#hooks.has(name)) return;
    for (const { entity, meta } of records) {
      await this.#hooks.runAll(name, { entity, table: meta.table, em: this.#em });
    }
  }

  // What nobody listens for is not even made.
  async #eventOf(reader: Reader, plan: FlushPlan): Promise<PlannedFlushEvent | null> {
    if (!this.#hooks.has('onFlush') && !this.#hooks.has('afterFlush')) return null;
    const entitiesOf = (records: FlushPlan['inserts' | 'updates' | 'deletes']) =>
      Object.freeze(records.map(({ entity }) => entity));
    const { session } = reader;
    const described = await this.#parts.describe(reader, plan);
    return Object.freeze({
      em: this.#em,
      plan: previewPlan(plan, described, session),
      inserts: entitiesOf(plan.inserts),
      updates: entitiesOf(updatesOf(plan)),
      removes: entitiesOf(removesOf(plan)),
    });
  }

  #takeBackAfter(undo: Undo | null): Undo | null {
    if (undo === null && this.#undos.length === 0) return null;
    return () => {
      undo?.();
      this.#takeBack();
    };
  }

  #takeBack(): void {
    undoAll(this.#undos.splice(0))();
  }
}

/** The updates that are none of softDelete(), which removes by one. */
function updatesOf({ updates, softened }: FlushPlan): FlushPlan['updates'] {
  if (softened.length === 0) return updates;
  const removed = new Set(softened.map(({ entity }) => entity));
  return updates.filter(({ entity }) => !removed.has(entity));
}

function removesOf({ deletes, softened }: FlushPlan): FlushPlan['deletes'] {
  return softened.length === 0 ? deletes : [...deletes, ...softened];
}
