import type { DatabaseColumn } from '../../../schema/database-model.ts';
import type { AlterTable, TableChange } from '../../../schema/schema-change.ts';
import { checkText } from '../../constraint-text.ts';
import { changesOf } from '../../table-changes.ts';
import { quote, textLiteral } from '../quote.ts';
import { columnText, indexText, primaryKeyText, uniqueText } from './table-text.ts';

/** The statement that makes several changes of a table at once. */
export function alterText(table: string, clauses: readonly string[]): string {
  return `ALTER TABLE ${quote(table)} ${clauses.join(', ')}`;
}

/**
 * The statements that change a table whose columns have their new names: one, after others that fill columns where they are to
 * be NOT NULL.
 */
export function alterTable(alter: AlterTable): readonly string[] {
  const { after } = alter;
  const modified = modifiedColumns(alter);
  const clauses = [
    ...alter.changes.flatMap((change) => dropClause(change, alter)),
    ...changesOf(alter, 'add-column')
      .filter(({ fill }) => fill === null)
      .map(({ column }) => `ADD COLUMN ${columnText(column, after.checks)}`),
    ...modified.map((column) => `MODIFY COLUMN ${columnText(column, after.checks)}`),
    ...alter.changes.flatMap((change) => addClause(change, alter)),
  ];
  return [...fillColumns(alter), ...(clauses.length === 0 ? [] : [alterText(after.name, clauses)])];
}

// All that is said of a column has to be said again.
function modifiedColumns(alter: AlterTable): readonly DatabaseColumn[] {
  const { before, after } = alter;
  const altered = new Set(changesOf(alter, 'alter-column').map((change) => change.after.name));
  for (const { column, fill } of changesOf(alter, 'add-column')) if (fill !== null) altered.add(column.name);
  const known = new Set(before.columns.map(({ name }) => name));
  const recollated = hasOtherCollation(alter);
  const added = new Set(changesOf(alter, 'add-column').map(({ column }) => column.name));
  return after.columns.filter(
    (column) =>
      altered.has(column.name) ||
      hasLoneCheck(alter, column) ||
      (recollated && known.has(column.name) && !added.has(column.name) && column.collation === null && isText(column)),
  );
}

// A check without a name stands at its column, and comes and goes with its text.
function hasLoneCheck(alter: AlterTable, column: DatabaseColumn): boolean {
  const added = new Set(changesOf(alter, 'add-column').map((change) => change.column.name));
  if (added.has(column.name)) return false;
  return changesOf(alter, 'add-check', 'drop-check').some(
    ({ check }) => check.name === null && columnText(column, [check]) !== columnText(column, []),
  );
}

function hasOtherCollation(alter: AlterTable): boolean {
  const collation = (options: readonly string[]) => options.find((option) => /COLLATE/.test(option));
  return changesOf(alter, 'alter-options').some(({ before, after }) => collation(before) !== collation(after));
}

function isText({ type }: DatabaseColumn): boolean {
  return /^(?:(?:tiny|medium|long)?text|(?:var)?char|enum|set)\b/i.test(type);
}

/** The clause that drops what a change drops, or has to drop for what it makes of it; foreign keys are gone by then. */
export function dropClause(change: TableChange, alter: AlterTable): readonly string[] {
  switch (change.kind) {
    case 'drop-index':
      return [`DROP INDEX ${quote(change.index.name)}`];
    case 'drop-unique':
      return [`DROP INDEX ${quote(change.unique.name ?? '')}`];
    case 'drop-check':
      return change.check.name === null ? [] : [`DROP CONSTRAINT ${quote(change.check.name)}`];
    case 'drop-column':
      return [`DROP COLUMN ${quote(change.column.name)}`];
    case 'alter-primary-key':
      return change.before === null ? [] : ['DROP PRIMARY KEY'];
    case 'rename-check':
      return change.from.name === null ? [] : [`DROP CONSTRAINT ${quote(change.from.name)}`];
    case 'rename-index':
    case 'rename-unique':
      return isFreeName(change, alter) ? [] : [`DROP INDEX ${quote(change.from.name ?? '')}`];
    default:
      return [];
  }
}

function addClause(change: TableChange, alter: AlterTable): readonly string[] {
  switch (change.kind) {
    case 'alter-primary-key':
      return change.after === null ? [] : [`ADD ${primaryKeyText(change.after)}`];
    case 'add-unique':
      return [`ADD ${uniqueText(change.unique)}`];
    case 'add-index':
      return [`ADD ${indexText(change.index)}`];
    case 'add-check':
      return change.check.name === null ? [] : [`ADD ${checkText(quote, change.check)}`];
    case 'rename-check':
      return change.to.name === null ? [] : [`ADD ${checkText(quote, change.to)}`];
    case 'rename-index':
      return isFreeName(change, alter) ? [renameIndex(change)] : [`ADD ${indexText(change.to)}`];
    case 'rename-unique':
      return isFreeName(change, alter) ? [renameIndex(change)] : [`ADD ${uniqueText(change.to)}`];
    case 'alter-options':
      return [[...resetOptions(change.before, change.after), ...change.after].join(' ')];
    case 'alter-comment':
      return [`COMMENT=${textLiteral(change.after ?? '')}`];
    default:
      return [];
  }
}

type IndexRename = TableChange & { readonly kind: 'rename-index' | 'rename-unique' };

function renameIndex({ from, to }: IndexRename): string {
  return `RENAME INDEX ${quote(from.name ?? '')} TO ${quote(to.name ?? '')}`;
}

// Names that are taken at the beginning cannot be given in the same statement: such an index is made anew.
function isFreeName({ to }: IndexRename, { before }: AlterTable): boolean {
  const fold = (name: string | null) => (name ?? '').toLowerCase();
  return ![...before.indexes, ...before.uniques].some(({ name }) => fold(name) === fold(to.name));
}

function resetOptions(before: readonly string[], after: readonly string[]): readonly string[] {
  const nameOf = (option: string) => option.replace(/=.*$/s, '').trim();
  const kept = new Set(after.map(nameOf));
  return before.flatMap((option) => (kept.has(nameOf(option)) ? [] : [`${nameOf(option)}=DEFAULT`]));
}

function fillColumns(alter: AlterTable): readonly string[] {
  const { after } = alter;
  const bare = (column: DatabaseColumn) => columnText({ ...column, nullable: true, default: null, onUpdate: null }, []);
  const altered = changesOf(alter, 'alter-column').filter(({ fill }) => fill !== null);
  const added = changesOf(alter, 'add-column').filter(({ fill }) => fill !== null);
  const set = (column: DatabaseColumn, fill: string | null, where: string) =>
    `UPDATE ${quote(after.name)} SET ${[`${quote(column.name)} = (${fill})`, ...keptAsTheyAre(alter, column)].join(', ')}${where}`;
  return [
    ...altered.flatMap((change) => [
      ...(change.before.type === change.after.type
        ? []
        : [alterText(after.name, [`MODIFY COLUMN ${bare(change.after)}`])]),
      set(change.after, change.fill, ` WHERE ${quote(change.after.name)} IS NULL`),
    ]),
    ...added.flatMap(({ column, fill }) => [
      alterText(after.name, [`ADD COLUMN ${bare(column)}`]),
      set(column, fill, ''),
    ]),
  ];
}

// A migration is no update of the rows that it fills.
function keptAsTheyAre({ before }: AlterTable, filled: DatabaseColumn): readonly string[] {
  return before.columns
    .filter(({ name, onUpdate }) => onUpdate !== null && name !== filled.name)
    .map(({ name }) => `${quote(name)} = ${quote(name)}`);
}
