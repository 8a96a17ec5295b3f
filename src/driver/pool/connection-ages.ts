import type { Clock } from '../../wire/clock.ts';
import type { PoolSettings } from './pool-options.ts';

/** How much of its lifetime a connection may lose, so that connections opened together do not end together. */
const LIFETIME_SPREAD = 0.1;

/** What is known about the age of the connections that a driver's pool handed out. */
export class ConnectionAges {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #known = new WeakMap<object, { readonly expiresAt: number; idleSince: number }>();

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Notes a connection that was just used, and one that was not seen before as just opened. */
  touch(connection: object, { maxLifetime }: PoolSettings): void {
    const now = this.#clock.monotonic();
    const known = this.#known.get(connection);
    if (known !== undefined) {
      known.idleSince = now;
      return;
    }
    const lifetime = maxLifetime === 0 ? Infinity : maxLifetime * (1 - LIFETIME_SPREAD * this.#random());
    this.#known.set(connection, { expiresAt: now + lifetime, idleSince: now });
  }

  /** Whether a connection was handed out before. */
  knows(connection: object): boolean {
    return this.#known.has(connection);
  }

  hasExpired(connection: object): boolean {
    const known = this.#known.get(connection);
    return known !== undefined && this.#clock.monotonic() >= known.expiresAt;
  }

  /** How long a connection did nothing. */
  idleFor(connection: object): number {
    const known = this.#known.get(connection);
    return known === undefined ? 0 : this.#clock.monotonic() - known.idleSince;
  }
}
