import type { DraftedColumn, DraftedEntity, DraftedInverse, DraftedRelation } from '../../src/migration/index.ts';
import { printText } from '../print-literal.ts';
import type { EntitySource } from './print-class.ts';
import { fieldName, printColumn, printEntityOptions, printRelationOptions } from './print-column.ts';
import { valueType } from './print-type.ts';

const DECORATORS = 'meshestra/decorators';

/** An entity as a class with decorators. */
export function printDecorated(entity: DraftedEntity, source: EntitySource): string {
  const { className, table, columns, relations, inverses } = entity;
  const options = printEntityOptions(entity);
  const mapped = source.names.use('Mapped', DECORATORS);
  const members = [
    ...columns.map((column) => printField(column, source)),
    ...relations.map((relation) => printRelation(relation, source)),
    ...inverses.map((inverse) => printInverse(inverse, source)),
  ];
  const body = members.map((member) => `${member}\n`).join('');
  return `${printKey(entity, source)}@${mapped}(${printText(table)}${options === '' ? '' : `, ${options}`})\nexport class ${className} {\n${body}}\n`;
}

// The type of a key that is no property `id` has to be said.
function printKey({ className, columns, relations }: DraftedEntity, { names, classOf }: EntitySource): string {
  const parts = [
    ...columns.filter(({ primaryKey }) => primaryKey).map((column) => [column.property, valueType(column)] as const),
    ...relations
      .filter(({ primaryKey }) => primaryKey)
      .map(({ property, target }) => [property, `${names.type('KeyOf')}<${classOf(target)}>`] as const),
  ];
  const [first, ...more] = parts;
  if (first === undefined || (more.length === 0 && first[0] === 'id')) return '';
  const key =
    more.length === 0 ? first[1] : `{ ${parts.map(([name, type]) => `readonly ${name}: ${type}`).join('; ')} }`;
  return `export interface ${className} extends ${names.type('Keyed')}<${key}> {}\n\n`;
}

function printField(column: DraftedColumn, { names, types }: EntitySource): string {
  const decorator = `@${names.use('Column', DECORATORS)}(${printColumn(column, types)})`;
  const isComputed = column.default?.kind === 'database' && column.default.computed !== null;
  const value = valueType(column);
  const mayBeLeftOut = column.generated || column.default !== null;
  const type =
    value === 'unknown'
      ? value
      : column.nullable
        ? `${value} | null`
        : mayBeLeftOut
          ? `${names.type('Generated')}<${value}>`
          : value;
  return `  ${decorator} ${isComputed ? 'readonly ' : ''}${fieldName(column.property)}!: ${type};`;
}

function printRelation(relation: DraftedRelation, { names, classOf }: EntitySource): string {
  const { property, kind, target, nullable, primaryKey } = relation;
  const options = printRelationOptions(relation);
  const more = options === '' ? '' : kind === 'oneToOne' ? `, null, ${options}` : `, ${options}`;
  const decorator = names.use(kind === 'oneToOne' ? 'OneToOne' : 'ManyToOne', DECORATORS);
  const reference = `${names.type(nullable ? 'OptionalRef' : 'Ref')}<${classOf(target)}>`;
  const type = primaryKey ? `${reference} & ${names.type('InKey')}` : reference;
  return `  @${decorator}(() => ${classOf(target)}${more}) ${fieldName(property)}!: ${type};`;
}

function printInverse({ property, kind, target, inverse }: DraftedInverse, { names, classOf }: EntitySource): string {
  const isOne = kind === 'oneToOne';
  const decorator = names.use(isOne ? 'OneToOne' : 'OneToMany', DECORATORS);
  const type = `${names.type(isOne ? 'OptionalRef' : 'Collection')}<${classOf(target)}>`;
  return `  @${decorator}(() => ${classOf(target)}, (other) => other.${inverse}) ${fieldName(property)}!: ${type};`;
}
