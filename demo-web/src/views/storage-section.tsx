import { useState } from 'preact/hooks';
import { countRows } from '../data/file-inspection.ts';
import { formatBytes, formatCount } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { useLibrary } from '../ui/library-context.ts';
import { notify } from '../ui/notify.ts';
import { Problem } from '../ui/problem.tsx';
import { useLiveValue } from '../ui/use-live.ts';

/** The app's tables, and what they are called in the interface. */
export const TABLES: Readonly<Record<string, string>> = {
  artists: 'Artists',
  albums: 'Albums',
  tracks: 'Tracks',
  genres: 'Genres',
  labels: 'Labels',
  album_genres: 'Genres of albums',
  playlists: 'Playlists',
  playlist_entries: 'Playlist entries',
  listens: 'Listens',
};

/** How many rows there are, how large the database is, and whether the browser promised to keep it. */
export function StorageSection() {
  const library = useLibrary();
  const [asked, setAsked] = useState(0);
  const names = Object.keys(TABLES);
  const counts = useLiveValue('rows', names, () => countRows(library, names));
  const storage = useLiveValue(`storage ${asked}`, names, () => library.driver.storage());
  const total = counts.rows ? [...counts.rows.values()].reduce((sum, count) => sum + count, 0) : null;
  const ask = async () => {
    const granted = await library.driver.requestPersistence();
    setAsked(asked + 1);
    notify(
      granted
        ? 'The browser will keep your library.'
        : 'The browser did not agree. It may agree once you use the app more, or install it.',
      { variant: granted ? 'success' : 'warning' },
    );
  };
  return (
    <section class="panel" aria-labelledby="storage-title">
      <h2 id="storage-title">What is here</h2>
      {(counts.error ?? storage.error) !== null && <Problem error={counts.error ?? storage.error} />}
      <dl class="figures">
        <div>
          <dt>Rows</dt>
          <dd class="row-total">{total === null ? '…' : formatCount(total)}</dd>
        </div>
        <div>
          <dt>Database file</dt>
          <dd>{storage.rows ? formatBytes(storage.rows.size) : '…'}</dd>
        </div>
        <div>
          <dt>Commits stored</dt>
          <dd>{storage.rows ? formatCount(storage.rows.version) : '…'}</dd>
        </div>
        <div>
          <dt>Browser storage</dt>
          <dd>{storage.rows?.usage === undefined ? 'not told' : formatBytes(storage.rows.usage)}</dd>
        </div>
      </dl>
      <RowsOfTables counts={counts.rows} />
      <p class="keep">
        <Icon name="keep" />
        {storage.rows?.persisted
          ? 'The browser has promised to keep it.'
          : 'The browser may delete it when the disk is nearly full.'}
      </p>
      {storage.rows && !storage.rows.persisted && (
        <div class="button-row">
          <wa-button appearance="outlined" onClick={() => void ask()}>
            Ask the browser to keep it
          </wa-button>
        </div>
      )}
    </section>
  );
}

function RowsOfTables({ counts }: { readonly counts: ReadonlyMap<string, number> | null }) {
  return (
    <details class="more">
      <summary>Rows of each table</summary>
      <table class="data-table compact" aria-label="Rows of each table">
        <tbody>
          {Object.keys(TABLES).map((name) => (
            <tr key={name}>
              <th scope="row">{TABLES[name]}</th>
              <td class="align-end">{counts ? formatCount(counts.get(name) ?? 0) : '…'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
