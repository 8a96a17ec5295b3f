import type { Column } from '../codec/column.ts';
import { builder } from '../codec/column-builder.ts';
import { datetimeAsMilliseconds } from '../codec/datetime.ts';
import type { SoftDeleteDeclaring } from '../metadata/build-columns.ts';
import { misdeclared } from '../metadata/entity-error.ts';
import type { SoftRemoving } from '../unit-of-work/plan-flush.ts';
import { showRemovals, splitRemovals } from '../unit-of-work/soft-removal.ts';

const support: SoftDeleteDeclaring & SoftRemoving = {
  split: splitRemovals,
  apply: showRemovals,
  declare(draft, column) {
    const { table, parent, softDelete: other } = draft;
    if (parent !== null) throw misdeclared(table, column.property, 'softDelete() belongs to the top of the hierarchy');
    if (other !== null) throw misdeclared(table, column.property, 'the entity has a softDelete() column already');
    if (column.primary || column.unique || column.default !== null || !column.nullable)
      throw misdeclared(table, column.property, 'a softDelete() column is NULL until the row is removed');
    draft.softDelete = { column, support };
  },
};

/**
 * The instant at which a row was removed, by the driver's clock; null until then. `em.remove` and the next flush set it
 * (`UPDATE … SET deleted_at = ?`) instead of deleting the row, and its entity is detached as a deleted one is.
 *
 * What looks for rows leaves such rows out: `find`, `findById`, `count`, `exists`, to-many relations, `some`, `every` and `none`,
 * live queries. `{ withDeleted: true }` finds them, and with `deletedAt = null` and a flush they are back. A to-one relation
 * shows what it refers to, removed or not. `em.purge` deletes the row.
 *
 * @example
 * ```ts
 * import { type EntityManager, Entity, integer, softDelete, text } from 'meshestra';
 *
 * class Note extends Entity('notes', { id: integer().primaryKey(), body: text(), deletedAt: softDelete() }) {}
 * async function restore(em: EntityManager, id: number): Promise<void> {
 *   const note = await em.findById(Note, id, { withDeleted: true });
 *   if (note !== null) note.deletedAt = null;
 *   await em.flush();
 * }
 * ```
 */
export function softDelete(): Column<Date | null, true> {
  return builder({ name: 'datetime' }, datetimeAsMilliseconds, null, { nullable: true, softDelete: support });
}
