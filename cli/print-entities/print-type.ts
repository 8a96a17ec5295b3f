import type { DraftedColumn, DraftedType, SqlFrame } from '../../src/migration/index.ts';
import { printText } from '../print-literal.ts';
import type { SourceNames } from './source-names.ts';

type CustomType = DraftedType & { readonly kind: 'custom' };
type BuiltIn = (DraftedType & { readonly kind: 'built-in' })['type'];

/** The types of columns in a source text; custom ones are declared once each, above the entities. */
export class SourceTypes {
  readonly #names: SourceNames;
  readonly #customs = new Map<string, { readonly name: string; readonly type: CustomType; isKey: boolean }>();

  constructor(names: SourceNames) {
    this.#names = names;
  }

  /** The call that makes the column of a type. */
  builder({ type, primaryKey }: DraftedColumn): string {
    return type.kind === 'custom' ? `${this.#custom(type, primaryKey)}()` : this.#builtIn(type.type);
  }

  #builtIn(type: BuiltIn): string {
    switch (type.name) {
      case 'decimal':
        return `${this.#names.use('decimal')}({ precision: ${type.precision}, scale: ${type.scale} })`;
      case 'json':
        return `${this.#names.use('json')}<unknown>()`;
      case 'text':
        if (type.values !== undefined) {
          return `${this.#names.use('enumeration')}(${type.values.map(printText).join(', ')})`;
        }
        return `${this.#names.use('text')}(${type.maxLength === undefined ? '' : `{ maxLength: ${type.maxLength} }`})`;
      default:
        return `${this.#names.use(type.name)}()`;
    }
  }

  #custom(type: CustomType, isKey: boolean): string {
    const id = JSON.stringify(type);
    const known = this.#customs.get(id) ?? { name: this.#customName(type.sqlType), type, isKey };
    known.isKey ||= isKey;
    this.#customs.set(id, known);
    return known.name;
  }

  #customName(sqlType: string): string {
    const words = sqlType.match(/[A-Za-z0-9]+/g) ?? ['any'];
    const name = `sql${words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase()).join('')}`;
    const taken = new Set([...this.#customs.values()].map((custom) => custom.name));
    let free = name;
    for (let count = 2; taken.has(free); count++) free = `${name}_${count}`;
    return free;
  }

  /** The declarations of the custom types that were used. */
  printCustoms(): string {
    return [...this.#customs.values()].map(({ name, type, isKey }) => this.#printCustom(name, type, isKey)).join('');
  }

  #printCustom(name: string, { sqlType, wire, read, write }: CustomType, isKey: boolean): string {
    const parameters = wire === 'text' ? 'string' : `${WIRE_TYPES[wire]}, '${wire}'`;
    const conversions = [...printFrame('read', 'stored', read), ...printFrame('write', 'wire', write)];
    const options = [
      `name: ${printText(`a value of ${sqlType === '' ? 'any type' : sqlType}`)}`,
      ...(wire === 'text' ? [] : [`wire: '${wire}'`]),
      `sqlType: ${printText(sqlType)}`,
      ...(isKey ? ['key: true'] : []),
      'encode: (value) => value',
      'decode: (wire) => wire',
      ...(conversions.length === 0 ? [] : [`sql: { ${conversions.join(', ')} }`]),
    ];
    const text = options.map((option) => `    ${option},\n`).join('');
    return `const ${name} = () =>\n  ${this.#names.use('customType')}<${parameters}>({\n${text}  });\n\n`;
  }
}

const WIRE_TYPES = {
  text: 'string',
  integer: 'number',
  bigint: 'bigint',
  float: 'number',
  bytes: 'Uint8Array',
} as const;

function printFrame(name: string, argument: string, frame: SqlFrame | null): readonly string[] {
  if (frame === null) return [];
  const [before, behind] = frame.map((text) => text.replaceAll(/[\\`]|\$\{/g, (sign) => `\\${sign}`));
  return [`${name}: (${argument}) => \`${before}\${${argument}}${behind}\``];
}

/** The type of a column's values, without NULL. */
export function valueType({ type }: Pick<DraftedColumn, 'type'>): string {
  if (type.kind === 'custom') return WIRE_TYPES[type.wire];
  const { type: built } = type;
  if (built.name === 'text') return built.values?.map(printText).join(' | ') ?? 'string';
  return VALUE_TYPES[built.name];
}

const VALUE_TYPES = {
  integer: 'number',
  bigint: 'bigint',
  float: 'number',
  decimal: 'string',
  uuid: 'string',
  boolean: 'boolean',
  datetime: 'Date',
  date: 'string',
  json: 'unknown',
  bytes: 'Uint8Array',
} as const;
