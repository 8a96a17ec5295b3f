import type { AssignData, CreateData } from '../criteria/entity-types.ts';
import type { EntityClass } from '../metadata/entity-class.ts';
import type { Random } from './random.ts';

/** Makes entities of factories in an EntityManager; the next flush writes them. */
export interface Seeder {
  readonly random: Random;
  /** A new entity of the factory, scheduled for the next flush. `data` takes the place of what the factory says. */
  create<T extends object>(factory: Factory<T>, data?: AssignData<T>): T;
  /** So many new entities of the factory; `data` is asked for each, by its place from 0 on. Throws `validation` for no count. */
  createMany<T extends object>(factory: Factory<T>, count: number, data?: (index: number) => AssignData<T>): T[];
}

/** What the data of one entity is made of. */
export interface FactoryContext {
  /** How many entities the seeder has made of the factory, this one included: 1 for the first. */
  readonly sequence: number;
  readonly random: Random;
  /** The seeder itself, for entities that this one refers to. */
  readonly seeder: Seeder;
}

/**
 * The data of an entity, as `em.create` takes it. What is a function is asked only where the caller does not give the property
 * itself, so that nothing is created to no purpose.
 */
export type FactoryData<T> = { readonly [K in keyof CreateData<T>]: CreateData<T>[K] | (() => CreateData<T>[K]) };

/** How the entities of a class are made for tests and demonstrations. Immutable; one may serve many seeders. */
export interface Factory<T extends object> {
  readonly target: EntityClass<T>;
  readonly make: (context: FactoryContext) => FactoryData<T>;
}

/**
 * Declares how the entities of a class are made. The data is typed as for `em.create`; what the caller of `create` gives takes
 * its place.
 *
 * @example
 * ```ts
 * import { Entity, integer, manyToOne, type Persistence, text } from 'meshestra';
 * import { createSeeder, defineFactory } from 'meshestra/seeding';
 *
 * class Author extends Entity('authors', { id: integer().primaryKey().generated(), name: text() }) {}
 * class Book extends Entity('books', { id: integer().primaryKey().generated(), title: text(), year: integer() }) {
 *   author = manyToOne(() => Author);
 * }
 *
 * const authors = defineFactory(Author, ({ sequence }) => ({ name: `Author ${sequence}` }));
 * const books = defineFactory(Book, ({ sequence, random, seeder }) => ({
 *   title: `Book ${sequence}`,
 *   year: random.integer(1900, 2000),
 *   author: () => seeder.create(authors), // asked only where no author is given
 * }));
 *
 * async function seed(db: Persistence): Promise<void> {
 *   const em = db.em();
 *   const seeder = createSeeder(em, { seed: 7 });
 *   const ada = seeder.create(authors, { name: 'Ada' });
 *   seeder.createMany(books, 3, (index) => (index === 0 ? { author: ada } : {}));
 *   await em.flush(); // INSERT INTO "authors" …, INSERT INTO "books" …: the same rows in every run
 * }
 * ```
 */
export function defineFactory<T extends object>(
  target: EntityClass<T>,
  make: (context: FactoryContext) => FactoryData<T>,
): Factory<T> {
  return Object.freeze({ target, make });
}
