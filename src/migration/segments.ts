import type { LedgerDialect } from '../compiler/ledger-dialect.ts';
import type { MigrationItem } from './migration.ts';
import type { Passage } from './passage.ts';

/** Steps that belong together: in one transaction, or one that commits by itself. Places are counted from 0. */
export interface Segment {
  readonly kind: 'atomic' | 'alone';
  readonly from: number;
  /** The place after the last. */
  readonly to: number;
}

/** Cuts a migration where the engine does. */
export function segmentsOf({ side }: Passage, dialect: LedgerDialect): readonly Segment[] {
  const segments: Segment[] = [];
  side.steps.forEach((item, place) => {
    const last = segments.at(-1);
    const kind = isAlone(item, dialect) ? 'alone' : 'atomic';
    if (kind === 'atomic' && last?.kind === 'atomic') segments[segments.length - 1] = { ...last, to: place + 1 };
    else segments.push({ kind, from: place, to: place + 1 });
  });
  return segments;
}

function isAlone(item: MigrationItem, dialect: LedgerDialect): boolean {
  if (typeof item === 'string') return dialect.commitsByItself(item);
  if (typeof item === 'function') return false;
  if ('sql' in item) return dialect.commitsByItself(item.sql);
  return 'outside' in item;
}
