import type { Dialect } from '../../compiler/dialect.ts';
import type { RunStatement, SchemaDialect } from '../../compiler/schema-dialect.ts';
import { createRegistry } from '../../metadata/create-registry.ts';
import type { NamingStrategy } from '../../metadata/naming-strategy.ts';
import type { DatabaseModel } from '../../schema/database-model.ts';
import { deriveSchema } from '../../schema/derive-schema.ts';
import type { SchemaChange } from '../../schema/schema-change.ts';
import { describeChange } from '../describe-change.ts';
import { adoptUnmanaged } from '../diff/adopt-unmanaged.ts';
import { diffDatabases } from '../diff/diff-databases.ts';
import { tablesByName } from '../diff/relation-keys.ts';
import { buildClasses } from './build-classes.ts';
import { chooseTypes, customTypeOf } from './choose-types.ts';
import { draftTables } from './draft-tables.ts';
import type { DraftedEntity, EntitiesDraft } from './drafted-entity.ts';
import { planRelations } from './plan-relations.ts';
import { selectTables } from './select-tables.ts';
import { tellUnsaid } from './tell-unsaid.ts';

/** What entities are drafted of, and with. */
export interface DraftTarget {
  readonly dialect: Pick<Dialect, 'name' | 'codec'>;
  readonly schema: SchemaDialect;
  readonly naming: NamingStrategy;
  /** The names of the tables that are wanted; null for all. */
  readonly tables: readonly string[] | null;
  /** Names that no class may have. */
  readonly reserved: readonly string[];
  /** Reads the database, and may create temporary tables in a transaction that is rolled back. */
  readonly run: RunStatement;
}

/**
 * Entities for the tables of a database. They are tried: what a migration would change is made a custom type, and what is
 * left then is told.
 */
export async function draftDatabase(target: DraftTarget): Promise<EntitiesDraft> {
  const { schema, run, naming, reserved } = target;
  const { model, left } = selectTables(await schema.inspect(run), target.tables);
  const tables = tablesByName({ tables: model.tables.filter(({ primaryKey }) => primaryKey !== null) });
  const relations = planRelations(tables);
  const keyed = (table: (typeof model.tables)[number]) =>
    new Set([...(table.primaryKey?.columns ?? []), ...table.uniques.flatMap(({ columns }) => columns)]);
  const typeOf = await chooseTypes([...tables.values()], (table, { name }) => keyed(table).has(name), target);
  let entities = draftTables({ tables, relations, typeOf, naming, reserved });
  let changes = await compare(entities, model, target);
  const corrected = entities.map((entity) => withCustomTypes(entity, changes, schema));
  if (corrected.some((entity, place) => entity !== entities[place])) {
    entities = corrected;
    changes = await compare(entities, model, target);
  }
  return {
    entities,
    notes: [...left, ...tellUnsaid(model, tables, relations)],
    differences: changes.flatMap(describeChange),
  };
}

/** What a migration would change if these were the entities of an application. */
async function compare(
  entities: readonly DraftedEntity[],
  model: DatabaseModel,
  { dialect, naming, schema, run }: DraftTarget,
): Promise<readonly SchemaChange[]> {
  const registry = createRegistry(buildClasses(entities), naming, dialect);
  const wanted = await schema.canonicalize(schema.describe(deriveSchema(registry)), run);
  return diffDatabases(model, adoptUnmanaged(model, wanted));
}

function withCustomTypes(
  entity: DraftedEntity,
  changes: readonly SchemaChange[],
  schema: SchemaDialect,
): DraftedEntity {
  const altered = new Map(
    changes.flatMap((change) =>
      change.kind === 'alter-table' && change.after.name === entity.table
        ? change.changes.flatMap((one) =>
            one.kind === 'alter-column' && one.before.type !== one.after.type
              ? [[one.before.name, one.before] as const]
              : [],
          )
        : [],
    ),
  );
  if (altered.size === 0) return entity;
  const columns = entity.columns.map((column) => {
    const before = altered.get(column.column);
    return before === undefined || column.type.kind === 'custom'
      ? column
      : { ...column, type: customTypeOf(before, schema) };
  });
  return { ...entity, columns };
}
