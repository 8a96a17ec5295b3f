import { addColumn } from './build-columns.ts';
import type { LinkBuilding } from './build-link.ts';
import type { ColumnDraft, EntityDraft, ProbedEntity, RelationDraft } from './entity-draft.ts';
import type { Cascade, RelationMetadata } from './entity-metadata.ts';
import type { RelationDefinition } from './probe.ts';
import { type RelationScope, refuseRelation } from './relation-scope.ts';

/** Gives every entity its relations, without foreign keys and inverse sides yet. Throws `configuration`. */
export function declareRelations(scope: RelationScope): void {
  for (const { draft, definitions } of scope.entities.values()) {
    for (const [property, { definition }] of definitions) {
      const inherited = draft.parent?.relations.get(property);
      draft.relations.set(property, inherited ?? createRelation(scope, draft, property, definition));
    }
  }
}

function createRelation(
  scope: RelationScope,
  owner: EntityDraft,
  property: string,
  definition: RelationDefinition,
): RelationDraft {
  const target = scope.entities.get(definition.target())?.draft;
  if (target === undefined) {
    refuseRelation(owner, property, 'the related class is not among the entities given to createPersistence');
  }
  const kind =
    definition.kind === 'one-to-one' ? (definition.inverse === null ? 'to-one' : 'inverse-one') : definition.kind;
  const nullable = definition.nullable || owner.parent !== null;
  const onDelete = definition.onDelete ?? 'no action';
  const onUpdate = definition.onUpdate ?? 'no action';
  for (const [option, action] of [
    ['onDelete', onDelete],
    ['onUpdate', onUpdate],
  ]) {
    if (action === 'set null' && !nullable)
      refuseRelation(owner, property, `${option} 'set null' needs a nullable relation`);
  }
  return {
    owner,
    property,
    kind,
    target,
    nullable: definition.nullable,
    columns: [],
    inverse: null,
    link: null,
    support: definition.support,
    owning: definition.inverse === null,
    cascade: expandCascade(definition.cascade),
    orphanRemoval: definition.orphanRemoval,
    onDelete,
    onUpdate,
  };
}

function expandCascade(cascade: readonly Cascade[]): ReadonlySet<Exclude<Cascade, 'all'>> {
  const every = ['persist', 'merge', 'remove', 'refresh'] as const;
  return new Set(cascade.flatMap((item) => (item === 'all' ? every : [item])));
}

/** Gives the to-one relations of every entity their foreign keys; keys that contain relations come first. */
export function buildForeignKeys(scope: RelationScope): void {
  const progress: Progress = { done: new Set(), building: new Set() };
  for (const entity of scope.entities.values()) buildKeysOf(scope, entity, true, progress);
  for (const entity of scope.entities.values()) buildKeysOf(scope, entity, false, progress);
}

interface Progress {
  readonly done: Set<RelationMetadata>;
  readonly building: Set<RelationMetadata>;
}

function buildKeysOf(scope: RelationScope, entity: ProbedEntity, onlyKey: boolean, progress: Progress): void {
  for (const [property, { definition }] of entity.definitions) {
    const relation = entity.draft.relations.get(property);
    const wanted = relation?.kind === 'to-one' && (!onlyKey || definition.primaryKey);
    if (relation === undefined || !wanted || progress.done.has(relation)) continue;
    if (progress.building.has(relation)) {
      refuseRelation(entity.draft, property, 'the primary keys contain each other in a circle');
    }
    progress.building.add(relation);
    // The target's key must be complete before it can be repeated here.
    const target = scope.entities.get(relation.target.root.target);
    if (target !== undefined) buildKeysOf(scope, target, true, progress);
    addForeignKey(scope, entity, relation, definition);
    progress.building.delete(relation);
    progress.done.add(relation);
  }
}

function addForeignKey(
  scope: RelationScope,
  { draft }: ProbedEntity,
  relation: RelationDraft,
  definition: RelationDefinition,
): void {
  const { property } = relation;
  if (draft.relations.get(property) !== relation || relation.owner !== draft) return;
  const key = relation.target.root.primaryKey;
  if (definition.columns !== null && definition.columns.length !== key.length) {
    refuseRelation(draft, property, `columns must name ${key.length} column(s), one for each of the target's key`);
  }
  const unique = definition.unique && key.length === 1;
  relation.columns = key.map((part, index) => {
    const column: ColumnDraft = {
      index: draft.root.columns.length,
      name: definition.columns?.[index] ?? scope.naming.foreignKey(property, part.name),
      property,
      role: 'reference',
      type: part.type,
      codec: part.codec,
      nullable: relation.nullable,
      primary: definition.primaryKey,
      generated: false,
      unique,
      version: false,
      nextVersion: null,
      onUpdateNow: false,
      hidden: false,
      default: null,
      checks: [],
    };
    addColumn(draft, column);
    if (definition.primaryKey) draft.primaryKey.push(column);
    return column;
  });
  if (definition.unique && !unique) {
    draft.root.indexes.push({ columns: relation.columns.map((column) => column.name), unique: true });
  }
}

/** Ties the two sides of each relation together and makes the link tables. Throws `configuration`. */
export function connectInverses(scope: RelationScope): void {
  for (const entity of scope.entities.values()) connectEntity(scope, entity);
  for (const { draft } of scope.entities.values())
    for (const relation of draft.relations.values()) mirrorLink(relation);
}

function connectEntity(scope: RelationScope, { draft, definitions }: ProbedEntity): void {
  for (const [property, { definition }] of definitions) {
    const relation = draft.relations.get(property);
    if (relation === undefined || relation.owner !== draft) continue;
    if (relation.support !== null && relation.owning) {
      relation.link = (relation.support as LinkBuilding).build(scope, relation, definition);
    }
    if (definition.inverse !== null) connect(scope, relation, definition);
  }
}

// The side that does not declare the link table sees it the other way round.
function mirrorLink(relation: RelationDraft): void {
  const link = relation.inverse?.link;
  if (relation.kind !== 'link' || relation.owning || link == null) return;
  relation.link = { ...link, ownColumns: link.targetColumns, targetColumns: link.ownColumns };
}

function connect(scope: RelationScope, relation: RelationDraft, definition: RelationDefinition): void {
  const owner = relation.owner;
  const other = scope.entities.get(relation.target.target);
  const named: unknown = definition.inverse?.(other?.instance as never);
  const entry = [...(other?.definitions ?? [])].find(([, { field }]) => field === named);
  const inverse = entry === undefined ? undefined : other?.draft.relations.get(entry[0]);
  if (inverse === undefined)
    refuseRelation(owner, relation.property, 'the inverse side names no relation of the target');
  const wanted = relation.kind === 'link' ? 'link' : 'to-one';
  if (inverse.kind !== wanted || !inverse.owning) {
    refuseRelation(
      owner,
      relation.property,
      `the inverse side '${inverse.property}' does not hold the ${wanted === 'link' ? 'link table' : 'foreign key'}`,
    );
  }
  if (
    relation.kind !== 'link' &&
    (definition.kind === 'one-to-one') !== (entry?.[1].definition.kind === 'one-to-one')
  ) {
    const problem =
      definition.kind === 'one-to-one' ? 'is no oneToOne()' : 'is a oneToOne(), so that there is at most one';
    refuseRelation(owner, relation.property, `the inverse side '${inverse.property}' ${problem}`);
  }
  if (!inverse.target.family.includes(owner) && !owner.family.includes(inverse.target)) {
    refuseRelation(
      owner,
      relation.property,
      `the inverse side '${inverse.property}' refers to ${inverse.target.table}, not to this entity`,
    );
  }
  relation.inverse = inverse;
  // The first inverse side is the one that is kept in step when the owning side is edited.
  inverse.inverse ??= relation;
}
