import { useEffect, useState } from 'preact/hooks';
import { countRows } from '../data/file-inspection.ts';
import { closeFile, openedFile } from '../data/opened-file.ts';
import { type BrowsableTable, listTables, readTable, type TablePage } from '../data/table-browser.ts';
import { formatAmount } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { Problem } from '../ui/problem.tsx';
import { go } from '../ui/route.ts';
import { useStore } from '../ui/store.ts';

const PAGE_SIZE = 50;

/** Shows the tables of a foreign SQLite file, to read only. */
export function FileView() {
  const opened = useStore(openedFile);
  const [tables, setTables] = useState<readonly BrowsableTable[]>([]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (opened === null) return;
    listTables(opened.file).then((found) => {
      setTables(found);
      setChosen(found[0]?.name ?? null);
    }, setError);
  }, [opened]);
  if (opened === null) return <NoFile />;
  return (
    <section class="page" aria-labelledby="page-title">
      <header class="page-head">
        <div>
          <p class="kicker">Read-only</p>
          <PageTitle>{opened.name}</PageTitle>
          <p class="page-count">{formatAmount(tables.length, 'table')}. This file is not part of your library.</p>
        </div>
        <wa-button
          appearance="outlined"
          class="close-file"
          onClick={() => {
            void closeFile();
            go('/data');
          }}
        >
          <Icon name="close" slot="start" />
          Close file
        </wa-button>
      </header>
      {error !== null && <Problem error={error} />}
      <div class="toolbar">
        <wa-select
          class="filter table-choice"
          label="Table"
          value={chosen ?? ''}
          onChange={(event) => setChosen(String(event.currentTarget.value))}
        >
          {tables.map((table) => (
            <wa-option key={table.name} value={table.name}>
              {table.name}
              {table.kind === 'view' ? ' (view)' : ''}
            </wa-option>
          ))}
        </wa-select>
      </div>
      {chosen !== null && <TableRows key={chosen} table={chosen} />}
    </section>
  );
}

function TableRows({ table }: { readonly table: string }) {
  const opened = useStore(openedFile);
  const [page, setPage] = useState(1);
  const [total, setTotal] = useState<number | null>(null);
  const [content, setContent] = useState<TablePage | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (opened === null) return;
    let current = true;
    Promise.all([
      countRows(opened.file, [table]),
      readTable(opened.file, table, PAGE_SIZE, (page - 1) * PAGE_SIZE),
    ]).then(
      ([counts, rows]) => {
        if (!current) return;
        setTotal(counts.get(table) ?? 0);
        setContent(rows);
      },
      (failure: unknown) => current && setError(failure),
    );
    return () => {
      current = false;
    };
  }, [opened, table, page]);
  if (error !== null) return <Problem error={error} />;
  if (content === null || total === null) return <wa-spinner />;
  return (
    <>
      <p class="page-count" role="status">
        {formatAmount(total, 'row')}
      </p>
      <RawRows table={table} page={page} content={content} />
      {total > PAGE_SIZE && (
        <wa-pagination
          label={`Pages of ${table}`}
          total={total}
          pageSize={PAGE_SIZE}
          page={page}
          withEdges
          onwa-page-change={(event) => setPage(event.detail.page)}
        />
      )}
    </>
  );
}

function RawRows(props: { readonly table: string; readonly page: number; readonly content: TablePage }) {
  const { table, page, content } = props;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard cannot scroll the region (axe: scrollable-region-focusable)
    <section class="table-frame scroll" tabIndex={0} aria-label={`Rows of ${table}`}>
      <table class="data-table raw-table" aria-label={table}>
        <thead>
          <tr>
            {content.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {content.rows.map((row, index) => (
            <tr key={`${page} ${index}`}>
              {row.map((cell, at) => (
                <td key={content.columns[at]} class={cell === 'NULL' ? 'null-cell' : ''}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function NoFile() {
  return (
    <section class="page nothing" aria-labelledby="page-title">
      <PageTitle>No file is open</PageTitle>
      <p>
        Open a SQLite file under <a href="#/data">Data</a>.
      </p>
    </section>
  );
}
