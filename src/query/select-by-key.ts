import type { ExpressionNode, SelectNode } from '../ast/query-node.ts';
import type { Dialect } from '../compiler/dialect.ts';
import { keyParts } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata, LinkMetadata } from '../metadata/entity-metadata.ts';
import type { WireKey } from '../wire/wire-value.ts';
import type { Compiling, FindPlan } from './find-plan.ts';
import { columnNode } from './lower-column.ts';
import { conjunction } from './lowering.ts';

const ROOT = 't0';

/**
 * Plans the SELECT of all rows of a table whose `match` columns are among `keys`, ordered by `match` and then by key.
 * The list is one parameter, so that the text is the same for any number of keys.
 */
export function planSelectByKey(
  session: Compiling,
  meta: EntityMetadata,
  match: readonly ColumnMetadata[],
  keys: readonly WireKey[],
): FindPlan {
  const { root } = meta;
  const shape = `by ${root.table}\0${match.map((column) => column.index).join()}`;
  const compiled = session.compile(shape, (): SelectNode => {
    const order = match === root.primaryKey ? root.primaryKey : [...match, ...root.primaryKey];
    return {
      kind: 'select',
      columns: root.columns.map((column) => columnNode(ROOT, column)),
      from: { kind: 'table', name: root.table, alias: ROOT },
      joins: [],
      where: inList(match, match),
      orderBy: order.map((column) => ({ kind: 'order', operand: columnNode(ROOT, column), direction: 'asc' })),
      limit: null,
      offset: null,
    };
  });
  return { compiled, values: [encodeKeys(session.dialect, match, keys)] };
}

/** Plans the SELECT of one row by its key. */
export function planSelectOne(session: Compiling, meta: EntityMetadata, key: WireKey): FindPlan {
  const { root } = meta;
  const compiled = session.compile(`one ${root.table}`, (): SelectNode => {
    const equal = root.primaryKey.map((column, index): ExpressionNode => {
      const right: ExpressionNode = { kind: 'slot', index, type: column.type };
      return { kind: 'comparison', operator: '=', left: columnNode(ROOT, column), right };
    });
    return {
      kind: 'select',
      columns: root.columns.map((column) => columnNode(ROOT, column)),
      from: { kind: 'table', name: root.table, alias: ROOT },
      joins: [],
      where: conjunction(equal),
      orderBy: [],
      limit: null,
      offset: null,
    };
  });
  return { compiled, values: keyParts(key) };
}

/**
 * Plans the SELECT of the pairs of a link table for some owners. Keys of one column come back as two lists in one row,
 * which costs the engine and the driver far less than a row for each pair; others as rows of both keys.
 */
export function planSelectLinks(session: Compiling, link: LinkMetadata, owners: readonly WireKey[]): FindPlan {
  const keys = link.ownColumns.map((column) => column.key);
  const compiled = session.compile(`links ${link.table}\0${link.ownColumns[0]?.name}`, (): SelectNode => {
    const columns = [...link.ownColumns, ...link.targetColumns];
    const single = link.ownColumns.length === 1 && link.targetColumns.length === 1;
    const nodes = columns.map((column): ExpressionNode => {
      const operand = { kind: 'column', alias: ROOT, name: column.name } as const;
      return single ? { kind: 'collect', operand, type: column.key.type } : operand;
    });
    const types = keys.map((column) => column.type);
    const operands = link.ownColumns.map((column) => ({ kind: 'column', alias: ROOT, name: column.name }) as const);
    return {
      kind: 'select',
      columns: nodes,
      from: { kind: 'table', name: link.table, alias: ROOT },
      joins: [],
      where: { kind: 'in-list', operands, types, list: { kind: 'slot', index: 0, type: null }, negated: false },
      orderBy: single ? [] : operandsOf(columns),
      limit: null,
      offset: null,
    };
  });
  return { compiled, values: [encodeKeys(session.dialect, keys, owners)] };
}

// The identities of composite keys do not sort like the keys, so that the engine has to.
function operandsOf(columns: readonly { readonly name: string }[]): SelectNode['orderBy'] {
  return columns.map(({ name }) => ({
    kind: 'order',
    operand: { kind: 'column', alias: ROOT, name },
    direction: 'asc',
  }));
}

/** The condition that columns are among the keys of slot 0. */
function inList(match: readonly { readonly name: string }[], types: readonly ColumnMetadata[]): ExpressionNode {
  return {
    kind: 'in-list',
    operands: match.map((column) => ({ kind: 'column', alias: ROOT, name: column.name })),
    types: types.map((column) => column.type),
    list: { kind: 'slot', index: 0, type: null },
    negated: false,
  };
}

/** Keys as the one parameter of {@link inList}. */
export function encodeKeys(
  dialect: Dialect,
  columns: readonly ColumnMetadata[],
  keys: readonly WireKey[],
): FindPlan['values'][number] {
  return dialect.encodeList(
    keys.map(keyParts),
    columns.map((column) => column.type),
  );
}
