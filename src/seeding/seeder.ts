import type { AssignData, CreateData } from '../criteria/entity-types.ts';
import type { EntityManager } from '../entity-manager/entity-manager.ts';
import { ValidationError } from '../errors.ts';
import type { Factory, Seeder } from './factory.ts';
import { createRandom, type Random } from './random.ts';

/** How a seeder begins. */
export interface SeederOptions {
  /** Of the random values, a whole number; 1 unless given. */
  readonly seed?: number;
}

/** Makes a seeder over an EntityManager: for the same seed and the same calls it makes the same data. */
export function createSeeder(em: Pick<EntityManager, 'create'>, { seed = 1 }: SeederOptions = {}): Seeder {
  return new EntitySeeder(em, createRandom(seed));
}

class EntitySeeder implements Seeder {
  readonly random: Random;
  readonly #em: Pick<EntityManager, 'create'>;
  readonly #made = new Map<object, number>();

  constructor(em: Pick<EntityManager, 'create'>, random: Random) {
    this.#em = em;
    this.random = random;
  }

  create<T extends object>(factory: Factory<T>, data: AssignData<T> = {} as AssignData<T>): T {
    const sequence = (this.#made.get(factory) ?? 0) + 1;
    this.#made.set(factory, sequence);
    const made = factory.make({ sequence, random: this.random, seeder: this });
    const values: [string, unknown][] = Object.entries(made)
      .filter(([property]) => !Object.hasOwn(data, property))
      .map(([property, value]) => [property, typeof value === 'function' ? value() : value]);
    return this.#em.create(factory.target, Object.fromEntries([...values, ...Object.entries(data)]) as CreateData<T>);
  }

  createMany<T extends object>(factory: Factory<T>, count: number, data?: (index: number) => AssignData<T>): T[] {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new ValidationError(`createMany: the count has to be a whole number from 0 on, not ${count}`);
    }
    return Array.from({ length: count }, (_, index) => this.create(factory, data?.(index)));
  }
}
