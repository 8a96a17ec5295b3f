import type { DatabaseCheck, DatabaseIndex, DatabaseTable } from '../schema/database-model.ts';
import type { AlterTable, TableChange } from '../schema/schema-change.ts';
import { mentions } from './mentions.ts';

/**
 * The same change, but with computed columns dropped and added again, which loses nothing, and with them what stands on
 * them: checks, keys and indexes.
 */
export function replaceColumns(alter: AlterTable, replaced: ReadonlySet<string>): AlterTable {
  if (replaced.size === 0) return alter;
  const changes = alter.changes.filter((change) => change.kind !== 'alter-column' || !replaced.has(change.after.name));
  const columns = alter.after.columns.filter(({ name }) => replaced.has(name));
  return remake(
    {
      ...alter,
      changes: [
        ...changes,
        ...columns.flatMap((column): TableChange[] => [
          { kind: 'drop-column', column },
          { kind: 'add-column', column, fill: null },
        ]),
      ],
    },
    standingOn(replaced),
  );
}

/** Which constraints and indexes of a table have to go, and come again. */
export interface Remade {
  check(check: DatabaseCheck): boolean;
  unique(columns: readonly string[]): boolean;
  foreignKey(columns: readonly string[]): boolean;
  index(index: DatabaseIndex): boolean;
}

function standingOn(columns: ReadonlySet<string>): Remade {
  const some = (test: (column: string) => boolean) => [...columns].some(test);
  const within = (names: readonly string[]) => names.some((name) => columns.has(name));
  return {
    check: ({ expression }) => some((column) => mentions(expression, column)),
    unique: within,
    foreignKey: within,
    index: ({ parts, where, include }) =>
      within(include) ||
      some((column) => mentions(where, column) || parts.some((part) => mentions(part.expression, column))) ||
      within(parts.flatMap(({ column }) => (column === null ? [] : [column]))),
  };
}

/** The same change, with constraints and indexes that would stay dropped and added again. */
export function remake(alter: AlterTable, remade: Remade): AlterTable {
  const changes = alter.changes.flatMap((change) => unrenamed(change, remade));
  const { before, after } = alter;
  const added = new Set(changes.flatMap((change) => addedName(change)));
  const staying = <T extends { readonly name: string | null }>(list: (table: DatabaseTable) => readonly T[]) => {
    const known = new Set(list(before).map(({ name }) => name));
    return list(after).filter(({ name }) => name !== null && known.has(name) && !added.has(name));
  };
  return {
    ...alter,
    changes: [
      ...changes,
      ...staying(({ checks }) => checks)
        .filter(remade.check)
        .flatMap((check): TableChange[] => [
          { kind: 'drop-check', check },
          { kind: 'add-check', check },
        ]),
      ...staying(({ uniques }) => uniques)
        .filter(({ columns }) => remade.unique(columns))
        .flatMap((unique): TableChange[] => [
          { kind: 'drop-unique', unique },
          { kind: 'add-unique', unique },
        ]),
      ...staying(({ foreignKeys }) => foreignKeys)
        .filter(({ columns }) => remade.foreignKey(columns))
        .flatMap((foreignKey): TableChange[] => [
          { kind: 'drop-foreign-key', foreignKey },
          { kind: 'add-foreign-key', foreignKey },
        ]),
      ...staying(({ indexes }) => indexes)
        .filter(remade.index)
        .flatMap((index): TableChange[] => [
          { kind: 'drop-index', index },
          { kind: 'add-index', index },
        ]),
    ],
  };
}

function addedName(change: TableChange): readonly (string | null)[] {
  switch (change.kind) {
    case 'add-check':
      return [change.check.name];
    case 'add-unique':
      return [change.unique.name];
    case 'add-foreign-key':
      return [change.foreignKey.name];
    case 'add-index':
      return [change.index.name];
    case 'rename-check':
    case 'rename-unique':
    case 'rename-foreign-key':
    case 'rename-index':
      return [change.to.name];
    default:
      return [];
  }
}

// What is made anew gets its new name with that.
function unrenamed(change: TableChange, remade: Remade): readonly TableChange[] {
  switch (change.kind) {
    case 'rename-check':
      if (!remade.check(change.to)) break;
      return [
        { kind: 'drop-check', check: change.from },
        { kind: 'add-check', check: change.to },
      ];
    case 'rename-unique':
      if (!remade.unique(change.to.columns)) break;
      return [
        { kind: 'drop-unique', unique: change.from },
        { kind: 'add-unique', unique: change.to },
      ];
    case 'rename-foreign-key':
      if (!remade.foreignKey(change.to.columns)) break;
      return [
        { kind: 'drop-foreign-key', foreignKey: change.from },
        { kind: 'add-foreign-key', foreignKey: change.to },
      ];
    case 'rename-index':
      if (!remade.index(change.to)) break;
      return [
        { kind: 'drop-index', index: change.from },
        { kind: 'add-index', index: change.to },
      ];
  }
  return [change];
}
