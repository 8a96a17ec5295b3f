import { COLUMN } from '../codec/column.ts';
import { declarationOf } from '../metadata/entity-declaration.ts';
import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import type { Registry } from '../metadata/registry.ts';
import type { Questioner } from './questioner.ts';

/** Answers what the entities say of their former names, and asks the questioner for the rest. */
export function answerDeclared({ entities }: Registry, questioner: Questioner): Questioner {
  const tables = new Map(entities.map((entity) => [entity.table, declarationOf(entity.target)?.options.renamedFrom]));
  const columns = new Map(entities.flatMap(formerColumns));
  return {
    formerTable: (table, gone) => among(gone, tables.get(table)) ?? questioner.formerTable(table, gone),
    formerColumn: (table, column, gone) =>
      among(gone, columns.get(JSON.stringify([table, column]))) ?? questioner.formerColumn(table, column, gone),
    fill: (table, column, direction) => questioner.fill(table, column, direction),
  };
}

/** The former name of each column that has one, by table and name. */
function formerColumns({ target, table, properties }: EntityMetadata): [string, string][] {
  return Object.entries(declarationOf(target)?.columns ?? {}).flatMap(([property, column]): [string, string][] => {
    const former = column[COLUMN].renamedFrom;
    const name = properties.get(property)?.name;
    return former === undefined || name === undefined ? [] : [[JSON.stringify([table, name]), former]];
  });
}

// What was renamed once is not there any more.
function among(gone: readonly string[], former: string | undefined): string | undefined {
  return former !== undefined && gone.includes(former) ? former : undefined;
}
