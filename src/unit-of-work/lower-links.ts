import type { TargetColumn } from '../ast/write-node.ts';
import type { ColumnMetadata, LinkColumn, LinkMetadata } from '../metadata/entity-metadata.ts';
import type { WireValue } from '../wire/wire-value.ts';
import type { LinkPair, LinkStep } from './flush-plan.ts';
import {
  chunks,
  compileDelete,
  compileInsert,
  type LoweredStatement,
  type Lowering,
  parametersOf,
} from './lower-step.ts';

/** The statements that put pairs into a link table or take them out. */
export function lowerLinks(session: Lowering, step: LinkStep): LoweredStatement[] {
  return step.kind === 'link-insert' ? insertPairs(session, step) : [deletePairs(session, step)];
}

function linkColumns(link: LinkMetadata): readonly (TargetColumn & { readonly key: ColumnMetadata })[] {
  return [...link.ownColumns, ...link.targetColumns].map(({ name, key }: LinkColumn) => ({
    name,
    type: key.type,
    key,
  }));
}

function linkValues(link: LinkMetadata, { own, target: other }: LinkPair): WireValue[] {
  return [
    ...link.ownColumns.map(({ key }) => own[key.index] ?? null),
    ...link.targetColumns.map(({ key }) => other[key.index] ?? null),
  ];
}

function insertPairs(session: Lowering, { link, pairs }: LinkStep): LoweredStatement[] {
  const columns = linkColumns(link);
  return chunks(session, 'insert', pairs.length, columns.length, (from, to, rows) => ({
    compiled: compileInsert(session, link.table, columns, rows, null, true),
    from,
    to,
    values: () =>
      parametersOf(
        session.dialect,
        'insert',
        rows,
        columns,
        pairs.slice(from, to).flatMap((pair) => linkValues(link, pair)),
      ),
  }));
}

function deletePairs(session: Lowering, { link, pairs }: LinkStep): LoweredStatement {
  const columns = linkColumns(link);
  const types = columns.map((column) => column.type);
  return {
    compiled: compileDelete(session, link.table, columns),
    from: 0,
    to: pairs.length,
    values: () => [
      session.dialect.encodeList(
        pairs.map((pair) => linkValues(link, pair)),
        types,
      ),
    ],
  };
}
