import type { SelectNode } from '../ast/query-node.ts';
import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import type { WireKey } from '../wire/wire-value.ts';
import type { Compiling, FindPlan } from './find-plan.ts';
import { readNode } from './lower-column.ts';
import { ROOT } from './lowering.ts';
import { encodeKeys, inList, selectRows } from './select-by-key.ts';

/** Plans the SELECT of the key and some columns of the rows of a table with certain keys. */
export function planSelectColumns(
  session: Compiling,
  root: EntityMetadata,
  columns: readonly ColumnMetadata[],
  keys: readonly WireKey[],
): FindPlan {
  const { primaryKey } = root;
  const compiled = session.compile(
    `columns ${root.table}\0${columns.map(({ index }) => index).join()}`,
    (): SelectNode => ({
      ...selectRows(root, inList(primaryKey), primaryKey),
      columns: [...primaryKey, ...columns].map((column) => readNode(ROOT, column)),
    }),
  );
  return { compiled, values: [encodeKeys(session.dialect, primaryKey, keys)] };
}
