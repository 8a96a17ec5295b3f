import type { ExpressionNode, LockClause, SelectNode } from '../ast/query-node.ts';
import type { ColumnType } from '../codec/column-type.ts';
import type { Dialect } from '../compiler/dialect.ts';
import { keyParts } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import type { WireKey } from '../wire/wire-value.ts';
import type { Compiling, FindPlan } from './find-plan.ts';
import { columnNode, readNode } from './lower-column.ts';
import { present } from './lower-family.ts';
import { conjunction, ROOT } from './lowering.ts';

/**
 * Plans the SELECT of all rows of a table whose `match` columns are among `keys`, ordered by `match` and then by key.
 * The list is one parameter, so that the text is the same for any number of keys.
 */
export function planSelectByKey(
  session: Compiling,
  meta: EntityMetadata,
  match: readonly ColumnMetadata[],
  keys: readonly WireKey[],
  lock?: LockClause,
): FindPlan {
  const { root } = meta;
  const shape = `by ${root.table}\0${match.map((column) => column.index).join()}${lock?.strength ?? ''}`;
  const compiled = session.compile(shape, () => ({
    ...selectRows(meta, inList(match), match),
    ...(lock === undefined ? {} : { lock }),
  }));
  return { compiled, values: [encodeKeys(session.dialect, match, keys)] };
}

/** The SELECT of the rows of a table that a condition holds for, ordered by `match` and then by key. */
export function selectRows(
  { root }: EntityMetadata,
  where: ExpressionNode,
  match: readonly ColumnMetadata[],
): SelectNode {
  const order = match === root.primaryKey ? root.primaryKey : [...match, ...root.primaryKey];
  return {
    kind: 'select',
    columns: root.eager.map((column) => readNode(ROOT, column)),
    from: { kind: 'table', name: root.table, alias: ROOT },
    joins: [],
    // A reference shows what it refers to; what refers here is looked for.
    where: match === root.primaryKey ? where : conjunction([where, ...present(root, ROOT)]),
    orderBy: order.map((column) => ({ kind: 'order', operand: columnNode(ROOT, column), direction: 'asc' })),
    limit: null,
    offset: null,
  };
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
      columns: root.eager.map((column) => readNode(ROOT, column)),
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

/** The condition that columns of the root table are among the keys of slot 0. */
export function inList(columns: readonly { readonly name: string; readonly type: ColumnType }[]): ExpressionNode {
  return {
    kind: 'in-list',
    operands: columns.map(({ name }) => ({ kind: 'column', alias: ROOT, name })),
    types: columns.map(({ type }) => type),
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
