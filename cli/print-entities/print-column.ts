import type { DraftedColumn, DraftedEntity, DraftedRelation } from '../../src/migration/index.ts';
import { printText } from '../print-literal.ts';
import type { SourceTypes } from './print-type.ts';

/** The expression that declares a column. */
export function printColumn(column: DraftedColumn, types: SourceTypes): string {
  const { default: filled } = column;
  const calls = [
    types.builder(column),
    ...(filled?.kind === 'now' ? ['defaultNow()'] : []),
    ...(column.primaryKey ? ['primaryKey()'] : []),
    ...(column.generated ? ['generated()'] : []),
    ...(column.nullable ? ['nullable()'] : []),
    ...(filled?.kind === 'database' ? [printDefault(filled.sql, filled.computed)] : []),
    ...(column.unique ? ['unique()'] : []),
    ...(column.indexed ? ['index()'] : []),
    ...(column.isNamed ? [`column(${printText(column.column)})`] : []),
  ];
  return calls.join('.');
}

function printDefault(sql: string, computed: 'stored' | 'virtual' | null): string {
  if (computed === null) return `databaseDefault(${printText(sql)})`;
  return `generatedAs(${printText(sql)}${computed === 'virtual' ? ', { stored: false }' : ''})`;
}

/** The options of a relation as source text; empty where there are none. */
export function printRelationOptions(relation: DraftedRelation): string {
  const { kind, nullable, primaryKey, onDelete, onUpdate, isNamed, columns } = relation;
  const options = [
    ...(primaryKey ? ['primaryKey: true'] : []),
    ...(nullable && kind === 'manyToOne' ? ['nullable: true'] : []),
    ...(onDelete === 'no action' ? [] : [`onDelete: '${onDelete}'`]),
    ...(onUpdate === 'no action' ? [] : [`onUpdate: '${onUpdate}'`]),
    ...(isNamed ? [`columns: [${columns.map(printText).join(', ')}]`] : []),
  ];
  return options.length === 0 ? '' : `{ ${options.join(', ')} }`;
}

/** The options of an entity as source text; empty where there are none. */
export function printEntityOptions({ indexes }: DraftedEntity): string {
  if (indexes.length === 0) return '';
  const lines = indexes.map(({ properties, unique }) => {
    const list = `properties: [${properties.map(printText).join(', ')}]`;
    return `    { ${list}${unique ? ', unique: true' : ''} },\n`;
  });
  return `{\n  indexes: [\n${lines.join('')}  ],\n}`;
}

// Words that could be taken for a modifier, or begin a member of another kind.
const MODIFIERS = new Set(
  'abstract accessor async declare get in out override private protected public readonly set static'.split(' '),
);

/** The name of a field as it is declared. */
export function fieldName(property: string): string {
  return MODIFIERS.has(property) ? printText(property) : property;
}
