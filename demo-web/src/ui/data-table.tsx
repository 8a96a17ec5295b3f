import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';

/** One column of a table. */
export interface Column<T> {
  readonly header: string;
  /** What the address calls the order by this column; absent where it cannot be ordered by. */
  readonly sort?: string;
  readonly align?: 'end';
  /** Left out on narrow screens. */
  readonly wide?: boolean;
  /** The column that names the row; drawn as its header. */
  readonly primary?: boolean;
  /** A column of buttons, whose header is only spoken. */
  readonly actions?: boolean;
  cell(row: T): ComponentChildren;
}

/** How a table is ordered. */
export interface Sort {
  readonly by: string;
  readonly direction: 'asc' | 'desc';
}

/** A table whose headers order it. */
export function DataTable<T extends { readonly id: number }>(props: {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly sort?: Sort;
  onSort?(sort: Sort): void;
}) {
  return (
    <div class="table-frame">
      <table class="data-table" aria-label={props.label}>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <HeaderCell key={column.header} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.id} data-id={row.id}>
              {props.columns.map((column) => bodyCell(column, row))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function classOf<T>(column: Column<T>): string {
  return [column.align && 'align-end', column.wide && 'wide-only', column.actions && 'actions']
    .filter(Boolean)
    .join(' ');
}

function bodyCell<T>(column: Column<T>, row: T) {
  return column.primary ? (
    <th key={column.header} scope="row" class={classOf(column)}>
      {column.cell(row)}
    </th>
  ) : (
    <td key={column.header} class={classOf(column)}>
      {column.cell(row)}
    </td>
  );
}

function HeaderCell<T>({
  column,
  sort,
  onSort,
}: {
  readonly column: Column<T>;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
}) {
  const by = column.sort;
  if (by === undefined || onSort === undefined) {
    return (
      <th scope="col" class={classOf(column)}>
        {column.actions ? <span class="visually-hidden">{column.header}</span> : column.header}
      </th>
    );
  }
  const direction = sort?.by === by ? sort.direction : null;
  const next = direction === 'asc' ? 'desc' : 'asc';
  const order = direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : 'none';
  return (
    <th scope="col" class={classOf(column)} aria-sort={order}>
      <button type="button" class="sort-button" onClick={() => onSort({ by, direction: next })}>
        {column.header}
        <Icon name={direction === 'asc' ? 'up' : direction === 'desc' ? 'down' : 'sort'} />
      </button>
    </th>
  );
}
