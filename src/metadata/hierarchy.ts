import type { CodecChoice } from '../codec/codec.ts';
import { COLUMN } from '../codec/column.ts';
import { textCodec } from '../codec/text.ts';
import { addColumn } from './build-columns.ts';
import type { EntityClass } from './entity-class.ts';
import type { EntityDeclaration } from './entity-declaration.ts';
import type { ProbedEntity } from './entity-draft.ts';
import { misdeclared } from './entity-error.ts';

type Entities = ReadonlyMap<EntityClass, ProbedEntity>;

/** What a registry with hierarchies needs besides: `subtype` brings it, so that a program without does not hold it. */
export interface HierarchySupport {
  /** Gives subtypes what is their parents', and each hierarchy the column that tells its classes apart. */
  build(entities: Entities, codec: CodecChoice): void;
}

/** See {@link HierarchySupport}. */
export const hierarchySupport: HierarchySupport = {
  build(entities, codec) {
    inheritForeignKeys(entities);
    for (const entity of entities.values()) addDiscriminator(entities, entity, codec);
  },
};

/** Refuses what a subtype cannot declare. Throws `configuration`. */
export function checkSubtype({ table, columns }: EntityDeclaration): void {
  for (const property of Object.keys(columns)) {
    if (columns[property]?.[COLUMN].primary) {
      throw misdeclared(table, property, 'the key belongs to the top of the hierarchy');
    }
  }
}

// A subtype took over the parent's scalar columns before the parent's foreign keys were there.
function inheritForeignKeys(entities: Entities): void {
  for (const { draft } of entities.values()) {
    for (const column of draft.parent?.ownColumns ?? []) {
      if (!draft.ownColumns.some((own) => own.index === column.index)) draft.ownColumns.push(column);
    }
  }
}

function addDiscriminator(entities: Entities, { draft, declaration }: ProbedEntity, codec: CodecChoice): void {
  if (draft.root !== draft || draft.family.length === 1) return;
  const type = { name: 'text' } as const;
  const name = declaration.options.discriminator ?? 'type';
  const column = {
    index: draft.columns.length,
    name,
    property: name,
    role: 'discriminator' as const,
    type,
    codec: codec(type, textCodec(type)),
    nullable: false,
    primary: false,
    generated: false,
    unique: false,
    version: false,
    nextVersion: null,
    onUpdateNow: false,
    hidden: true,
    default: null,
    checks: [],
  };
  addColumn(draft, column);
  for (const member of draft.family) {
    if (member !== draft) member.ownColumns.push(column);
    const value = entities.get(member.target)?.declaration.parent?.value;
    member.discriminator = { column, value: value ?? declaration.options.discriminatorValue ?? draft.table };
  }
  const values = new Set(draft.family.map((member) => member.discriminator?.value));
  if (values.size !== draft.family.length) {
    throw misdeclared(draft.table, null, 'two classes of the hierarchy have the same discriminator value');
  }
}
