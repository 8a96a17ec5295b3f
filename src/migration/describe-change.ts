import type { SchemaChange, TableChange } from '../schema/schema-change.ts';

/** A change in words, a line for each thing that it does: `alter posts: add column slug TEXT`. */
export function describeChange(change: SchemaChange): readonly string[] {
  switch (change.kind) {
    case 'rename-table':
      return [`rename table ${change.from} to ${change.to}`];
    case 'create-table':
      return [`create table ${change.table.name}`];
    case 'drop-table':
      return [`drop table ${change.table.name}`];
    case 'alter-table':
      return change.changes.map((one) => `alter ${change.after.name}: ${describeTableChange(one)}`);
  }
}

function describeTableChange(change: TableChange): string {
  switch (change.kind) {
    case 'rename-column':
      return `rename column ${change.from} to ${change.to}`;
    case 'add-column':
      return `add column ${change.column.name} ${change.column.type}${change.column.nullable ? '' : ' NOT NULL'}`;
    case 'drop-column':
      return `drop column ${change.column.name}`;
    case 'alter-column':
      return `change column ${change.after.name}: ${describeDifference(change)}`;
    case 'alter-primary-key':
      return `change primary key to ${change.after?.columns.join(', ') ?? 'none'}`;
    case 'add-unique':
    case 'drop-unique':
      return `${verb(change.kind)} unique ${change.unique.columns.join(', ')}`;
    case 'add-check':
    case 'drop-check':
      return `${verb(change.kind)} check ${change.check.expression}`;
    case 'add-foreign-key':
    case 'drop-foreign-key':
      return `${verb(change.kind)} foreign key ${change.foreignKey.columns.join(', ')} to ${change.foreignKey.referencedTable}`;
    case 'add-index':
    case 'drop-index':
      return `${verb(change.kind)} index ${change.index.name}`;
    case 'alter-comment':
      return 'change comment';
    case 'alter-options':
      return `change options from ${change.before.join(', ')} to ${change.after.join(', ')}`;
    default:
      return `${change.kind.replaceAll('-', ' ')} ${change.from.name} to ${change.to.name}`;
  }
}

function verb(kind: string): string {
  return kind.startsWith('add') ? 'add' : 'drop';
}

function describeDifference({ before, after }: TableChange & { kind: 'alter-column' }): string {
  const told = (['type', 'nullable', 'default', 'generated', 'computed', 'collation', 'onUpdate', 'comment'] as const)
    .filter((property) => JSON.stringify(before[property]) !== JSON.stringify(after[property]))
    .map((property) => `${property} ${print(before[property])} -> ${print(after[property])}`);
  return told.join(', ');
}

function print(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
