import { type Loaded, query } from 'meshestra';
import { useState } from 'preact/hooks';
import { Playlist, PlaylistEntry } from '../../entities.ts';
import { moveEntry } from '../data/playlist-order.ts';
import { EditDialog } from '../forms/edit-dialog.tsx';
import { playlistForm } from '../forms/named-forms.ts';
import { DataTable } from '../ui/data-table.tsx';
import { formatAmount, formatDuration } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { useLibrary } from '../ui/library-context.ts';
import { notify } from '../ui/notify.ts';
import { PageTitle } from '../ui/page-title.tsx';
import { explain } from '../ui/problem.tsx';
import { useLive } from '../ui/use-live.ts';
import { EntityPage } from './entity-page.tsx';
import { logListen } from './log-listen.ts';
import { removeWithUndo } from './remove.ts';
import { RemoveButton } from './remove-button.tsx';
import { RowButton } from './track-actions.tsx';

type ShownEntry = Loaded<PlaylistEntry, 'track.album.artist'>;

/** One playlist, with its entries in order. */
export function PlaylistView({ id }: { readonly id: number }) {
  const [editing, setEditing] = useState(false);
  const playlists = useLive(`playlist ${id}`, () => query(Playlist, { id }));
  const entries = useLive(`entries of ${id}`, () =>
    query(
      PlaylistEntry,
      { playlist: id },
      { populate: ['track.album.artist'], orderBy: [{ position: 'asc' }, { id: 'asc' }] },
    ),
  );
  const playlist = playlists.rows?.[0];
  const rows = entries.rows ?? [];
  const seconds = rows.reduce((sum, entry) => sum + entry.track.get().seconds, 0);
  return (
    <EntityPage live={playlists} noun="playlist" back="playlists">
      {playlist && (
        <>
          <header class="entity-head">
            <p class="kicker">Playlist</p>
            <PageTitle>{playlist.name}</PageTitle>
            {playlist.description !== null && <p class="notes">{playlist.description}</p>}
            <p class="muted">
              {formatAmount(rows.length, 'track')}, {formatDuration(seconds)}
            </p>
            <div class="button-row">
              <wa-button variant="brand" onClick={() => setEditing(true)}>
                <Icon name="edit" slot="start" />
                Edit playlist
              </wa-button>
              <RemoveButton cls={Playlist} id={id} what={`playlist “${playlist.name}”`} back="/playlists" />
            </div>
          </header>
          {entries.rows && <Entries label={`Entries of ${playlist.name}`} rows={rows} />}
          {editing && <EditDialog spec={playlistForm} target={{ id }} onClose={() => setEditing(false)} />}
        </>
      )}
    </EntityPage>
  );
}

function Entries({ label, rows }: { readonly label: string; readonly rows: readonly ShownEntry[] }) {
  if (rows.length === 0) {
    return (
      <p class="nothing">
        Nothing in here yet. <a href="#/tracks">Find tracks to add</a>.
      </p>
    );
  }
  return (
    <DataTable
      label={label}
      rows={rows}
      columns={[
        { header: 'No.', align: 'end', cell: (entry) => rows.indexOf(entry) + 1 },
        { header: 'Track', primary: true, cell: trackOf },
        {
          header: 'Duration',
          align: 'end',
          wide: true,
          cell: (entry) => formatDuration(entry.track.get().seconds),
        },
        {
          header: 'Actions',
          actions: true,
          cell: (entry) => <EntryActions entry={entry} isFirst={rows[0] === entry} isLast={rows.at(-1) === entry} />,
        },
      ]}
    />
  );
}

function trackOf(entry: ShownEntry) {
  const track = entry.track.get();
  const album = track.album.get();
  return (
    <>
      {track.title}
      <span class="row-detail">
        {album.artist.get().name} · <a href={`#/albums/${album.id}`}>{album.title}</a>
      </span>
    </>
  );
}

function EntryActions(props: { readonly entry: ShownEntry; readonly isFirst: boolean; readonly isLast: boolean }) {
  const { entry, isFirst, isLast } = props;
  const library = useLibrary();
  const { title } = entry.track.get();
  const move = (step: -1 | 1) =>
    void moveEntry(library, entry.id, step).catch((error: unknown) => notify(explain(error), { variant: 'danger' }));
  const remove = () => void removeWithUndo(library, PlaylistEntry, entry.id, `“${title}” from the playlist`);
  const listen = () => void logListen(library, entry.track.id);
  return (
    <div class="row-actions">
      <RowButton icon="up" label={`Move ${title} up`} disabled={isFirst} onClick={() => move(-1)} />
      <RowButton icon="down" label={`Move ${title} down`} disabled={isLast} onClick={() => move(1)} />
      <RowButton icon="listen" label={`Log a listen of ${title}`} onClick={listen} />
      <RowButton icon="delete" label={`Take ${title} out of the playlist`} onClick={remove} />
    </div>
  );
}
