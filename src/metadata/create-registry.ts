import type { CodecChoice } from '../codec/codec.ts';
import { ConfigurationError } from '../errors.ts';
import { buildScalarColumns } from './build-columns.ts';
import { buildForeignKeys, connectInverses, declareRelations } from './build-relations.ts';
import type { EntityClass } from './entity-class.ts';
import type { EntityDraft, ProbedEntity } from './entity-draft.ts';
import { misdeclared } from './entity-error.ts';
import type { LinkMetadata } from './entity-metadata.ts';
import type { HierarchySupport } from './hierarchy.ts';
import type { NamingStrategy } from './naming-strategy.ts';
import { probeEntities } from './probe-entities.ts';
import type { Registry } from './registry.ts';
import type { RelationScope } from './relation-scope.ts';

/**
 * Builds the registry of one persistence object from entity classes: probes each once, validates all of them together,
 * and freezes the result. Throws `configuration` with entity and property.
 */
export function createRegistry(
  classes: readonly EntityClass[],
  naming: NamingStrategy,
  { name, codec }: { readonly name: string; readonly codec: CodecChoice },
): Registry {
  const entities = probeEntities(classes);
  const scope: RelationScope = { entities, naming, links: [] };
  for (const entity of entities.values()) buildScalarColumns(entity, naming, codec, name);
  declareRelations(scope);
  buildForeignKeys(scope);
  const subtype = [...entities.values()].find(({ declaration }) => declaration.parent !== null);
  (subtype?.declaration.parent?.support as HierarchySupport | undefined)?.build(entities, codec);
  connectInverses(scope);
  for (const { draft } of entities.values()) {
    const lazy = draft.root === draft ? draft.columns.find((column) => column.lazy !== undefined)?.lazy : undefined;
    (lazy as LazyArranging | undefined)?.arrange(draft);
  }
  for (const entity of entities.values()) finish(entity);
  const drafts = [...entities.values()].map((entity) => entity.draft);
  return createLookup(drafts, scope.links, [...entities.values()].map(checkSupport).find(Boolean) ?? null);
}

/** What runs the checks of an entity and its columns: any of them brings it. */
function checkSupport({ draft, declaration }: ProbedEntity): object | undefined {
  const ofColumns = [...draft.properties.values()].flatMap(({ checks }) => checks);
  const all = [...ofColumns, ...(declaration.options.checks ?? [])];
  const support = all.find((check) => check?.support)?.support;
  if (all.length === 0 || support !== undefined) return support;
  throw misdeclared(draft.table, null, 'a check is what a function of meshestra/validation makes');
}

/** The part of the support of `lazy()` that puts the lazy columns of a table behind the others. */
export interface LazyArranging {
  arrange(root: EntityDraft): void;
}

function finish({ draft, declaration }: ProbedEntity): void {
  if (draft.primaryKey.length === 0) {
    throw misdeclared(draft.table, null, 'no primary key; mark a column with .primaryKey()');
  }
  if (draft.primaryKey.length > 1 && draft.primaryKey.some((column) => column.generated)) {
    throw misdeclared(draft.table, null, 'a generated column cannot be part of a composite key');
  }
  draft.ownColumns.sort((a, b) => a.index - b.index);
  for (const { properties, unique = false } of draft.parent === null ? (declaration.options.indexes ?? []) : []) {
    draft.indexes.push({ columns: properties.flatMap((property) => indexedColumns(draft, property)), unique });
  }
  for (const relation of draft.relations.values()) Object.freeze(relation);
  for (const column of [...draft.columns, ...draft.ownColumns]) Object.freeze(column);
  const { columns, ownColumns, primaryKey, family, follows, indexes } = draft;
  for (const list of [columns, ownColumns, primaryKey, family, follows, indexes]) Object.freeze(list);
  Object.freeze(draft);
}

function indexedColumns(draft: EntityDraft, property: string): readonly string[] {
  const column = draft.properties.get(property);
  if (column !== undefined) return [column.name];
  const names = draft.relations.get(property)?.columns.map((part) => part.name) ?? [];
  if (names.length > 0) return names;
  throw new ConfigurationError(`${draft.table}: the index names '${property}', which has no column here`, {
    entity: draft.table,
    property,
  });
}

function createLookup(
  drafts: readonly EntityDraft[],
  links: readonly LinkMetadata[],
  validation: object | null,
): Registry {
  const byClass = new Map<unknown, EntityDraft>(drafts.map((draft) => [draft.target, draft]));
  return Object.freeze({
    entities: Object.freeze(drafts.slice()),
    links: Object.freeze(links.slice()),
    validation,
    get(target: EntityClass) {
      const found = byClass.get(target);
      if (found !== undefined) return found;
      throw new ConfigurationError('the class is not among the entities given to createPersistence');
    },
    of(entity: object) {
      // Own data named `constructor` cannot mislead the prototype's.
      const prototype: { constructor?: unknown } | null = Object.getPrototypeOf(entity);
      return prototype === null ? undefined : byClass.get(prototype.constructor);
    },
  });
}
