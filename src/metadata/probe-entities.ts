import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import { ConfigurationError } from '../errors.ts';
import type { EntityClass } from './entity-class.ts';
import { allColumns, declarationOf, type EntityDeclaration } from './entity-declaration.ts';
import type { EntityDraft, ProbedEntity } from './entity-draft.ts';
import { misdeclared } from './entity-error.ts';
import { probe, type RelationDefinition } from './probe.ts';

/**
 * Makes one instance of each class to learn its relations, and checks the constructor contract. Parents come before
 * their subtypes in the result. Throws `configuration`.
 */
export function probeEntities(classes: readonly EntityClass[]): Map<EntityClass, ProbedEntity> {
  const probed = new Map<EntityClass, ProbedEntity>();
  const roots = new Set<string>();
  const add = (target: EntityClass): ProbedEntity => {
    const known = probed.get(target);
    if (known !== undefined) return known;
    // A class is undefined here where modules import each other in a circle.
    const declaration = target === undefined || target === null ? undefined : declarationOf(target);
    if (declaration === undefined) {
      throw new ConfigurationError(
        `entities: ${describe(target)} is not an entity class; extend Entity(...) or use @Mapped`,
      );
    }
    const parent = declaration.parent === null ? null : add(declaration.parent.target);
    const entity = probeEntity(target, declaration, parent?.draft ?? null);
    if (parent === null) {
      // Engines take names that differ in case only for the same.
      const name = declaration.table.toLowerCase();
      if (roots.has(name)) {
        throw misdeclared(declaration.table, null, 'two entity classes have this table');
      }
      roots.add(name);
    }
    probed.set(target, entity);
    return entity;
  };
  for (const target of classes) add(target);
  return probed;
}

function describe(target: unknown): string {
  if (target === undefined || target === null) return `${target} (do two modules import each other?)`;
  return typeof target === 'function' ? 'a class' : `a value of type ${typeof target}`;
}

function probeEntity(target: EntityClass, declaration: EntityDeclaration, parent: EntityDraft | null): ProbedEntity {
  const { table } = declaration;
  const { instance, definitions } = construct(target, table);
  const found = new Map<string, { field: object; definition: RelationDefinition }>();
  const columns = allColumns(declaration);
  for (const property of Object.keys(instance)) {
    const value: unknown = Reflect.get(instance, property);
    const relation = value instanceof Reference || value instanceof EntityCollection;
    if (Object.hasOwn(columns, property) && !declaration.decorated) {
      const advice = relation
        ? 'a relation cannot have the name of a column'
        : `use \`declare ${property}\` in the class`;
      throw misdeclared(table, property, `the field hides the column of this name; ${advice}`);
    }
    const definition = relation ? definitions.get(value) : undefined;
    if (relation && definition === undefined) {
      throw misdeclared(
        table,
        property,
        'the relation object is shared; call manyToOne() and its like in the field itself',
      );
    }
    if (definition !== undefined) found.set(property, { field: value as object, definition });
  }
  checkDecoratedFields(declaration, instance);
  return { draft: createDraft(target, declaration, parent), declaration, instance, definitions: found };
}

// Decorators of a class that has no @Mapped leave their columns to the next class that has.
function checkDecoratedFields({ decorated, columns, table }: EntityDeclaration, instance: object): void {
  const stray = decorated ? Object.keys(columns).find((property) => !Object.hasOwn(instance, property)) : undefined;
  if (stray === undefined) return;
  throw misdeclared(
    table,
    stray,
    'not a field of this class; is @Mapped missing on a class above, or useDefineForClassFields off?',
  );
}

function construct(target: EntityClass, table: string): ReturnType<typeof probe> {
  try {
    return probe(target);
  } catch (cause) {
    throw misdeclared(
      table,
      null,
      'the constructor must work without arguments, because loading constructs entities; it threw',
      cause,
    );
  }
}

function createDraft(target: EntityClass, declaration: EntityDeclaration, parent: EntityDraft | null): EntityDraft {
  const columns = parent?.root.columns ?? [];
  const draft: Omit<EntityDraft, 'root'> & { root: EntityDraft | null } = {
    target,
    table: declaration.table,
    root: parent?.root ?? null,
    parent,
    family: [],
    discriminator: null,
    columns,
    eager: columns,
    ownColumns: [],
    properties: new Map(),
    relations: new Map(),
    embedded: null,
    primaryKey: parent?.root.primaryKey ?? [],
    version: null,
    follows: [],
    softDelete: null,
    indexes: [],
  };
  draft.root ??= draft as EntityDraft;
  const complete = draft as EntityDraft;
  for (let member: EntityDraft | null = complete; member !== null; member = member.parent) member.family.push(complete);
  return complete;
}
