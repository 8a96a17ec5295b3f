import type { PersistenceError } from '../errors.ts';
import type { Session } from '../session/session.ts';
import { type Undo, undoAll } from '../unit-of-work/flush-plan.ts';
import type { TransactionOptions } from './entity-manager.ts';

/** An open transaction or savepoint of a unit of work. */
export interface TransactionFrame {
  /** What its flushes wrote into memory. */
  readonly undos: Undo[];
  /** 0 for a transaction, 1 for a savepoint in it, and so on. */
  readonly level: number;
  /** How the outermost transaction was opened. */
  readonly opened: TransactionOptions;
  /** Why it cannot commit: work that had joined it failed. */
  failure: PersistenceError | null;
  /** That of its statements, once it is open. */
  session: Session;
  /** The savepoint that was opened in it last. */
  inner: TransactionFrame | null;
}

/** Takes back what a transaction wrote into memory, and first what a savepoint did that nobody waited for. */
export function undoFrame(frame: TransactionFrame): void {
  const undos: Undo[] = [];
  for (let open: TransactionFrame | null = frame; open !== null; open = open.inner) undos.push(...open.undos.splice(0));
  undoAll(undos)();
}

/** Whether a session is that of a transaction, or of a savepoint in it. */
export function isWithin(frame: TransactionFrame, session: Session): boolean {
  for (let open: TransactionFrame | null = frame; open !== null; open = open.inner)
    if (open.session === session) return true;
  return false;
}
