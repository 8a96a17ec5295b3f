import { useState } from 'preact/hooks';
import { commits } from '../data/save.ts';
import { statementLog } from '../data/statement-log.ts';
import { formatBytes, formatCount, formatMs } from '../ui/format.ts';
import { useLibrary } from '../ui/library-context.ts';
import { useStore } from '../ui/store.ts';
import { useLiveValue } from '../ui/use-live.ts';
import { TABLES } from './storage-section.tsx';
import { RowButton } from './track-actions.tsx';

const TIME = new Intl.DateTimeFormat('en', { timeStyle: 'medium', hour12: false });

/** What the app says to its database, and what that costs. */
export function SqlPanel({ onClose }: { onClose(): void }) {
  const log = useStore(statementLog);
  const [filter, setFilter] = useState('');
  const shown =
    filter === '' ? log.newest : log.newest.filter(({ sql }) => sql.toLowerCase().includes(filter.toLowerCase()));
  return (
    <section class="sql-panel" aria-labelledby="sql-title">
      <header class="sql-head">
        <h2 id="sql-title">SQL</h2>
        <Figures />
        <input
          type="search"
          class="sql-filter"
          aria-label="Filter statements"
          placeholder="Filter"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <RowButton icon="close" label="Close the SQL panel" onClick={onClose} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard cannot scroll the region (axe: scrollable-region-focusable) */}
      <section class="sql-scroll" tabIndex={0} aria-label="Statements">
        <table class="data-table sql-table" aria-label="Statements, newest first">
          <thead>
            <tr>
              <th scope="col" class="wide-only">
                At
              </th>
              <th scope="col">Statement</th>
              <th scope="col" class="align-end">
                Time
              </th>
              <th scope="col" class="align-end">
                Rows
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((statement) => (
              <tr key={statement.number}>
                <td class="wide-only muted">{TIME.format(statement.at)}</td>
                <td>
                  <code>{statement.sql}</code>
                </td>
                <td class="align-end">{formatMs(statement.ms)}</td>
                <td class="align-end">{formatCount(statement.rows)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function Figures() {
  const library = useLibrary();
  const { totals } = useStore(statementLog);
  const cost = useStore(commits);
  const storage = useLiveValue('panel storage', Object.keys(TABLES), () => library.driver.storage());
  const sorted = cost.map((commit) => commit.ms).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  const last = cost[0];
  return (
    <dl class="sql-figures">
      <div>
        <dt>Statements</dt>
        <dd>
          {formatCount(totals.count)} in {formatMs(totals.ms)}
        </dd>
      </div>
      <div>
        <dt>Rows</dt>
        <dd>{formatCount(totals.rows)}</dd>
      </div>
      <div>
        <dt>Last commit</dt>
        <dd title={last?.label}>{last ? formatMs(last.ms) : 'none yet'}</dd>
      </div>
      <div>
        <dt>Median of {cost.length}</dt>
        <dd>{median === undefined ? '–' : formatMs(median)}</dd>
      </div>
      <div>
        <dt>Database</dt>
        <dd>{storage.rows ? formatBytes(storage.rows.size) : '…'}</dd>
      </div>
    </dl>
  );
}
