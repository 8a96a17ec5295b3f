import { validationError } from '../unit-of-work/find-problems.ts';
import { readBack } from '../unit-of-work/read-back.ts';
import { asLoaded, staleError } from '../unit-of-work/stale-error.ts';
import { findLocked } from './find-locked.ts';
import { subscribeDeclared } from './hooks/declared-hooks.ts';
import { hookFlush } from './hooks/hooked-flush.ts';
import { transactWithHooks } from './hooks/hooked-transaction.ts';
import { loadColumns } from './lazy-loading.ts';
import { merge } from './merge.ts';
import { previewPlan } from './plan-preview.ts';
import { refresh } from './refresh.ts';
import { runTransaction } from './run-transaction.ts';
import { upsert } from './upsert.ts';

/**
 * What only some programs ask of an EntityManager: it comes with the first that does. In one piece, because each piece of its
 * own would cut what all programs share into smaller ones, which compress worse.
 */
export const onDemand = {
  asLoaded,
  findLocked,
  hookFlush,
  loadColumns,
  merge,
  previewPlan,
  readBack,
  refresh,
  runTransaction,
  staleError,
  subscribeDeclared,
  transactWithHooks,
  upsert,
  validationError,
};
