import type { DatabaseColumn, DatabaseTable } from '../../schema/database-model.ts';
import type { TableChange } from '../../schema/schema-change.ts';
import { sameContent } from './same-content.ts';

/** SQL of the value that rows get, by column: for new columns, and in the place of NULL. */
export type Fills = ReadonlyMap<string, string>;

/** What is different within a table whose renames are done: what goes first, then what changes, then what comes. */
export function diffTable(before: DatabaseTable, after: DatabaseTable, fills: Fills): readonly TableChange[] {
  const uniques = diffNamed(before.uniques, after.uniques);
  const checks = diffNamed(before.checks, after.checks);
  const foreignKeys = diffNamed(before.foreignKeys, after.foreignKeys);
  const indexes = diffNamed(before.indexes, after.indexes);
  return [
    ...foreignKeys.gone.map((foreignKey) => ({ kind: 'drop-foreign-key', foreignKey }) as const),
    ...checks.gone.map((check) => ({ kind: 'drop-check', check }) as const),
    ...uniques.gone.map((unique) => ({ kind: 'drop-unique', unique }) as const),
    ...indexes.gone.map((index) => ({ kind: 'drop-index', index }) as const),
    ...diffColumns(before.columns, after.columns, fills),
    ...diffKey(before, after),
    ...foreignKeys.renamed.map(([from, to]) => ({ kind: 'rename-foreign-key', from, to }) as const),
    ...checks.renamed.map(([from, to]) => ({ kind: 'rename-check', from, to }) as const),
    ...uniques.renamed.map(([from, to]) => ({ kind: 'rename-unique', from, to }) as const),
    ...indexes.renamed.map(([from, to]) => ({ kind: 'rename-index', from, to }) as const),
    ...uniques.come.map((unique) => ({ kind: 'add-unique', unique }) as const),
    ...checks.come.map((check) => ({ kind: 'add-check', check }) as const),
    ...indexes.come.map((index) => ({ kind: 'add-index', index }) as const),
    ...foreignKeys.come.map((foreignKey) => ({ kind: 'add-foreign-key', foreignKey }) as const),
    ...diffTexts(before, after),
  ];
}

interface NamedDiff<T> {
  readonly gone: readonly T[];
  readonly come: readonly T[];
  readonly renamed: readonly (readonly [from: T, to: T])[];
}

function diffNamed<T extends { readonly name: string | null }>(
  before: readonly T[],
  after: readonly T[],
): NamedDiff<T> {
  const gone = new Set(before);
  const open: T[] = [];
  // Those of the same name first, so that of several equal ones each meets its own.
  for (const part of after) {
    const same = [...gone].find((other) => other.name === part.name && sameContent(other, part));
    if (same === undefined) open.push(part);
    else gone.delete(same);
  }
  const renamed: (readonly [T, T])[] = [];
  const come: T[] = [];
  for (const part of open) {
    const same = [...gone].find((other) => other.name !== null && sameContent(other, part));
    if (same === undefined || part.name === null) come.push(part);
    else {
      gone.delete(same);
      renamed.push([same, part]);
    }
  }
  return { gone: [...gone], come, renamed };
}

function diffColumns(
  before: readonly DatabaseColumn[],
  after: readonly DatabaseColumn[],
  fills: Fills,
): readonly TableChange[] {
  const old = new Map(before.map((column) => [column.name, column]));
  const names = new Set(after.map(({ name }) => name));
  const changed = after.flatMap((column): TableChange[] => {
    const former = old.get(column.name);
    const fill = fills.get(column.name) ?? null;
    if (former === undefined) return [{ kind: 'add-column', column, fill }];
    return sameContent(former, column) ? [] : [{ kind: 'alter-column', before: former, after: column, fill }];
  });
  const dropped = before.filter(({ name }) => !names.has(name));
  return [...dropped.map((column) => ({ kind: 'drop-column', column }) as const), ...changed];
}

function diffKey(before: DatabaseTable, after: DatabaseTable): readonly TableChange[] {
  const [old, now] = [before.primaryKey, after.primaryKey];
  if (old === now || (old !== null && now !== null && sameContent(old, now))) return [];
  return [{ kind: 'alter-primary-key', before: old, after: now }];
}

function diffTexts(before: DatabaseTable, after: DatabaseTable): readonly TableChange[] {
  const changes: TableChange[] = [];
  if (before.comment !== after.comment) {
    changes.push({ kind: 'alter-comment', before: before.comment, after: after.comment });
  }
  if (before.options.join() !== after.options.join()) {
    changes.push({ kind: 'alter-options', before: before.options, after: after.options });
  }
  return changes;
}
