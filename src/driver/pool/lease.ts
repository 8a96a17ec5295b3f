import type { ErrorCode } from '../../errors.ts';

/** A connection on loan. It ends once: what comes after its end does nothing. */
export interface Lease<C extends object> {
  readonly connection: C;
  /** Looks at an error of the connection: after one that leaves its state in doubt, `release` destroys it. */
  noteError(error: unknown): void;
  /** Gives the connection back, or destroys it if it became suspect. */
  release(): void;
  /** Has the connection closed, because it is suspect. */
  destroy(reason: unknown): void;
}

const SUSPECT_CODES: ReadonlySet<unknown> = new Set<ErrorCode>(['connection', 'statement-timeout']);

/**
 * Whether an error leaves the connection that gave it in doubt: it was lost, its protocol is out of step, or an answer
 * may still be under way. An error that a statement deserved, a violated constraint say, does not.
 */
function isSuspect(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && SUSPECT_CODES.has(error.code);
}

/** The loan that a pool hands out; `end` is told once how it ended, with a reason where the connection is suspect. */
export class OpenLease<C extends object> implements Lease<C> {
  readonly connection: C;
  readonly #end: (lease: OpenLease<C>, suspicion: { readonly reason: unknown } | null) => void;
  #suspicion: { readonly reason: unknown } | null = null;
  #ended = false;

  constructor(connection: C, end: (lease: OpenLease<C>, suspicion: { readonly reason: unknown } | null) => void) {
    this.connection = connection;
    this.#end = end;
  }

  noteError(error: unknown): void {
    if (isSuspect(error)) this.#suspicion ??= { reason: error };
  }

  release(): void {
    this.#finish(this.#suspicion);
  }

  destroy(reason: unknown): void {
    this.#finish({ reason });
  }

  #finish(suspicion: { readonly reason: unknown } | null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#end(this, suspicion);
  }
}
