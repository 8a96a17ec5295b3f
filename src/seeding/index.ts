/**
 * Typed data for tests and demonstrations, the same in every run.
 *
 * @module
 */
export { defineFactory, type Factory, type FactoryContext, type FactoryData, type Seeder } from './factory.ts';
export { createRandom, type Random } from './random.ts';
export { createSeeder, type SeederOptions } from './seeder.ts';
