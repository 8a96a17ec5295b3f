import type { LockClause } from '../ast/query-node.ts';

/** What stands behind a lock clause for rows that somebody else has locked. */
export const WHEN_LOCKED: Readonly<Record<LockClause['onLocked'], string>> = {
  wait: '',
  nowait: ' NOWAIT',
  skip: ' SKIP LOCKED',
};
