import { query } from 'meshestra';
import { useState } from 'preact/hooks';
import { moveEntry } from '../data/playlist-order.ts';
import { Playlist, PlaylistEntry } from '../entities/library.ts';
import { EditDialog } from '../forms/edit-dialog.tsx';
import { playlistForm } from '../forms/named-forms.ts';
import { DataTable } from '../ui/data-table.tsx';
import { formatAmount, formatDuration } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { useLibrary } from '../ui/library-context.ts';
import { notify } from '../ui/notify.ts';
import { PageTitle } from '../ui/page-title.tsx';
import { explain } from '../ui/problem.tsx';
import { go } from '../ui/route.ts';
import { useLive } from '../ui/use-live.ts';
import { EntityPage } from './entity-page.tsx';
import { logListen } from './log-listen.ts';
import { removeWithUndo } from './remove.ts';
import { RowButton } from './track-actions.tsx';

/** One playlist, with its entries in order. */
export function PlaylistView({ id }: { readonly id: number }) {
  const library = useLibrary();
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
  const move = (entryId: number, step: -1 | 1) =>
    void moveEntry(library, entryId, step).catch((error: unknown) => notify(explain(error), { variant: 'danger' }));
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
              <wa-button variant="brand" class="edit" onClick={() => setEditing(true)}>
                <Icon name="edit" slot="start" />
                Edit playlist
              </wa-button>
              <wa-button
                appearance="outlined"
                variant="danger"
                onClick={() =>
                  void removeWithUndo(library, Playlist, id, `playlist “${playlist.name}”`).then(
                    (gone) => gone && go('/playlists'),
                  )
                }
              >
                <Icon name="delete" slot="start" />
                Remove
              </wa-button>
            </div>
          </header>
          {rows.length === 0 && entries.rows !== null ? (
            <p class="nothing">
              Nothing in here yet. <a href="#/tracks">Find tracks to add</a>.
            </p>
          ) : (
            <DataTable
              label={`Entries of ${playlist.name}`}
              rows={rows}
              columns={[
                { header: 'No.', align: 'end', cell: (entry) => rows.indexOf(entry) + 1 },
                {
                  header: 'Track',
                  primary: true,
                  cell: (entry) => (
                    <>
                      {entry.track.get().title}
                      <span class="row-detail">
                        {entry.track.get().album.get().artist.get().name} ·{' '}
                        <a href={`#/albums/${entry.track.get().album.id}`}>{entry.track.get().album.get().title}</a>
                      </span>
                    </>
                  ),
                },
                {
                  header: 'Duration',
                  align: 'end',
                  wide: true,
                  cell: (entry) => formatDuration(entry.track.get().seconds),
                },
                {
                  header: 'Actions',
                  actions: true,
                  cell: (entry) => {
                    const { title } = entry.track.get();
                    return (
                      <div class="row-actions">
                        <RowButton
                          icon="up"
                          label={`Move ${title} up`}
                          disabled={rows[0] === entry}
                          onClick={() => move(entry.id, -1)}
                        />
                        <RowButton
                          icon="down"
                          label={`Move ${title} down`}
                          disabled={rows.at(-1) === entry}
                          onClick={() => move(entry.id, 1)}
                        />
                        <RowButton
                          icon="listen"
                          label={`Log a listen of ${title}`}
                          onClick={() => void logListen(library, entry.track.id)}
                        />
                        <RowButton
                          icon="delete"
                          label={`Take ${title} out of the playlist`}
                          onClick={() =>
                            void removeWithUndo(library, PlaylistEntry, entry.id, `“${title}” from the playlist`)
                          }
                        />
                      </div>
                    );
                  },
                },
              ]}
            />
          )}
          {editing && <EditDialog spec={playlistForm} target={{ id }} onClose={() => setEditing(false)} />}
        </>
      )}
    </EntityPage>
  );
}
