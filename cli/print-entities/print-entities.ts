import type { EntitiesDraft } from '../../src/migration/index.ts';
import { printClass } from './print-class.ts';
import { printDecorated } from './print-decorated.ts';
import { SourceTypes } from './print-type.ts';
import { SourceNames } from './source-names.ts';

/** Names that the text itself uses for something else. */
export const RESERVED_CLASS_NAMES: readonly string[] = (
  'Entity Mapped Column ManyToOne OneToMany OneToOne Ref OptionalRef Collection Generated InKey Keyed KeyOf ' +
  'Date Uint8Array Object Array String Number Boolean Symbol Function Promise'
).split(' ');

/** Drafted entities as a TypeScript module, in one of the two forms; what they do not say stands above them. */
export function printEntities({ entities, notes, differences }: EntitiesDraft, form: 'classes' | 'decorators'): string {
  const names = new SourceNames();
  const types = new SourceTypes(names);
  const classes = new Map(entities.map((entity) => [entity.table, entity.className]));
  const source = { names, types, classOf: (table: string) => classes.get(table) ?? '' };
  const print = form === 'classes' ? printClass : printDecorated;
  const texts = entities.map((entity) => print(entity, source));
  const customs = types.printCustoms();
  const told = [
    ...(notes.length === 0
      ? []
      : ['What the database has besides, and migrations leave as it is:', ...notes.map(item)]),
    ...(differences.length === 0 ? [] : ['What a migration would still change:', ...differences.map(item)]),
  ];
  const comments = told.map((line) => `// ${line.replaceAll(/[\r\n\u2028\u2029]+/g, ' ')}\n`).join('');
  const list = `export const entities = [${entities.map(({ className }) => className).join(', ')}];\n`;
  return [names.print(), comments, customs.trimEnd() && `${customs.trimEnd()}\n`, ...texts, list]
    .filter((part) => part !== '')
    .join('\n');
}

function item(line: string): string {
  return `- ${line}`;
}
