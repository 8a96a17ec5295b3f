import type { ExpressionNode, SelectNode } from '../ast/query-node.ts';
import type { LinkMetadata } from '../metadata/entity-metadata.ts';
import type { WireKey } from '../wire/wire-value.ts';
import type { Compiling, FindPlan } from './find-plan.ts';
import { readNode } from './lower-column.ts';
import { ROOT } from './lowering.ts';
import { encodeKeys, inList } from './select-by-key.ts';

/**
 * Plans the SELECT of the pairs of a link table for some owners. Keys of one column come back as two lists in one row,
 * which costs the engine and the driver far less than a row for each pair; others as rows of both keys.
 */
export function planSelectLinks(session: Compiling, link: LinkMetadata, owners: readonly WireKey[]): FindPlan {
  const keys = link.ownColumns.map((column) => column.key);
  const where = inList(link.ownColumns.map(({ name, key }) => ({ name, type: key.type })));
  const compiled = session.compile(`links ${link.table}\0${link.ownColumns[0]?.name}`, () => selectLinks(link, where));
  return { compiled, values: [encodeKeys(session.dialect, keys, owners)] };
}

/** The SELECT of the pairs of a link table that a condition holds for. */
export function selectLinks(link: LinkMetadata, where: ExpressionNode): SelectNode {
  const columns = [...link.ownColumns, ...link.targetColumns];
  const single = link.ownColumns.length === 1 && link.targetColumns.length === 1;
  const nodes = columns.map((column): ExpressionNode => {
    const operand = readNode(ROOT, { name: column.name, type: column.key.type });
    return single ? { kind: 'collect', operand, type: column.key.type } : operand;
  });
  return {
    kind: 'select',
    columns: nodes,
    from: { kind: 'table', name: link.table, alias: ROOT },
    joins: [],
    where,
    orderBy: single ? [] : operandsOf(columns),
    limit: null,
    offset: null,
  };
}

// The identities of composite keys do not sort like the keys, so that the engine has to.
function operandsOf(columns: readonly { readonly name: string }[]): SelectNode['orderBy'] {
  return columns.map(({ name }) => ({
    kind: 'order',
    operand: { kind: 'column', alias: ROOT, name },
    direction: 'asc',
  }));
}
