import type { DatabaseForeignKey } from '../schema/database-model.ts';
import type { AlterTable } from '../schema/schema-change.ts';
import { remake } from './replace-columns.ts';

/**
 * The same changes, but with foreign keys that stay dropped before all else and added again after it, where what they stand
 * on changes.
 */
export function remakeForeignKeys(
  alters: readonly AlterTable[],
  isInTheWay: (table: string, key: DatabaseForeignKey) => boolean,
): readonly AlterTable[] {
  return alters.map((alter) => {
    const columns = alter.after.foreignKeys
      .filter((key) => isInTheWay(alter.after.name, key))
      .map((key) => JSON.stringify(key.columns));
    return remake(alter, {
      check: () => false,
      unique: () => false,
      index: () => false,
      foreignKey: (own) => columns.includes(JSON.stringify(own)),
    });
  });
}
