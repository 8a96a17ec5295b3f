/**
 * What runs when entities of a class are written or loaded. The same can be a method of the class, named by a symbol, and
 * {@link Persistence.on} subscribes for all classes.
 *
 * A before-hook may change everything that is in memory, and the flush that runs it writes that: the entity's own columns,
 * its relations, other entities, and what is scheduled. It runs once for an entity and flush, before values are checked.
 * When the flush fails, or a transaction around it is rolled back, what the hook changed in the entity's own columns is
 * taken back, because the next flush runs it again; other edits stay, as the application's own do. What it throws makes the
 * flush fail before anything is sent.
 *
 * An after-hook runs once the rows are written and memory is as they are; within a transaction, that is before its commit.
 * What it changes is for the next flush. All of them run, and when any threw, the flush fails with `hook`, whose `outcome`
 * tells that the rows are there.
 *
 * Within a hook, a flush, a transaction and raw SQL that writes are `transaction-scope`; reads are fine.
 *
 * @example
 * ```ts
 * import { beforeUpdate, Entity, integer, text } from 'meshestra';
 *
 * class Page extends Entity(
 *   'pages',
 *   { id: integer().primaryKey().generated(), title: text(), slug: text().default(''), edits: integer().default(0) },
 *   { hooks: { beforeInsert: (page) => void (page.slug = page.title.toLowerCase()) } },
 * ) {
 *   [beforeUpdate](): void {
 *     this.edits += 1; // UPDATE "pages" SET "title" = ?, "edits" = ? WHERE "id" = ?
 *   }
 * }
 * ```
 */
export interface EntityHooks<in T = never> {
  readonly beforeInsert?: (entity: T) => unknown;
  readonly afterInsert?: (entity: T) => unknown;
  readonly beforeUpdate?: (entity: T) => unknown;
  readonly afterUpdate?: (entity: T) => unknown;
  readonly beforeRemove?: (entity: T) => unknown;
  readonly afterRemove?: (entity: T) => unknown;
  /**
   * Runs once when a row has become an entity, before anybody else sees it, and before relations are populated. Loading
   * waits for nothing, so that it must be synchronous (else `validation`); what it throws makes the read fail, and the
   * entity is not kept. A column that it changes is an unflushed edit.
   */
  readonly afterLoad?: (entity: T) => undefined;
}
