import { createStore } from '../ui/store.ts';
import type { Library } from './library.ts';

/** One statement that ran. Parameter values are never part of it. */
export interface LoggedStatement {
  readonly number: number;
  readonly sql: string;
  readonly ms: number;
  readonly rows: number;
  readonly at: Date;
}

/** What all statements since the app was opened cost. */
export interface StatementTotals {
  readonly count: number;
  readonly ms: number;
  readonly rows: number;
}

const KEPT = 300;

/** The newest statements, newest first, and the totals of all. */
export const statementLog = createStore<{
  readonly newest: readonly LoggedStatement[];
  readonly totals: StatementTotals;
}>({
  newest: [],
  totals: { count: 0, ms: 0, rows: 0 },
});

/** Starts the log; it is told to the watching components at most once a frame, however many statements run. */
export function startStatementLog(library: Library): () => void {
  let newest: readonly LoggedStatement[] = [];
  let totals: StatementTotals = { count: 0, ms: 0, rows: 0 };
  let scheduled = false;
  return library.on('statement', ({ sql, durationMs, rows }) => {
    totals = { count: totals.count + 1, ms: totals.ms + durationMs, rows: totals.rows + rows };
    newest = [{ number: totals.count, sql, ms: durationMs, rows, at: new Date() }, ...newest].slice(0, KEPT);
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      statementLog.set({ newest, totals });
    });
  });
}
