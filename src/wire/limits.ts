/** How long one call may take in the database. */
export interface Limits {
  /** Ends the call with `aborted` when it fires; on the server, too, where the protocol can. */
  readonly signal?: AbortSignal;
  /** Milliseconds after which the call ends with `statement-timeout`; all its statements together. */
  readonly timeout?: number;
}
