import type { FlushPlan, FlushStep, UpdateReason } from '../unit-of-work/flush-plan.ts';
import type { FlushPreview, PlannedStep } from './entity-manager.ts';

/** Shows a plan, and the SQL texts of its statements. */
export function previewPlan(plan: FlushPlan, statements: readonly string[]): FlushPreview {
  return new Preview(plan, statements);
}

class Preview implements FlushPreview {
  readonly steps: readonly PlannedStep[];
  readonly statements: readonly string[];

  constructor({ steps }: FlushPlan, statements: readonly string[]) {
    this.steps = Object.freeze(steps.map(stepOf));
    this.statements = Object.freeze(statements.slice());
    Object.freeze(this);
  }

  toString(): string {
    return this.steps.map(lineOf).join('\n');
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
