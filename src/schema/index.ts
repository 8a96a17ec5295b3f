/**
 * Creates the tables of an application's entities, for as long as it has no migrations.
 *
 * @module
 */
import type { Registry } from '../metadata/registry.ts';
import { deriveSchema } from './derive-schema.ts';
import type { SchemaModel } from './schema-model.ts';

/** What {@link createSchema} needs of a persistence object. */
export interface SchemaTarget {
  readonly registry: Registry;
  readonly dialect: {
    createSchema(schema: SchemaModel): Promise<readonly { readonly table: string; readonly sql: string }[]>;
  };
  readonly session: {
    executeAll(
      nodes: readonly { readonly kind: 'definition'; readonly table: string; readonly sql: string }[],
    ): PromiseLike<unknown> | unknown;
  };
}

/**
 * Creates the tables, constraints and indexes that are not there yet, all of them or none. Call it when the application
 * starts.
 *
 * A table that is there is never altered, whatever its columns: to change one is what migrations are for.
 *
 * @example
 * const db = await createPersistence({ driver: sqljs(), entities: [Author] });
 * await createSchema(db);
 * // CREATE TABLE IF NOT EXISTS "authors" ("id" INTEGER PRIMARY KEY, "name" TEXT NOT NULL) STRICT
 */
export async function createSchema(db: SchemaTarget): Promise<void> {
  const definitions = await db.dialect.createSchema(deriveSchema(db.registry));
  await db.session.executeAll(definitions.map(({ table, sql }) => ({ kind: 'definition', table, sql })));
}
