import type { Session } from '../session/session.ts';
import type { FlushPlan, FlushStep, UpdateReason } from '../unit-of-work/flush-plan.ts';
import type { FlushPreview, FlushStrategy, PlannedStep } from './entity-manager.ts';
import type { FlushTexts } from './flush-parts.ts';

/** Shows a plan, the SQL texts of its statements, and whether and why they would go as one batch. */
export function previewPlan(plan: FlushPlan, { texts, inBatch, apart }: FlushTexts, session: Session): FlushPreview {
  const strategy = inBatch && apart == null ? batchStrategy(session) : transactionStrategy(session, apart);
  return new Preview(plan, texts, strategy);
}

function batchStrategy({ driver }: Session): FlushStrategy {
  const { name, capabilities } = driver;
  const reason =
    capabilities.interactive === 'none'
      ? `${name} holds no transaction open between statements`
      : `a round trip of ${name} costs more than a longer statement`;
  return Object.freeze({ kind: 'batch', reason });
}

function transactionStrategy({ driver }: Session, apart: FlushTexts['apart']): FlushStrategy {
  return Object.freeze({ kind: 'transaction', reason: apart ?? whyNoBatch(driver) });
}

function whyNoBatch({ name, capabilities }: Session['driver']): string {
  if (capabilities.batch === 'none') return `${name} takes one statement at a time`;
  if (capabilities.roundTrip === 'local') return `round trips of ${name} cost nothing`;
  return 'it is a part of the open transaction';
}

class Preview implements FlushPreview {
  readonly steps: readonly PlannedStep[];
  readonly statements: readonly string[];
  readonly strategy: FlushStrategy;

  constructor({ steps }: FlushPlan, statements: readonly string[], strategy: FlushStrategy) {
    this.strategy = strategy;
    this.steps = Object.freeze(steps.map(stepOf));
    this.statements = Object.freeze(statements.slice());
    Object.freeze(this);
  }

  toString(): string {
    if (this.steps.length === 0) return '';
    const { kind, reason } = this.strategy;
    return [...this.steps.map(lineOf), `in one ${kind}: ${reason}`].join('\n');
  }
}

function stepOf(step: FlushStep): PlannedStep {
  if ('pairs' in step) {
    const { link, kind, pairs } = step;
    const columns = [...link.ownColumns, ...link.targetColumns].map(({ name }) => name);
    return Object.freeze({ kind, table: link.table, columns, rows: pairs.length, reason: null });
  }
  const { kind, meta, records } = step;
  const columns = step.kind === 'delete' ? [] : step.columns.map(({ name }) => name);
  const reason = step.kind === 'update' ? (step.reason ?? null) : null;
  return Object.freeze({ kind, table: meta.root.table, columns, rows: records.length, reason });
}

const REASONS: Readonly<Record<UpdateReason, string>> = {
  'closes-circle': 'closes a circle of new rows',
  'opens-circle': 'parts rows that are deleted',
  parks: 'gives up what another row takes',
  replaces: 'a new entity has the key of a removed one',
};

function lineOf({ kind, table, columns, rows, reason }: PlannedStep): string {
  const named = columns.length === 0 ? '' : ` (${columns.join(', ')})`;
  const why = reason === null ? '' : `; ${REASONS[reason]}`;
  return `${kind} ${table}${named}: ${rows} ${rows === 1 ? 'row' : 'rows'}${why}`;
}
