import { UnsupportedByDriverError } from '../../errors.ts';
import type { IsolationLevel } from '../../wire/capabilities.ts';

/** The levels that PostgreSQL has; it takes READ UNCOMMITTED for READ COMMITTED. */
export const ISOLATION_LEVELS: readonly IsolationLevel[] = /* @__PURE__ */ Object.freeze<IsolationLevel[]>([
  'read committed',
  'repeatable read',
  'serializable',
]);

/** What follows BEGIN, or SET TRANSACTION: the level and the mode that are asked for; empty where none is. */
export function transactionMode(options: { readonly isolation?: IsolationLevel; readonly readOnly?: boolean }): string {
  const { isolation, readOnly } = options;
  const level = isolation === undefined ? '' : ` ISOLATION LEVEL ${levelText(isolation)}`;
  return `${level}${readOnly === true ? ' READ ONLY' : ''}`;
}

// One of a known list, whatever the caller was told by the compiler: it becomes a part of the text.
function levelText(isolation: IsolationLevel): string {
  if (ISOLATION_LEVELS.includes(isolation)) return isolation.toUpperCase();
  throw new UnsupportedByDriverError('PostgreSQL has no such isolation level; "read committed" is its lowest');
}

const CONTROL =
  /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*(?:begin|start\s+transaction|commit|end|abort|rollback(?!\s+(?:(?:work|transaction)\s+)?to\b)|prepare\s+transaction)\b/i;

/** Whether a statement begins or ends a transaction, and so does not belong inside one that somebody else ends. */
export function endsTransaction(sql: string): boolean {
  return CONTROL.test(sql);
}
