import type { DraftedEntity, DraftedInverse, DraftedRelation } from '../../src/migration/index.ts';
import { printText } from '../print-literal.ts';
import { fieldName, printColumn, printEntityOptions, printRelationOptions } from './print-column.ts';
import type { SourceTypes } from './print-type.ts';
import type { SourceNames } from './source-names.ts';

/** What the text of an entity is made with. */
export interface EntitySource {
  readonly names: SourceNames;
  readonly types: SourceTypes;
  /** The name of the class of a table. */
  readonly classOf: (table: string) => string;
}

/** An entity as a class that extends `Entity(…)`. */
export function printClass(entity: DraftedEntity, source: EntitySource): string {
  const { className, table, columns, relations, inverses } = entity;
  const fields = columns.map((column) => `    ${column.property}: ${printColumn(column, source.types)},\n`);
  const options = printEntityOptions(entity);
  const further = options === '' ? '' : `${options.replaceAll(/^/gm, '  ').trimStart()},\n  `;
  const base = source.names.use('Entity');
  const body = fields.length === 0 ? '{}' : `{\n${fields.join('')}  }`;
  const members = [
    ...relations.map((relation) => printRelation(relation, source)),
    ...inverses.map((inverse) => printInverse(inverse, source)),
  ];
  const head = `export class ${className} extends ${base}(\n  ${printText(table)},\n  ${body},\n  ${further}`.trimEnd();
  return `${head}\n) {${members.length === 0 ? '' : `\n${members.join('')}`}}\n`;
}

function printRelation(relation: DraftedRelation, { names, classOf }: EntitySource): string {
  const { property, kind, target } = relation;
  const options = printRelationOptions(relation);
  const more = options === '' ? '' : kind === 'oneToOne' ? `, null, ${options}` : `, ${options}`;
  return `  ${fieldName(property)} = ${names.use(kind)}(() => ${classOf(target)}${more});\n`;
}

function printInverse({ property, kind, target, inverse }: DraftedInverse, { names, classOf }: EntitySource): string {
  return `  ${fieldName(property)} = ${names.use(kind)}(() => ${classOf(target)}, (other) => other.${inverse});\n`;
}
