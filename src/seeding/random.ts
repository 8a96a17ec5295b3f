import { ValidationError } from '../errors.ts';

/** Random values that are the same in every run, for the same seed. Never use it for secrets. */
export interface Random {
  /** A number from 0 up to below 1. */
  number(): number;
  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number;
  /** Whether something is so that has this probability, from 0 to 1; 0.5 unless given. */
  boolean(probability?: number): boolean;
  /** One of some values. */
  pick<T>(values: readonly [T, ...T[]] | readonly T[]): T;
  /** So many of the values as are asked for, each once, in any order. */
  sample<T>(values: readonly T[], count: number): T[];
  /** The values in another order; the list stays as it is. */
  shuffle<T>(values: readonly T[]): T[];
  /** An instant between two, to the millisecond. */
  instant(from: Date, to: Date): Date;
  /** A UUID of version 4. */
  uuid(): string;
}

/**
 * Makes random values from a seed (mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). It has
 * a period of 2^32, which is enough for data of tests and demonstrations.
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw new ValidationError('the seed of random values has to be a whole number');
  let state = seed >>> 0;
  const word = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return new SeededRandom(word);
}

class SeededRandom implements Random {
  readonly #word: () => number;

  constructor(word: () => number) {
    this.#word = word;
  }

  number(): number {
    return this.#word() / 2 ** 32;
  }

  integer(least: number, most: number): number {
    const isRange = Number.isSafeInteger(least) && Number.isSafeInteger(most) && least <= most;
    if (!isRange || most - least >= 2 ** 32) {
      throw new ValidationError(
        `a random integer needs two whole numbers in their order, less than 2^32 apart, not ${least} and ${most}`,
      );
    }
    return least + Math.floor(this.number() * (most - least + 1));
  }

  boolean(probability = 0.5): boolean {
    return this.number() < probability;
  }

  pick<T>(values: readonly T[]): T {
    if (values.length === 0) throw new ValidationError('there is nothing to pick from: the list is empty');
    return values[this.integer(0, values.length - 1)] as T;
  }

  sample<T>(values: readonly T[], count: number): T[] {
    if (!Number.isSafeInteger(count) || count < 0 || count > values.length) {
      throw new ValidationError(`a sample of ${count} cannot be taken from ${values.length} values`);
    }
    return this.shuffle(values).slice(0, count);
  }

  shuffle<T>(values: readonly T[]): T[] {
    const shuffled = [...values];
    // Fisher and Yates.
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const other = this.integer(0, last);
      [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
    }
    return shuffled;
  }

  instant(from: Date, to: Date): Date {
    const span = to.getTime() - from.getTime();
    if (!(span >= 0)) throw new ValidationError('a random instant needs two valid dates in their order');
    return new Date(from.getTime() + Math.floor(this.number() * (span + 1)));
  }

  uuid(): string {
    const hex = [0, 1, 2, 3].map(() => this.#word().toString(16).padStart(8, '0')).join('');
    const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}
