/** Time as the driver's runtime has it. The core has no timers and no clock of its own. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z, whole. */
  now(): number;
  /** Milliseconds from any origin, with fractions where the runtime has them; for durations only. */
  monotonic(): number;
  /** Resolves after `ms` milliseconds, or rejects with the signal's reason as soon as it fires. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
